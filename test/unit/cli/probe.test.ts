import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectAround } from '../../../src/cli/probe.js';
import { temporaryFolder } from './temporaryFolder.js';

suite('the folder of which the probe runs nothing', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  setup(() => {
    folder = temporaryFolder({ 'p/.devcontainer/devcontainer.json': '{}', 'p/src/x': '', 'q/.git': '', 'none/x': '' });
  });
  teardown(() => {
    folder.remove();
  });

  test('is the project around the current directory', async () => {
    assert.equal(await projectAround(join(folder.path, 'p/src')), join(folder.path, 'p'));
    assert.equal(await projectAround(join(folder.path, 'q')), join(folder.path, 'q'));
  });

  test('is the current directory outside of a project, but not a home folder', async () => {
    const none = join(folder.path, 'none');
    assert.equal(await projectAround(none, '/home/somebody'), none);
    assert.equal(await projectAround(none, none), '/');
    assert.equal(await projectAround('/'), '/');
  });

  test('a home folder that is a project counts as one', async () => {
    mkdirSync(join(folder.path, 'none/.git'));
    assert.equal(await projectAround(join(folder.path, 'none'), join(folder.path, 'none')), join(folder.path, 'none'));
  });
});
