import assert from 'node:assert/strict';
import { linesOf } from '../../../../src/sources/text/lines.js';

suite('sources/lines', () => {
  for (const [name, newline] of [
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ] as const) {
    test(`positions and offsets agree in a ${name} text`, () => {
      const text = ['one', '', '\t😀', ''].join(newline);
      const lines = linesOf(text, 'f');
      const third = text.indexOf('\t');
      assert.deepEqual(lines.position(third), { line: 2, character: 0 });
      assert.deepEqual(lines.position(third + 3), { line: 2, character: 3 });
      assert.deepEqual(lines.position(999), { line: 3, character: 0 });
      assert.equal(lines.offset({ line: 2, character: 1 }), third + 1);
      assert.equal(lines.offset({ line: 0, character: 99 }), 3, 'a line ends before its line break');
      assert.equal(lines.offset({ line: 1, character: 0 }), 3 + newline.length);
      assert.equal(lines.offset({ line: 3, character: 0 }), text.length);
      assert.equal(lines.offset({ line: 9, character: 0 }), text.length);
    });
  }

  test('between CR and LF no line begins and none goes on', () => {
    const lines = linesOf('ab\r\ncd', 'f');
    assert.deepEqual(lines.range(1, 3), { start: { line: 0, character: 1 }, end: { line: 0, character: 2 } });
    assert.deepEqual(lines.position(4), { line: 1, character: 0 });
  });
});
