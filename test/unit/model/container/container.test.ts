import assert from 'node:assert/strict';
import { isRoot, known, unknown } from '../../../../src/model/container/container.js';
import { containerWith } from '../../containers.js';

const place = { file: 'x', range: { start: { line: 1, character: 2 }, end: { line: 1, character: 5 } } };

suite('container', () => {
  for (const [user, root] of Object.entries({
    root: true,
    '0': true,
    'root:root': true,
    '0:0': true,
    '0:1000': true,
    'root:docker': true,
    vscode: false,
    '1000': false,
    '1000:0': false,
    'vscode:root': false,
    rootless: false,
    '01': false,
    notroot: false,
    '10': false,
  })) {
    test(`the user ${user} is ${root ? '' : 'not '}root`, () => {
      assert.equal(isRoot(containerWith({ user: known(user) })), root);
    });
  }

  test('a user that is not known may be root', () => {
    assert.equal(isRoot(containerWith({ user: unknown('it is a variable') })), undefined);
  });

  test('a value keeps its places, and one that is not known its reason', () => {
    assert.deepEqual(known(false, place), { value: false, places: [place] });
    assert.deepEqual(known('x'), { value: 'x', places: [] });
    assert.deepEqual(unknown('it is a variable', place), {
      value: undefined,
      places: [place],
      why: 'it is a variable',
    });
  });
});
