import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { locate, locateAll, shownPath } from '../../../src/cli/locate.js';
import { temporaryFolder } from './temporaryFolder.js';

suite('where a PATH leads', () => {
  let temporary: ReturnType<typeof temporaryFolder>;
  let folder: string;

  suiteSetup(() => {
    temporary = temporaryFolder({
      'p/.devcontainer/devcontainer.json': '{}',
      'p/.devcontainer/py/devcontainer.json': '{}',
      'p/.devcontainer/Dockerfile': '',
      'p/.devcontainer.json': '{}',
      'p/odd/devcontainer.json': '{}',
    });
    folder = temporary.path;
    symlinkSync('p', join(folder, 'link'));
  });
  suiteTeardown(() => {
    temporary.remove();
  });

  const leads: readonly (readonly [string, string, string | undefined, string])[] = [
    ['p', 'p', undefined, ''],
    ['./p/', 'p', undefined, ''],
    ['p/.devcontainer', 'p', undefined, '.devcontainer/'],
    ['p/.devcontainer/', 'p', undefined, '.devcontainer/'],
    ['p/.devcontainer/py', 'p', '.devcontainer/py/devcontainer.json', ''],
    ['p/.devcontainer/devcontainer.json', 'p', '.devcontainer/devcontainer.json', ''],
    ['p/.devcontainer/py/devcontainer.json', 'p', '.devcontainer/py/devcontainer.json', ''],
    ['p/.devcontainer.json', 'p', '.devcontainer.json', ''],
    ['p/odd/devcontainer.json', 'p/odd', 'devcontainer.json', ''],
    ['link', 'p', undefined, ''],
  ];
  for (const [path, workspace, only, prefix] of leads) {
    test(path, async () => {
      const location = await locate(path, folder);
      assert.equal(location.root, path);
      assert.equal(location.folder, join(folder, workspace));
      assert.equal(location.only, only);
      assert.equal(location.prefix, prefix);
    });
  }

  test('. inside .devcontainer, and an absolute path', async () => {
    assert.equal((await locate('.', join(folder, 'p/.devcontainer'))).folder, join(folder, 'p'));
    assert.equal((await locate(join(folder, 'p'), '/')).folder, join(folder, 'p'));
  });

  suite('a folder without a configuration of its own stands for those below it', () => {
    let monorepo: ReturnType<typeof temporaryFolder>;

    suiteSetup(() => {
      monorepo = temporaryFolder({
        'services/web/.devcontainer.json': '{}',
        'services/api/.devcontainer/devcontainer.json': '{}',
        'services/api/tools/.devcontainer.json': '{}',
        'libs/many/.devcontainer/py/devcontainer.json': '{}',
        'node_modules/x/.devcontainer.json': '{}',
        '.cache/x/.devcontainer.json': '{}',
        'empty/README.md': '',
      });
      symlinkSync('services/web', join(monorepo.path, 'alias'));
    });
    suiteTeardown(() => {
      monorepo.remove();
    });

    test('each once, in its own workspace folder, with the whole readable', async () => {
      const { locations: found, below } = await locateAll('.', monorepo.path);
      assert.equal(below, 0);
      assert.deepEqual(
        found.map(({ root, folder: workspace, boundary }) => [root, workspace, boundary]),
        ['alias', 'libs/many', 'services/api'].map((path) => [
          '.',
          join(monorepo.path, path === 'alias' ? 'services/web' : path),
          monorepo.path,
        ]),
      );
    });

    test('one that has a configuration stands for itself alone, and those below it are counted', async () => {
      const { locations, below } = await locateAll('services/api', monorepo.path);
      const [found, ...more] = locations;
      assert.equal(below, 1);
      assert.deepEqual([found?.folder, found?.boundary], Array(2).fill(join(monorepo.path, 'services/api')));
      assert.deepEqual(more, []);
    });

    test('all of them, where somebody asks for all', async () => {
      const { locations, below } = await locateAll('services/api', monorepo.path, true);
      const folders = ['services/api', 'services/api/tools'];
      assert.deepEqual(
        locations.map(({ folder: workspace, boundary }) => [workspace, boundary]),
        folders.map((path) => [join(monorepo.path, path), join(monorepo.path, 'services/api')]),
      );
      assert.equal(below, 0);
    });

    test('where there is none at all, what was looked for says so', async () => {
      const {
        locations: [found],
      } = await locateAll('empty', monorepo.path);
      assert.equal(found?.folder, join(monorepo.path, 'empty'));
      assert.match(found.lookedFor, /below/);
    });
  });

  test('what cannot be a configuration', async () => {
    await assert.rejects(locate('none', folder), {
      name: 'InputError',
      message: 'none cannot be read: it does not exist.',
    });
    await assert.rejects(locate('p/.devcontainer/Dockerfile', folder), /is not a dev container configuration/);
    await assert.rejects(locate('a\0b', folder), /cannot be read: its name is not valid/);
  });

  test('files are shown relative to the current directory where they are below it', () => {
    assert.equal(shownPath('/a/b', 'c/d', '/a'), 'b/c/d');
    assert.equal(shownPath('/a/b', 'c', '/a/b'), 'c');
    assert.equal(shownPath('/a/b', 'c', '/x'), '/a/b/c');
    assert.equal(shownPath('/a/b', '..c', '/a/b'), '..c');
  });
});
