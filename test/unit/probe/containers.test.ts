import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readContainers } from '../../../src/probe/containerInspect.js';
import { isUser, readLabels, sameFolder } from '../../../src/probe/devcontainerLabels.js';
import { execIn } from '../../../src/probe/execPrefix.js';
import { containerNamed, containersOf, type FoundContainer } from '../../../src/probe/findContainer.js';
import { isWebAddress } from '../../../src/probe/webAddress.js';
import { until } from '../../run/patience.js';

const SCRIPT = readFileSync(new URL('../../../media/probe.sh', import.meta.url), 'utf8');

const ID = 'a'.repeat(64);

/** What `docker inspect` says, reduced to what is read of it. */
function inspected(changes: {
  readonly id?: string;
  readonly running?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  readonly env?: readonly string[];
  readonly mounts?: readonly { readonly Source: string; readonly Destination: string }[];
}): unknown {
  return {
    Id: changes.id ?? ID,
    Name: '/happy_name',
    State: { Running: changes.running ?? true },
    Config: {
      User: '',
      Env: changes.env ?? ['PATH=/usr/local/go/bin:/usr/bin', 'EMPTY=', 'TEXT=a=b'],
      Labels: { 'devcontainer.local_folder': '/home/me/project', ...changes.labels },
    },
    Mounts: changes.mounts ?? [{ Source: '/home/me/project', Destination: '/workspaces/project' }],
  };
}

/** What `podman inspect --type container` of Podman 4.3.1 said (measured), without what Docker does not say either. */
const PODMAN_INSPECTED = {
  Id: '5796290551b306a247504a1f02548c06bcc8a33caea4a563d74b8dece5e6cca6',
  Created: '2026-11-21T10:12:17.969295462Z',
  Path: 'sleep',
  Args: ['600'],
  State: { OciVersion: '1.0.2-dev', Status: 'running', Running: true, Paused: false, Pid: 21479, ConmonPid: 21412 },
  Image: '3ab52864d2e6f27b75883106ff5c9b522c7bbec5f6e41b38f859b1480026e46a',
  ImageName: 'localhost/m:12-plain',
  Pod: '',
  OCIRuntime: 'runc',
  Name: 'objective_blackwell',
  EffectiveCaps: null,
  Mounts: [
    {
      Type: 'bind',
      Source: '/home/me/project',
      Destination: '/workspaces/project',
      Driver: '',
      Mode: '',
      Options: ['rbind'],
      RW: true,
      Propagation: 'rprivate',
    },
  ],
  Config: {
    Hostname: 'vm',
    User: 'vscode',
    Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'TERM=xterm', 'container=podman'],
    Cmd: ['sleep', '600'],
    Volumes: null,
    Entrypoint: '',
    OnBuild: null,
    Labels: {
      'devcontainer.local_folder': '/home/me/project',
      'devcontainer.metadata': '[{"remoteUser":"vscode"}]',
      'io.buildah.version': '1.28.2',
    },
    StopSignal: 15,
  },
};

function described(changes: Parameters<typeof inspected>[0] = {}): FoundContainer {
  const [container] = readContainers(JSON.stringify([inspected(changes)]));
  assert(container);
  const ask = () => Promise.resolve({ exitCode: 0, stdout: '', stderr: '' });
  return {
    engine: { name: 'docker', program: '/usr/bin/docker', ask, tell: ask },
    container,
    labels: readLabels(container),
  };
}

/** A container of that folder of the host with these mounts. */
function mounted(local: string, ...mounts: readonly (readonly [string, string])[]): FoundContainer {
  return described({
    labels: { 'devcontainer.local_folder': local },
    mounts: mounts.map(([Source, Destination]) => ({ Source, Destination })),
  });
}

