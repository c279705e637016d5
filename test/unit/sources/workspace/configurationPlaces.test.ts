import assert from 'node:assert/strict';
import {
  configurationPlaces,
  isConfiguration,
  workspaceFolderOf,
  workspaceFoldersBelow,
} from '../../../../src/sources/workspace/configurationPlaces.js';
import { memoryFiles } from '../../memoryFiles.js';

suite('the places of a configuration', () => {
  const workspaces: readonly (readonly [string, string | undefined])[] = [
    ['.devcontainer/devcontainer.json', ''],
    ['.devcontainer.json', ''],
    ['.devcontainer/py/devcontainer.json', ''],
    ['a/b/.devcontainer.json', 'a/b'],
    ['a/.devcontainer/devcontainer.json', 'a'],
    ['a/.devcontainer/py/devcontainer.json', 'a'],
    ['.devcontainer/a/b/devcontainer.json', undefined],
    ['devcontainer.json', undefined],
    ['x.devcontainer.json', undefined],
    ['.devcontainer/.devcontainer.json', '.devcontainer'],
  ];
  for (const [path, folder] of workspaces) {
    test(path, () => {
      assert.equal(workspaceFolderOf(path), folder);
      assert.equal(isConfiguration(path), folder === '');
    });
  }

  test('come in the order in which the tools look, the named ones sorted', async () => {
    const files = memoryFiles({ '.devcontainer/b/devcontainer.json': '', '.devcontainer/a/x': '' });
    assert.deepEqual(await configurationPlaces(files), [
      '.devcontainer/devcontainer.json',
      '.devcontainer.json',
      '.devcontainer/a/devcontainer.json',
      '.devcontainer/b/devcontainer.json',
    ]);
  });

  test('below a folder are found level by level, but not below one that has its own, nor too deep', async () => {
    const files = memoryFiles({
      '.devcontainer.json': '',
      'b/.devcontainer.json': '',
      'b/c/.devcontainer.json': '',
      'a/x/.devcontainer/y/devcontainer.json': '',
      'a/z/.devcontainer/Dockerfile': '',
      'node_modules/p/.devcontainer.json': '',
      '.git/.devcontainer.json': '',
      '1/2/3/4/5/6/.devcontainer.json': '',
      '1/2/3/4/5/7/8/.devcontainer.json': '',
    });
    assert.deepEqual(await workspaceFoldersBelow(files), ['1/2/3/4/5/6', 'a/x', 'b']);
  });
});
