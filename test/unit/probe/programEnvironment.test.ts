import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { devcontainerUp } from '../../../src/probe/devcontainerUp.js';
import { findProgram } from '../../../src/probe/findProgram.js';
import { programEnvironment } from '../../../src/probe/programEnvironment.js';
import { temporaryFolder } from '../cli/temporaryFolder.js';

suite('what programs of this machine are started with', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  const at = (path: string): string => join(folder.path, path);

  setup(() => {
    folder = temporaryFolder({ 'w/bin/ssh': '', 'bin/x': '', 'links/x': '', 'others/x': '' });
    symlinkSync('w/bin', at('link'));
    symlinkSync('../w/bin/ssh', at('links/ssh'));
    symlinkSync('../w/bin/ssh', at('others/own-tool'));
    symlinkSync('/usr/bin', at('w/system'));
  });
  teardown(() => {
    folder.remove();
  });

  test('PATH has no entry of the workspace, however it is written, none that is empty, none that is relative', async () => {
    const entries = ['', '.', 'w/bin', ...['w', 'w/bin', 'bin/../w', 'link', 'links', 'w/system', 'w/gone'].map(at)];
    const kept = [at('bin'), '/usr/bin', at('others'), at('gone')];
    const PATH = [...entries, ...kept, ''].join(':');
    const environment = { PATH, OTHER: at('w'), NONE: undefined };
    assert.deepEqual(await programEnvironment(environment, [at('w')]), { PATH: kept.join(':'), OTHER: at('w') });
    // A workspace that is named by a link.
    symlinkSync('w', at('workspace'));
    assert.equal((await programEnvironment({ PATH }, [at('workspace')]))['PATH'], kept.join(':'));
  });

  test('an empty PATH is none: it would mean the working directory', async () => {
    assert.deepEqual(await programEnvironment({ PATH: `:${at('w')}` }, [at('w')]), {});
    assert.deepEqual(await programEnvironment({}, [at('w')]), {});
    assert.deepEqual(await programEnvironment({ PATH: '/usr/bin::.' }, []), { PATH: '/usr/bin' });
  });

  test('variables that name places: without the workspace’s, and those of the working directory', async () => {
    const kept = { HOME: at('bin'), LD_LIBRARY_PATH: `/usr/lib:${at('bin')}`, DOCKER_CERT_PATH: at('w/certificates') };
    const dropped = {
      DOCKER_CONFIG: at('w/docker'),
      XDG_CONFIG_HOME: at('link/x'),
      CONTAINERS_CONF: 'containers.conf',
    };
    assert.deepEqual(await programEnvironment({ ...kept, ...dropped }, [at('w')]), kept);
    mkdirSync(at('w w'));
    for (const value of [at('w w'), at('w w/docker')]) {
      assert.deepEqual(await programEnvironment({ DOCKER_CONFIG: value }, [at('w w')]), {}, value);
    }
    for (const entry of ['lib', '.', '', '$ORIGIN/../w', '/x/$LIB', at('w/lib'), at('link/gone')]) {
      for (const list of [`/usr/lib:${entry}`, `${entry}:/usr/lib`, `/usr/lib;${entry}`]) {
        assert.deepEqual(await programEnvironment({ LD_LIBRARY_PATH: list }, [at('w')]), {}, list);
      }
    }
  });

  test('variables by which programs load or run files: none, however one spells what it names', async () => {
    const variables = {
      NODE_OPTIONS: '--import=file:///root/%65yes/evil.mjs',
      NODE_PATH: '/usr/lib/node_modules',
      LD_PRELOAD: 'libx.so',
      OPENSSL_CONF: '/etc/ssl/openssl.cnf',
      PERL5OPT: '-Mevil',
      'BASH_FUNC_id%%': '() { :; }',
      PS4: '$(x)',
    };
    assert.deepEqual(await programEnvironment(variables, [at('w')]), {});
    assert.deepEqual(await programEnvironment(variables, []), variables);
  });

  test('as on Windows: names and paths without case, drives, backslashes', async () => {
    const environment = {
      Path: 'c:\\P\\bin;C:\\Windows;C:\\Program Files\\Docker;;bin;D:\\p',
      Docker_Config: 'C:/p/docker',
      NODE_OPTIONS: '--require C:\\p\\evil.cjs',
      home: 'C:\\Users\\Me',
    };
    assert.deepEqual(await programEnvironment(environment, ['C:\\p'], 'win32'), {
      Path: 'C:\\Windows;C:\\Program Files\\Docker;D:\\p',
      home: 'C:\\Users\\Me',
    });
  });

  test('a program is not found through a folder that the workspace links elsewhere', async () => {
    writeFileSync(at('bin/tool'), '', { mode: 0o755 });
    mkdirSync(at('v'));
    symlinkSync('../bin', at('v/bin'));
    assert.equal(await findProgram('tool', [at('v')], at('v/bin')), undefined);
    assert.equal(await findProgram('tool', [at('v')], at('bin')), at('bin/tool'));
  });

  test('the dev container CLI: found and started outside of the workspace, whatever the terminal has on PATH', async () => {
    const options = (PATH: string) => ({
      workspaces: [at('w')],
      environment: { PATH, NODE_OPTIONS: `--require ${at('w/evil.cjs')}`, HOME: at('bin') },
      platform: 'linux' as const,
    });
    writeFileSync(at('w/bin/devcontainer'), '', { mode: 0o755 });
    assert.equal(await devcontainerUp('/p', options(`${at('w/bin')}:${at('link')}`)), undefined);
    writeFileSync(at('bin/devcontainer'), '', { mode: 0o755 });
    const up = await devcontainerUp('/p', options(`${at('w/bin')}:${at('bin')}`));
    assert.equal(up?.program, '/usr/bin/env');
    assert.deepEqual(up.args, [
      ...['CONTAINERS_CONF', 'CONTAINERS_CONF_OVERRIDE'].flatMap((name) => ['-u', name]),
      ...['CONF', 'CONF_INCLUDE', 'MODULES', 'ENGINES'].flatMap((name) => ['-u', `OPENSSL_${name}`]),
      `PATH=${at('bin')}`,
      at('bin/devcontainer'),
      ...['up', '--workspace-folder', '/p'],
    ]);
    // Empty, so that the workspace's settings (terminal.integrated.env.linux) do not count.
    const { PATH, HOME, NODE_OPTIONS, LD_PRELOAD } = up.environment;
    assert.deepEqual(
      { PATH, HOME, NODE_OPTIONS, LD_PRELOAD },
      { PATH: at('bin'), HOME: at('bin'), NODE_OPTIONS: '', LD_PRELOAD: '' },
    );
  });
});