suite('containers of this machine', () => {
  test('what is no answer is no container', () => {
    for (const output of [
      '',
      'null',
      '{}',
      '[1, null, {}]',
      '[{"Id": "--all"}]',
      '[{"Id": 7, "Config": []}]',
      'x'.repeat(1e5),
    ]) {
      assert.deepEqual(readContainers(output), [], output.slice(0, 20));
    }
  });

  test('what Podman prints is read as what Docker prints', () => {
    const [container, ...others] = readContainers(JSON.stringify([PODMAN_INSPECTED]));
    assert(container);
    assert.deepEqual(others, []);
    const { id, name, running, user, labels, environment, mounts } = container;
    assert.deepEqual([id, name, running, user], [PODMAN_INSPECTED.Id, 'objective_blackwell', true, 'vscode']);
    assert.equal(readLabels({ labels, environment }).remoteUser, 'vscode');
    assert.equal(environment.get('container'), 'podman');
    assert.deepEqual(mounts, [{ source: '/home/me/project', destination: '/workspaces/project' }]);
  });

  test('labels: the last entry of the metadata that names a user counts, remoteUser before containerUser', () => {
    const user = (...metadata: readonly unknown[]): string | undefined =>
      described({ labels: { 'devcontainer.metadata': JSON.stringify(metadata) } }).labels.remoteUser;
    assert.equal(user({ remoteUser: 'vscode' }, {}, { remoteUser: 'node' }), 'node');
    assert.equal(user({ remoteUser: 'vscode' }, { containerUser: 'root' }), 'vscode');
    assert.equal(user({ containerUser: '1000:1000' }), '1000:1000');
    assert.equal(user({ remoteUser: '--privileged' }), undefined);
    assert.equal(user({ remoteUser: 7 }, 'text', null), undefined);
    assert.equal(described({ labels: { 'devcontainer.metadata': '{"remoteUser":"one"}' } }).labels.remoteUser, 'one');
    assert.equal(described({ labels: { 'devcontainer.metadata': '[{' } }).labels.remoteUser, undefined);
  });

  test('users are names and numbers, never options', () => {
    for (const user of ['root', 'vscode', '1000', '1000:100', '_apt', 'a.b-c', 'machine$']) assert(isUser(user), user);
    for (const user of ['', '-u', '--user=x', 'a b', 'a;b', '$(id)', 'a\nb', 'a:b:c', 'x'.repeat(65)]) {
      assert(!isUser(user), user);
    }
  });

  test('remoteEnv: PATH and CODEX_HOME, with what the container has; what cannot be known is left out', () => {
    const environment = (remoteEnv: unknown): readonly (readonly [string, string])[] => [
      ...described({ labels: { 'devcontainer.metadata': JSON.stringify([{ remoteEnv }]) } }).labels.environment,
    ];
    assert.deepEqual(environment({ PATH: '${containerEnv:PATH}:/x', LD_PRELOAD: '/evil.so', CODEX_HOME: '/c' }), [
      ['PATH', '/usr/local/go/bin:/usr/bin:/x'],
      ['CODEX_HOME', '/c'],
    ]);
    assert.deepEqual(environment({ PATH: '${containerEnv:NONE:/d}:${containerEnv:NONE}/e:${containerEnv:EMPTY:f}' }), [
      ['PATH', '/d:/e:'],
    ]);
    assert.deepEqual(environment({ PATH: '${localEnv:HOME}/bin', CODEX_HOME: 'a\nb' }), []);
    assert.deepEqual(environment({ PATH: null, CODEX_HOME: 5 }), []);
    assert.deepEqual(environment('PATH'), []);
  });

  test('a folder of Windows is the same in each of its spellings, one of Linux is not', () => {
    assert(sameFolder('c:\\Users\\Me\\p', 'C:/Users/me/P/'));
    assert(sameFolder('\\\\wsl.localhost\\Ubuntu\\p', '\\\\wsl.localhost\\ubuntu\\p'));
    assert(sameFolder('/home/me/p/', '/home/me/p'));
    assert(!sameFolder('/home/me/P', '/home/me/p'));
    assert(!sameFolder('/home/me/p', '/home/me/pq'));
    assert(sameFolder('/', '/'));
  });

  test('the command: options of the engine, the user, the container, the shell, the environment', async () => {
    const plain = await execIn(described(), SCRIPT);
    assert.deepEqual(plain.prefix.slice(0, 4), ['/usr/bin/docker', 'exec', '--interactive', ID]);
    assert.deepEqual(plain.prefix.slice(4, 6), ['/bin/sh', '-c']);
    const metadata = JSON.stringify([{ remoteUser: 'node', userEnvProbe: 'none', remoteEnv: { CODEX_HOME: '/c' } }]);
    const { prefix } = await execIn(described({ labels: { 'devcontainer.metadata': metadata } }), SCRIPT);
    assert.deepEqual(prefix, [
      '/usr/bin/docker',
      'exec',
      '--interactive',
      '--user',
      'node',
      ID,
      '/usr/bin/env',
      'CODEX_HOME=/c',
    ]);
  });

  test('the workspace in the container: where the folder or what holds it is mounted', async () => {
    const at = async (local: string, ...mounts: readonly (readonly [string, string])[]): Promise<string> =>
      (await execIn(mounted(local, ...mounts), SCRIPT)).workspace;
    assert.equal(await at('/home/me/p', ['/home/me/p', '/src'], ['/home', '/home']), '/src');
    assert.equal(await at('/home/me/repo/sub', ['/home/me/repo', '/workspaces/repo']), '/workspaces/repo');
    assert.equal(await at('/home/me/pq', ['/home/me/p', '/src']), '/workspaces');
    assert.equal(await at('C:\\Users\\me\\p', ['/run/desktop/mnt/host/c/Users/me/p', '/w']), '/w');
    assert.equal(await at('/Users/me/p', ['/host_mnt/Users/me/p', '/w']), '/w');
    assert.equal(await at('/home/me/p', ['/var/lib/docker/volumes/v/_data', '/workspaces/v']), '/workspaces/v');
    assert.equal(await at('/home/me/p', ['', '/w'], ['/x', 'relative']), '/workspaces');
  });

  test('what else is mounted from the workspace is a folder of which nothing is run', async () => {
    const found = mounted(
      '/home/me/p',
      ['/home/me/p', '/w'],
      ['/home/me/p/x', '/x'],
      ['/home/me/pq', '/y'],
      ['v', '/v'],
    );
    const { workspace, others, prefix } = await execIn(found, SCRIPT);
    assert.deepEqual([workspace, others], ['/w', ['/x']]);
    assert.deepEqual(prefix.slice(-4), ['sh', '/w', '/x', '--']);
  });

  test('a container whose shell is mounted from the workspace is not entered', async () => {
    for (const destination of ['/bin/sh', '/usr/bin/env', '/usr', '/bin', '/usr/bin/dash']) {
      const found = mounted('/home/me/p', ['/home/me/p', '/w'], ['/home/me/p/x', destination]);
      await assert.rejects(execIn(found, SCRIPT), /Nothing was run in the container happy_name/, destination);
      await execIn(mounted('/home/me/p', ['/home/me/p', '/w'], ['/home/me/x', destination]), SCRIPT);
    }
    await execIn(mounted('/home/me/p', ['/home/me/p', '/usr/src/app'], ['/home/me/p/x', '/usr/bin/x']), SCRIPT);
  });

  test('what the dynamic linker loads into the first shell is emptied', async () => {
    const env = ['LD_PRELOAD=/w/evil.so', 'LD_AUDIT='];
    const { prefix } = await execIn(described({ env }), SCRIPT);
    assert.deepEqual(prefix.slice(0, 6), ['/usr/bin/docker', 'exec', '--interactive', '--env', 'LD_PRELOAD=', ID]);
  });

  test('so is what a shell runs before its first command', async () => {
    const env = ['BASH_FUNC_id%%=() { /w/evil; }', 'PS4=$(/w/evil)', 'SHELLOPTS=xtrace', 'GCONV_PATH=/w', 'PATH=/bin'];
    const { prefix } = await execIn(described({ env }), SCRIPT);
    const emptied = ['BASH_FUNC_id%%=', 'PS4=', 'SHELLOPTS=', 'GCONV_PATH='].flatMap((name) => ['--env', name]);
    assert.deepEqual(prefix.slice(3, 12), [...emptied, ID]);
  });

  test('addresses', () => {
    for (const url of ['http://localhost:8080/', 'https://example.com/a?b=c']) assert(isWebAddress(url), url);
    for (const url of ['', 'ftp://x', 'https://', 'http://a b', '--version', 'https://x\n', 'file:///etc/passwd']) {
      assert(!isWebAddress(url), url);
    }
  });
});

