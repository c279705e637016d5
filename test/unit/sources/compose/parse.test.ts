import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MAX_ALIASED } from '../../../../src/sources/compose/conversion.js';
import { readComposeFile, type ComposeFile } from '../../../../src/sources/compose/parse.js';
import type { ComposeNode } from '../../../../src/sources/compose/node.js';
import { MAX_DEPTH, MAX_PIECES } from '../../../../src/sources/compose/yamlTokens.js';
import { excerpt } from '../excerpt.js';
import { cases } from '../../cases.js';

const SCOPE = { folder: '', variables: new Map<string, string>() };

function read(text: string): ComposeFile {
  return readComposeFile(text, 'compose.yml', SCOPE);
}

/** The values without their places. */
function plain(node: ComposeNode): unknown {
  if (node.kind === 'sequence') return node.items.map(plain);
  if (node.kind === 'scalar') return node.value;
  return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, plain(value)]));
}

function values(text: string): readonly unknown[] {
  const { documents, problems } = read(text);
  assert.deepEqual(problems, []);
  return documents.map(plain);
}

function first(text: string): unknown {
  return values(text)[0];
}

/** Kind and place of each problem. */
function said(text: string): readonly (readonly [string, string])[] {
  return read(text).problems.map((p) => [p.kind, excerpt(text, p.place)]);
}

