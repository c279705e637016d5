import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const PROJECT = join(import.meta.dirname, '../..');

/** Git for Windows changes line endings unless it is told otherwise: a shell does not run a script that has CRs. */
suite('line endings where git turns them into those of Windows', () => {
  let folder = '';

  /** Git, with the settings of Git for Windows and none of this machine. */
  function git(...args: readonly string[]): string {
    const nobody = ['-c', 'user.name=test', '-c', 'user.email=test'];
    const { status, stdout, stderr } = spawnSync('git', [...nobody, '-c', 'core.autocrlf=true', ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
    });
    assert.equal(status, 0, stderr);
    return stdout;
  }

  const original = (file: string): Buffer => readFileSync(join(PROJECT, file));

  suiteSetup(function () {
    if (spawnSync('git', ['--version']).status !== 0) this.skip();
    folder = mkdtempSync(join(tmpdir(), 'line-endings-'));
    git('init', '--quiet');
    for (const name of ['.gitattributes', 'media', 'test/fixtures']) {
      if (existsSync(join(PROJECT, name))) cpSync(join(PROJECT, name), join(folder, name), { recursive: true });
    }
    git('add', '--all', '--force');
    git('commit', '--quiet', '--message', 'all');
    for (const name of ['media', 'test']) rmSync(join(folder, name), { recursive: true });
    git('checkout', '--', '.');
  });
  suiteTeardown(() => {
    if (folder !== '') rmSync(folder, { recursive: true });
  });

  test('the probe has no CR', () => {
    assert.equal(readFileSync(join(folder, 'media/probe.sh')).includes('\r'), false);
  });

  test('fixtures and pictures keep their bytes', () => {
    const files = git('ls-files', '-z', 'media', 'test/fixtures').split('\0').filter(Boolean);
    assert.ok(files.length > 100, dirname(folder));
    assert.deepEqual(
      files.filter((file) => !readFileSync(join(folder, file)).equals(original(file))),
      [],
    );
    const withCr = files.filter((file) => !file.endsWith('.png') && original(file).includes('\r'));
    assert.ok(withCr.length > 0, 'no fixture has a CR');
  });
});
