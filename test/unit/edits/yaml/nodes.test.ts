import assert from 'node:assert/strict';
import { parseYaml, plainValue } from '../../../../src/edits/yaml/nodes.js';

suite('YAML for edits', () => {
  test('one document', () => {
    const [document] = parseYaml('a: [b] # c\n') ?? [];
    assert.deepEqual(document && plainValue(document), { value: { a: ['b'] } });
    assert.equal(parseYaml('a: [b\n'), undefined);
    assert.deepEqual(parseYaml('a: b\n---\nc: d\n')?.map(plainValue), [{ value: { a: 'b' } }, { value: { c: 'd' } }]);
  });

  const hostile: readonly (readonly [title: string, text: string])[] = [
    ['deep nesting', '['.repeat(300) + ']'.repeat(300)],
    ['very deep nesting', 'services: ' + '['.repeat(900_000)],
    ['very many values', `a: [${'b, '.repeat(60_000)}]\n`],
  ];
  for (const [title, text] of hostile) {
    // The library alone reads the first and the last, and is busy with the second for eight seconds.
    test(`refused before the library has it: ${title}`, () => {
      assert.equal(parseYaml(text), undefined);
    });
  }
});