suite('sources/composeFile', () => {
  test('scalars, lists and maps', () => {
    assert.deepEqual(values('a: 1\nb: [x, "y", true, ~]\nc: {d: yes}\ne:\n'), [
      { a: 1, b: ['x', 'y', true, null], c: { d: 'yes' }, e: null },
    ]);
  });

  test('numbers are texts as Compose prints them', () => {
    const { documents } = read('a: [010, 1.50, 0x10, 1000, 08]');
    const list = documents[0]?.entries.get('a')?.value;
    assert.ok(list?.kind === 'sequence');
    assert.deepEqual(
      list.items.map((item) => item.kind === 'scalar' && item.text),
      ['8', '1.5', '16', '1000', '8'],
    );
  });

  test('aliases and merge keys: own names win, then the first map', () => {
    assert.deepEqual(first('x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz: {c: 3, <<: [*x, *y]}\n'), {
      x: { a: 1, b: 1 },
      y: { b: 2, c: 2 },
      z: { c: 3, a: 1, b: 1 },
    });
    assert.deepEqual(first('x: &x {a: 1}\ny: {<<: *x, <<x: 2}\nz: {"<<": 3}\n'), {
      x: { a: 1 },
      y: { a: 1, '<<x': 2 },
      z: { '<<': 3 },
    });
  });

  test('an anchor that is set again holds from there on', () => {
    assert.deepEqual(values('a: &x 1\nb: *x\nc: &x 2\nd: *x\n'), [{ a: 1, b: 1, c: 2, d: 2 }]);
  });

  test('an alias has the place of its anchor’s value', () => {
    const text = 'x: &x [one]\ny: *x\n';
    const value = read(text).documents[0]?.entries.get('y')?.value;
    assert.equal(value && excerpt(text, value.place), '[one]');
  });

  test('several documents', () => {
    assert.deepEqual(values('a: 1\n---\nb: 2\n---\n# nothing\n'), [{ a: 1 }, { b: 2 }]);
  });

  test('what breaks the grammar is told where it stands', () => {
    assert.deepEqual(said('a:\n\tb: 1\n'), [['syntax', '\t']]);
    assert.deepEqual(said('a: b: c\n')[0]?.[0], 'syntax');
    assert.deepEqual(said('a: [1, 2\nb: 3\n')[0]?.[0], 'syntax');
    assert.deepEqual(said('a: "x\n')[0]?.[0], 'syntax');
    assert.deepEqual(said('a: 1\na: 2\n'), [['syntax', 'a']]);
    assert.deepEqual(said('a: *b\n'), [['syntax', '*b']]);
    assert.deepEqual(said('a: &b [*b]\n'), [['syntax', '*b']]);
    assert.deepEqual(said('a: {<<: 1}\n'), [['syntax', '<<']]);
    assert.deepEqual(said('- a\n'), [['syntax', '-']]);
    assert.deepEqual(said('a: &x {b: 1}\nc: {<<: *x, <<: *x}\n'), [['syntax', '<<']]);
  });

  test('names that JavaScript knows are names like others', () => {
    assert.deepEqual(said('__proto__: {a: 1}\nconstructor: 1\ntoString: {<<: {hasOwnProperty: 1}}\n'), []);
  });

  suite('hostile texts', () => {
    const deep: Readonly<Record<string, string>> = {
      brackets: '['.repeat(50_000),
      braces: '{a: '.repeat(10_000),
      dashes: '- '.repeat(20_000),
      'question marks': '? '.repeat(20_000),
      indentation: Array.from({ length: 1200 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''),
    };
    for (const [name, text] of Object.entries(deep)) {
      test(`nested too deeply: ${name}`, function () {
        const { documents, problems } = read(text);
        assert.deepEqual(documents, []);
        assert.equal(problems.length, 1);
        assert.match(problems[0]?.message ?? '', new RegExp(`more than ${MAX_DEPTH} values`));
      });
    }

    const bomb = (levels: number): string =>
      Array.from({ length: levels }, (_, i) =>
        i === 0
          ? 'a0: &a0 [x, x]\n'
          : `a${i}: &a${i} [${Array(9)
              .fill(`*a${i - 1}`)
              .join(', ')}]\n`,
      ).join('');

    test('aliases that multiply', () => {
      const { documents, problems } = read(bomb(9));
      assert.deepEqual(documents, []);
      assert.equal(problems.length, 1);
      assert.match(problems[0]?.message ?? '', new RegExp(`more than ${MAX_ALIASED} values`));
      assert.equal(excerpt(bomb(9), problems[0]!.place).startsWith('*a'), true);
      assert.deepEqual(said(bomb(5)), []);
      const merged = Array.from({ length: 30 }, (_, i) =>
        i === 0
          ? 'a0: &a0 {x: 1}\n'
          : `a${i}: &a${i} {<<: [*a${i - 1}, *a${i - 1}], b${i}: [*a${i - 1}, *a${i - 1}]}\n`,
      ).join('');
      assert.equal(said(merged).length, 1);
    });

    const large: Readonly<Record<string, string>> = {
      brackets: '['.repeat(1_000_000),
      names: Array.from({ length: 80_000 }, (_, i) => `a${i}: 1\n`).join(''),
      'equal names': 'a: 1\n'.repeat(200_000),
      anchors: '&a '.repeat(330_000),
      aliases: '*a\n'.repeat(330_000),
      documents: '---\n'.repeat(250_000),
      'merge keys': `x: &x\n  a: 1\n${'b:\n  <<: *x\n'.repeat(80_000)}`,
    };
    for (const [name, text] of Object.entries(large)) {
      test(`a megabyte of ${name} is one problem`, function () {
        const { documents, problems } = read(text);
        assert.deepEqual(documents, []);
        assert.equal(problems.length, 1);
        assert.match(problems[0]?.message ?? '', new RegExp(`more than ${MAX_PIECES} names`));
      });
    }

    test('many names, and many equal ones, are read fast', function () {
      const names = Array.from({ length: 14_000 }, (_, i) => `a${i}: 1\n`).join('');
      assert.deepEqual(said(names), []);
      assert.equal(said('a: 1\n'.repeat(14_000)).length, 3);
      assert.equal(said('a: *a\n'.repeat(14_000)).length, 3);
    });

    test('a megabyte of one value', () => {
      assert.deepEqual(said(`a: ${'x'.repeat(1_000_000)}`), []);
      assert.deepEqual(said(`a: "${'\\n'.repeat(500_000)}"`), []);
      assert.deepEqual(said(`a: |\n${'  x y\n'.repeat(170_000)}`), []);
    });
  });

  test('never throws, and says nothing outside of the text', () => {
    const pieces = [
      'a',
      ':',
      ' ',
      '\n',
      '\r\n',
      '  ',
      '-',
      '[',
      ']',
      '{',
      '}',
      '&x',
      '*x',
      '<<: ',
      '"',
      "'",
      '|',
      '>',
      '#',
    ];
    const more = [
      '!reset',
      '!override',
      '---',
      '...',
      '%',
      '@',
      '`',
      '\t',
      '?',
      ',',
      '~',
      '\u0000',
      '😀',
      '\uFEFF',
      'services:\n  app:\n    ',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces, ...more), { maxLength: 40 }), (parts) => {
        const text = parts.join('');
        const count = text.split(/\r\n|\r|\n/).length;
        for (const { place, message } of read(text).problems) {
          assert.ok(place.range.end.line < count);
          assert.match(message, /^.{10,80}\n/);
        }
      }),
      { numRuns: cases(600) },
    );
  });
});