/** As in a container: the programs that `docker exec` starts there are started here. */
suite('what is started in a container', () => {
  let folder: string;

  const ran = (): string => (existsSync(join(folder, 'ran')) ? readFileSync(join(folder, 'ran'), 'utf8') : '');

  setup(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'exec-')));
    for (const name of ['w/bin', 'home', 'bin']) mkdirSync(join(folder, name), { recursive: true });
    const trap = `#!/bin/sh\necho "$0" >>${folder}/ran\n`;
    for (const name of ['id', 'sleep', 'env', 'sh', 'bash', 'dircolors', 'lesspipe', 'groups', 'mesg']) {
      writeFileSync(join(folder, 'w/bin', name), trap, { mode: 0o755 });
    }
    for (const name of ['.profile', '.bashrc', '.bash_profile', '.zshenv', '.zprofile']) {
      writeFileSync(join(folder, 'w', name), trap);
      // What a user's own start-up file does.
      writeFileSync(join(folder, 'home', name), 'id >/dev/null; export SOURCED=yes\n');
    }
  });
  teardown(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** What a shell prints that the prefix has started. */
  async function say(env: NodeJS.ProcessEnv, command: string, ...nonce: readonly string[]): Promise<string> {
    const w = join(folder, 'w');
    const { prefix } = await execIn(mounted(w, [w, w]), SCRIPT);
    const [program = '', ...args] = prefix.slice(prefix.indexOf(ID) + 1);
    const shell = ['/bin/sh', '-c', command, '--', ...nonce];
    const { stdout, status } = spawnSync(program, [...args, ...shell], { env, encoding: 'utf8' });
    assert.equal(status, 0);
    return stdout.trim();
  }

  test('the login shell and its start-up files run nothing of the workspace; what is on PATH stays known', async () => {
    const PATH = `${folder}/w/bin:${folder}/bin:/usr/bin:/bin`;
    const said = await say({ PATH, HOME: join(folder, 'home') }, 'echo "$SOURCED $PATH"');
    assert.equal(ran(), '');
    assert.match(said, /^yes /);
    assert(said.endsWith(`:${PATH}`), said);
  });

  test('a home folder in the workspace has no start-up files, and no variable names others', async () => {
    assert.equal(await say({ PATH: '/usr/bin:/bin', HOME: join(folder, 'w') }, 'echo "$PATH"'), '/usr/bin:/bin');
    assert.equal(ran(), '');
    const env = { PATH: '/usr/bin:/bin', HOME: join(folder, 'home'), ZDOTDIR: join(folder, 'w') };
    assert.equal(await say(env, 'echo "$SOURCED $ZDOTDIR"'), 'yes');
    assert.equal(ran(), '');
  });

  test('where a start-up file is a link into the workspace there is no login shell, and that is said', async () => {
    const names = ['.profile', '.bashrc', '.bash_profile', '.zshenv', '.zprofile'];
    writeFileSync(join(folder, 'w/.zshrc'), '');
    for (const name of [...names, '.bash_login', '.zshrc', '.zlogin']) {
      const file = join(folder, 'home', name);
      rmSync(file, { force: true });
      symlinkSync(join(folder, 'w', name === '.bash_login' || name === '.zlogin' ? '.zshrc' : name), file);
      const env = { PATH: '/usr/bin:/bin', HOME: join(folder, 'home') };
      const said = await say(env, 'echo "[$SOURCED]"', 'a7e1');
      assert.equal(ran(), '', name);
      assert.equal(said, `a7e1\tpassed\t${file}\tit is inside the workspace, so no login shell was started\n[]`);
      rmSync(file);
    }
    // A link that leads elsewhere is a start-up file like others.
    writeFileSync(join(folder, 'bin/own'), 'export SOURCED=yes\n');
    for (const name of ['.profile', '.bash_profile']) symlinkSync(join(folder, 'bin/own'), join(folder, 'home', name));
    assert.equal(await say({ PATH: '/usr/bin:/bin', HOME: join(folder, 'home') }, 'echo "[$SOURCED]"'), '[yes]');
  });

  test('what ends the probe runs nothing of the workspace, and ends it', async () => {
    const asked: string[][] = [];
    const found = described();
    const tell: typeof found.engine.tell = (...args) => {
      asked.push([...args]);
      return Promise.resolve({ exitCode: 0, stdout: '', stderr: '' });
    };
    const nonce = 'c0ffee'.repeat(5);
    const { endElsewhere: end } = await execIn({ ...found, engine: { ...found.engine, tell } }, SCRIPT);
    await end(nonce);
    const [program = '', ...args] = asked[0]?.slice(asked[0].indexOf(ID) + 1) ?? [];
    const child = spawn('/bin/sh', ['-s', '--', nonce], { stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin.end(`trap '' TERM; echo >${folder}/started; while :; do /bin/sleep 1; done`);
    await until('the shell at work', () => existsSync(join(folder, 'started')));
    const ended = new Promise((resolve) =>
      child.once('exit', (_, signal) => {
        resolve(signal);
      }),
    );
    spawnSync(program, args, { env: { PATH: `${folder}/w/bin:/usr/bin:/bin` } });
    assert.equal(await ended, 'SIGKILL');
    assert.equal(ran(), '');
  });
});

suite('looking for containers', () => {
  let folder: string;
  let bin: string;

  setup(() => {
    folder = mkdtempSync(join(tmpdir(), 'containers-'));
    bin = join(folder, 'bin');
    mkdirSync(bin);
  });
  teardown(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** An engine that notes what it is asked and answers `ps` and `inspect`. */
  function engine(name: string, ps: string, inspect: string, status = 0): void {
    writeFileSync(join(folder, `${name}.ps`), ps);
    writeFileSync(join(folder, `${name}.inspect`), inspect);
    const script = `#!/bin/sh
printf '%s\\n' "$*" >>'${folder}/asked'
if [ ${status} != 0 ]; then echo "$0: no daemon" >&2; exit ${status}; fi
exec /bin/cat '${folder}/${name}.'"$1"
`;
    writeFileSync(join(bin, name), script);
    chmodSync(join(bin, name), 0o755);
  }

  // No other folder: the machine may have engines of its own.
  const options = () => ({ workspaces: [join(folder, 'workspace')], environment: { PATH: bin } });
  const other = 'b'.repeat(64);

  test('by the folder’s label; what is stopped or of another folder is left out', async () => {
    const third = 'c'.repeat(64);
    engine(
      'docker',
      `${ID}\n${other}\n${third}\nnoise --rm\n`,
      JSON.stringify([
        inspected({}),
        inspected({ id: other, labels: { 'devcontainer.local_folder': '/home/me/other' } }),
        inspected({ id: third, running: false }),
      ]),
    );
    const found = await containersOf('/home/me/project/', options());
    assert.deepEqual(
      found.map(({ container }) => container.id),
      [ID],
    );
    assert.deepEqual(readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n'), [
      'ps --quiet --no-trunc --filter label=devcontainer.local_folder',
      `inspect --type container ${ID} ${other} ${third}`,
    ]);
  });

  test('Podman is asked too, and one engine that does not answer is no error', async () => {
    engine('docker', '', '', 1);
    engine('podman', ID, JSON.stringify([inspected({})]));
    const found = await containersOf('/home/me/project', options());
    assert.deepEqual(
      found.map((one) => one.engine.name),
      ['podman'],
    );
  });

  test('Podman under Docker’s name as well: its container is one', async () => {
    for (const name of ['docker', 'podman']) engine(name, ID, JSON.stringify([inspected({})]));
    const found = await containersOf('/home/me/project', options());
    assert.deepEqual(
      found.map((one) => one.engine.name),
      ['docker'],
    );
  });

  test('no engine, and none that answers, is said', async () => {
    const nowhere = { workspaces: [], environment: { PATH: bin } };
    await assert.rejects(containersOf('/x', nowhere), /Neither docker nor podman was found on PATH/);
    engine('docker', '', '', 1);
    await assert.rejects(containersOf('/x', options()), /docker cannot list containers: .*no daemon/);
    await assert.rejects(containerNamed('abc', options()), /docker cannot list containers: .*no daemon/);
  });

  test('by name: one that runs, one that does not, none, and what is no name', async () => {
    engine('docker', '', JSON.stringify([inspected({})]));
    assert.equal((await containerNamed('happy_name', options())).container.id, ID);
    engine('docker', '', JSON.stringify([inspected({ running: false })]));
    await assert.rejects(containerNamed('happy_name', options()), /"happy_name" does not run/);
    writeFileSync(join(bin, 'docker'), '#!/bin/sh\necho "Error: No such container: x" >&2; echo "[]"; exit 1\n');
    await assert.rejects(containerNamed('x', options()), /There is no container "x"/);
    await assert.rejects(containerNamed('--all', options()), /is not the id or the name/);
  });

  test('an aborted search ends with the signal’s reason', async () => {
    engine('docker', ID, JSON.stringify([inspected({})]));
    const signal = AbortSignal.abort(new Error('enough'));
    await assert.rejects(containersOf('/home/me/project', { ...options(), signal }), /enough/);
  });
});
