import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readEnvironment } from '../../../../src/sources/compose/environment.js';
import { interpolate } from '../../../../src/sources/compose/interpolation.js';
import { cases } from '../../cases.js';

const VARIABLES = new Map([
  ['SET', 'value'],
  ['EMPTY', ''],
  ['DOLLAR', '$SET'],
]);

suite('sources/composeVariables', () => {
  const known: Readonly<Record<string, string>> = {
    'a$SET-b': 'avalue-b',
    'a${SET}b': 'avalueb',
    '$$SET and $$$SET': '$SET and $value',
    'a $ b, 5$, $1': 'a $ b, 5$, $1',
    '[${EMPTY}|${EMPTY-x}|${EMPTY:-x}|${EMPTY+x}|${EMPTY:+x}]': '[||x|x|]',
    '[${SET-x}|${SET:-x}|${SET+x}|${SET:+x}|${SET?x}|${SET:?x}]': '[value|value|x|x|value|value]',
    '[${NO-x}|${NO:-x}|${NO+x}|${NO:+x}|${NO:-}]': '[x|x|||]',
    '${NO:-${OTHER:-${SET}}}!': 'value!',
    '${NO:-a${SET}b}${NO-{}}': 'avalueb{}',
    // A value is not looked into again.
    $DOLLAR: '$SET',
  };
  for (const [text, expected] of Object.entries(known)) {
    test(`${text} is ${expected}`, () => {
      const { text: result, unresolved, invalid } = interpolate(text, VARIABLES);
      assert.deepEqual([result, unresolved, invalid], [expected, [], false]);
    });
  }

  const open: Readonly<Record<string, readonly [string, string]>> = {
    'a${NO}b': ['a${NO}b', '${NO}'],
    $NO: ['${NO}', '${NO}'],
    '${NO:?why}': ['${NO}', '${NO}'],
    '${EMPTY:?why}': ['${EMPTY}', '${EMPTY}'],
    '${X:-${NO}}': ['${NO}', '${NO}'],
  };
  for (const [text, [expected, variable]] of Object.entries(open)) {
    test(`${text} depends on the machine`, () => {
      const { text: result, unresolved, invalid } = interpolate(text, VARIABLES);
      assert.deepEqual([result, unresolved, invalid], [expected, [variable], false]);
    });
  }

  test('a default that is taken is known by its variable', () => {
    assert.deepEqual(interpolate('${NO:-x}${SET:-y}${OTHER-${INNER-z}}', VARIABLES).defaulted, [
      '${NO}',
      '${OTHER}',
      '${INNER}',
    ]);
  });

  for (const text of ['${', '${}', '${1}', '${SET', '${SET!}', '${SET:}', 'a${ SET }']) {
    test(`${text} is no variable`, () => {
      assert.equal(interpolate(text, VARIABLES).invalid, true);
    });
  }

  test('a text of nothing but variables ends', () => {
    for (const text of ['${A'.repeat(100_000), '${A:-'.repeat(2_000), '$'.repeat(9_999), '${A:-{'.repeat(1_500)]) {
      interpolate(text, VARIABLES);
    }
  });

  test('text without a dollar stays', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const plain = text.replaceAll('$', '');
        assert.equal(interpolate(plain, VARIABLES).text, plain);
        assert.equal(interpolate(plain.replaceAll('a', '$$$$'), VARIABLES).text, plain.replaceAll('a', '$$'));
      }),
    );
  });
});

suite('sources/composeEnvironment', () => {
  test('what Compose refuses is left out, the rest is read', () => {
    const text = 'A=1\nno assignment\n = x\nB=2\n#C=3\n  D = 4  \nE="open\nF=6\n';
    assert.deepEqual(
      [...readEnvironment(text)],
      [
        ['A', '1'],
        ['B', '2'],
        ['D', '4'],
        ['E', '"open'],
        ['F', '6'],
      ],
    );
  });

  test('a value that depends on the machine is not known', () => {
    assert.deepEqual([...readEnvironment('A=$HOME/x\nB=${C:-d}\nE=1\nE=$HOME\n')], [['B', 'd']]);
  });

  test('never throws', () => {
    const pieces = fc.constantFrom(
      'A',
      '=',
      '"',
      "'",
      '\\',
      '\n',
      '\r\n',
      ' ',
      '#',
      '$',
      '{',
      '}',
      'export ',
      ':',
      '\u0000',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        readEnvironment(parts.join(''));
      }),
      { numRuns: cases(2000) },
    );
  });
});
