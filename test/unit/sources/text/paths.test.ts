import assert from 'node:assert/strict';
import fc from 'fast-check';
import { resolvePath, seenFrom } from '../../../../src/sources/text/paths.js';

suite('paths of a configuration', () => {
  const inside: readonly (readonly [string, string, string])[] = [
    ['.devcontainer', 'Dockerfile', '.devcontainer/Dockerfile'],
    ['.devcontainer', '../Dockerfile', 'Dockerfile'],
    ['.devcontainer', '..\\docker\\Dockerfile', 'docker/Dockerfile'],
    ['.devcontainer', '${localWorkspaceFolder}/x', 'x'],
    ['.devcontainer', '${localWorkspaceFolder}\\x', 'x'],
    ['.devcontainer', './a//b/./c', '.devcontainer/a/b/c'],
    ['.devcontainer', '${localEnv:NO:x}/y', '.devcontainer/x/y'],
    // Leaves the workspace folder: whoever reads the files decides.
    ['.devcontainer', '../../x', '../x'],
    ['', '../../x', '../../x'],
    ['a', '../../b/../c', '../c'],
  ];
  for (const [folder, written, path] of inside) {
    test(`${written} in ${folder || 'the workspace folder'}`, () => {
      assert.deepEqual(resolvePath(folder, written), { kind: 'inside', path });
    });
  }

  test('an absolute path lies outside, a variable of the machine makes it unknown', () => {
    assert.deepEqual(resolvePath('', '/etc/passwd'), { kind: 'outside' });
    assert.deepEqual(resolvePath('', 'C:\\x'), { kind: 'outside' });
    assert.equal(resolvePath('', '${localEnv:HOME}/x').kind, 'unknown');
    assert.equal(resolvePath('', 'a/${localWorkspaceFolderBasename}').kind, 'unknown');
  });

  test('seen from a folder', () => {
    assert.equal(seenFrom('', 'a/b'), 'a/b');
    assert.equal(seenFrom('a', 'a/b'), 'b');
    assert.equal(seenFrom('a/c', 'a/b'), '../b');
    assert.equal(seenFrom('ab', 'a'), '../a');
    assert.equal(seenFrom('a/b/c', 'x'), '../../../x');
  });

  test('what is seen from a folder leads back', () => {
    const path = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 }).map((p) => p.join('/'));
    fc.assert(
      fc.property(path, path, (folder, file) => {
        fc.pre(file !== folder && !folder.startsWith(`${file}/`));
        assert.deepEqual(resolvePath(folder, seenFrom(folder, file)), { kind: 'inside', path: file });
      }),
    );
  });
});
