import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DOCKER_DESKTOP } from '../probe/engines.js';
import { PATIENCE_MS } from '../../run/patience.js';
import { bundledCli } from '../cliBundle.js';
import { temporaryFolder } from './temporaryFolder.js';

/** What each command that starts programs of this machine is called with, in the folder of the package. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  'check --host local': ['check', '--host', 'local', '.'],
  check: ['check', '.'],
  'fix --host local': ['fix', '--host', 'local', '.'],
  'probe --workspace': ['probe', '--workspace', '.'],
  'probe --container': ['probe', '--container', 'some-container'],
  probe: ['probe'],
};

suite('the command line starts nothing of the workspace', function () {
  let program = '';
  let folder: ReturnType<typeof temporaryFolder>;

  const at = (path: string): string => join(folder.path, path);

  /** Puts a shell script into the folder. */
  function put(path: string, script: string): void {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  /** Puts programs of these names there that note that they were run, and by which name. */
  function trap(into: string, ...names: readonly string[]): void {
    for (const name of names) put(`${into}/${name}`, `echo "$0" >>${at('ran')}`);
  }

  const ran = (): string => (existsSync(at('ran')) ? readFileSync(at('ran'), 'utf8') : '');

  /** Runs the program in a folder, in a mount namespace of its own where there are mounts. */
  function run(
    args: readonly string[],
    path: readonly string[],
    { cwd = 'repository/packages/a', env = {}, mounts = '' } = {},
  ): void {
    const command = [process.execPath, program, ...args];
    const [name = '', ...rest] =
      mounts === ''
        ? command
        : [
            'unshare',
            '--mount',
            '/bin/sh',
            '-ec',
            `cd ${folder.path}\n${mounts}\ncd ${cwd}\nexec "$@"`,
            'sh',
            ...command,
          ];
    const { error, stderr } = spawnSync(name, rest, {
      cwd: at(cwd),
      encoding: 'utf8',
      env: { HOME: process.env['HOME'], PATH: [...path.map(at), '/usr/bin', '/bin'].join(':'), ...env },
      timeout: PATIENCE_MS,
    });
    assert.equal(error, undefined);
    assert.doesNotMatch(stderr, /bug|cannot (be )?mount/i);
  }

  suiteSetup(async () => {
    program = await bundledCli();
  });
  setup(() => {
    folder = temporaryFolder({
      'repository/.git/HEAD': '',
      'repository/packages/a/.devcontainer/devcontainer.json': '{ "image": "debian:12" }',
      'second/x': '',
    });
    // What is not of the workspace: a docker that answers, and neither podman nor codex of this machine.
    put('bin/docker', `case "$*" in info*) cat <<'END'\n${DOCKER_DESKTOP}\nEND\n;; esac`);
    for (const name of ['podman', 'bwrap', 'codex']) put(`bin/${name}`, 'exit 1');
  });
  teardown(() => {
    folder.remove();
  });

  for (const [title, args] of Object.entries(COMMANDS)) {
    test(`${title}: of the repository around a package`, () => {
      trap('repository/tools', 'docker', 'podman', 'codex', 'bwrap');
      run(args, ['repository/tools', 'bin']);
      assert.equal(ran(), '');
    });
  }

  for (const [title, args] of Object.entries(COMMANDS)) {
    if (title === 'probe') continue;
    test(`${title}: the ssh that docker starts (DOCKER_HOST=ssh://…)`, () => {
      trap('repository/tools', 'ssh');
      trap('repository/packages/a/bin', 'ssh');
      trap('repository/packages/a', 'ssh');
      symlinkSync(at('repository/packages/a/bin'), at('link'));
      mkdirSync(at('links'));
      symlinkSync(at('repository/packages/a/bin/ssh'), at('links/ssh'));
      put('bin/docker', `ssh me@host || :\necho "$PATH" >${at('path')}\n[ -n "$PATH" ]`);
      run(args, ['repository/tools', 'repository/packages/a/bin', 'link', 'links', 'bin'], {
        env: {
          PATH: [
            '',
            '.',
            ...['repository/tools', 'repository/packages/a/bin', 'link', 'links', 'bin'].map(at),
            'bin',
            '/usr/bin',
            '/bin',
            '',
          ].join(':'),
        },
      });
      assert.equal(ran(), '');
      assert.equal(readFileSync(at('path'), 'utf8'), `${at('bin')}:/usr/bin:/bin\n`);
    });

    test(`${title}: by a second mount of it`, function () {
      if (spawnSync('unshare', ['--mount', '/bin/true']).status !== 0) this.skip();
      trap('repository/tools', 'docker', 'podman');
      run(args, ['second/tools', 'bin'], { mounts: 'mount --bind repository second' });
      assert.equal(ran(), '');
      run(args, ['second', 'bin'], { mounts: 'mount --bind repository/tools second' });
      assert.equal(ran(), '');
    });
  }

  test('the engine gets no variable by which it loads files of the workspace', () => {
    put('bin/docker', `env >${at('environment')}`);
    // Loaded by this program itself, which was started so.
    writeFileSync(at('repository/packages/a/evil.cjs'), '');
    const a = at('repository/packages/a');
    run(['check', '--host', 'local', '.'], ['bin'], {
      env: {
        DOCKER_CONFIG: `${a}/docker`,
        HOME: at('repository'),
        NODE_OPTIONS: `--no-warnings --require=${a}/evil.cjs`,
        LD_PRELOAD: `/nowhere.so:${a}/evil.so`,
        BASH_ENV: '/etc/hosts',
        LD_LIBRARY_PATH: 'lib',
        XDG_CONFIG_HOME: '/etc',
        DOCKER_HOST: 'ssh://me@host',
      },
    });
    const environment = readFileSync(at('environment'), 'utf8');
    assert.doesNotMatch(environment, /^(DOCKER_CONFIG|HOME|NODE_OPTIONS|LD_PRELOAD|BASH_ENV|LD_LIBRARY_PATH)=/m);
    assert.match(environment, /^XDG_CONFIG_HOME=\/etc$/m);
    assert.match(environment, /^DOCKER_HOST=ssh:\/\/me@host$/m);
  });

  test('probe: the Codex of an extension that is in the repository, or that a link has there', () => {
    const machine = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string] ?? process.arch;
    const extension = `extensions/openai.chatgpt-1.0.0/bin/linux-${machine}`;
    trap(`repository/.vscode-server/${extension}`, 'codex');
    mkdirSync(at('home/.vscode'), { recursive: true });
    symlinkSync(at('repository/.vscode-server/extensions'), at('home/.vscode/extensions'));
    for (const home of ['repository', 'home']) run(['probe'], ['bin'], { env: { HOME: at(home) } });
    assert.equal(ran(), '');
    // What is not of the repository is run.
    trap(`elsewhere/.vscode-server/${extension}`, 'codex');
    run(['probe'], ['bin'], { env: { HOME: at('elsewhere') } });
    assert.match(ran(), /elsewhere/);
  });

  test('a workspace that HOME names is one all the same', () => {
    trap('repository/tools', 'docker', 'podman');
    const options = { cwd: 'repository', env: { HOME: at('repository') } };
    for (const args of [
      ['check', '--host', 'local', 'packages/a'],
      ['probe', '--workspace', 'packages/a'],
    ]) {
      run(args, ['repository/tools', 'bin'], options);
    }
    assert.equal(ran(), '');
  });
});
