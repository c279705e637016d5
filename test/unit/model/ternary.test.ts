import assert from 'node:assert/strict';
import { all, any, not } from '../../../src/model/ternary.js';

suite('three-valued logic', () => {
  const VALUES = [true, false, undefined] as const;

  test('all: false decides, else what is not known', () => {
    const expected = [true, false, undefined, false, false, false, undefined, false, undefined];
    assert.deepEqual(
      VALUES.flatMap((a) => VALUES.map((b) => all(a, b))),
      expected,
    );
    assert.equal(all(), true);
  });

  test('any: true decides, else what is not known', () => {
    const expected = [true, true, true, true, false, undefined, true, undefined, undefined];
    assert.deepEqual(
      VALUES.flatMap((a) => VALUES.map((b) => any(a, b))),
      expected,
    );
    assert.equal(any(), false);
  });

  test('not', () => {
    assert.deepEqual(VALUES.map(not), [false, true, undefined]);
  });
});
