import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Observation } from '../../src/probe/observation.js';
import { until } from '../run/patience.js';
import { ensureBaseImages } from './baseImages.js';
import { CODEX_MOUNT, ensureCodex } from './codex.js';
import { docker, dockerLines } from './docker.js';
import { removeImages } from './images.js';
import { CLI, measure, probe } from './product.js';

const image = `codex-sandbox-check-${process.pid}:elsewhere`;

/** Where the workspace is in every container of this suite. */
const WORKSPACE = '/workspaces/project';

/** A cancelled probe takes less than a second on a quiet machine; this tells it from one that waits for its steps, in milliseconds. */
const SOON_MS = 4000;

suite('the probe from outside of the container', () => {
  let folder = '';
  let codex = '';
  const containers: string[] = [];

  /** A running dev container, as the dev container tools label theirs. */
  async function start(
    options: {
      readonly workspace?: string;
      readonly metadata?: unknown;
      readonly bashrc?: string;
      readonly args?: readonly string[];
    } = {},
  ): Promise<{ readonly id: string; readonly workspace: string }> {
    const workspace = options.workspace ?? mkdtempSync(join(folder, 'workspace-'));
    const labels = {
      'devcontainer.local_folder': workspace,
      'devcontainer.config_file': join(workspace, '.devcontainer.json'),
      'devcontainer.metadata': JSON.stringify(options.metadata ?? [{ id: 'a Feature' }, { remoteUser: 'vscode' }]),
    };
    const id = await docker(
      'run',
      '--detach',
      '--init',
      '--network=host',
      '--security-opt=seccomp=unconfined',
      ...Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]),
      `--volume=${workspace}:${WORKSPACE}`,
      `--volume=${codex}:${CODEX_MOUNT}:ro`,
      ...(options.args ?? []),
      image,
      'sleep',
      'infinity',
    );
    containers.push(id);
    // As the dev container tools have it: the user of the container gets the number of the one whose folder it is.
    await docker('exec', '--user=root', id, 'chown', 'vscode:vscode', WORKSPACE);
    const bashrc = options.bashrc ?? `PATH=$PATH:${CODEX_MOUNT}/bin`;
    await docker('exec', '--user=vscode', id, 'sh', '-c', 'printf "%s\\n" "$1" >~/.bashrc', 'sh', bashrc);
    return { id, workspace };
  }

  /** What runs in a container beside what it was started with. */
  async function running(id: string): Promise<readonly string[]> {
    const [, ...processes] = await dockerLines('top', id, '-eo', 'pid,args');
    return processes.filter((line) => !/^\s*\d+\s+(\/sbin\/docker-init|\/dev\/init|sleep infinity)/.test(line));
  }

  /** What is left in a container a moment after a probe: the last watchdog looks ten times a second whether it is still needed. */
  async function left(id: string): Promise<readonly string[]> {
    await until('nothing left', async () => (await running(id)).length === 0).catch(() => undefined);
    return running(id);
  }

  suiteSetup('image, Codex', async () => {
    await ensureBaseImages();
    codex = await ensureCodex();
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'codex-sandbox-check-elsewhere-')));
    const lines = [
      'FROM debian:12',
      'RUN apt-get update && apt-get install -y --no-install-recommends curl procps && rm -rf /var/lib/apt/lists/*',
      'RUN useradd --create-home --uid 1000 --shell /bin/bash vscode && rm /home/vscode/.bashrc /home/vscode/.profile',
      `RUN printf '. ~/.bashrc\\n' >/home/vscode/.profile && chown vscode:vscode /home/vscode/.profile`,
    ];
    const context = join(folder, 'image');
    mkdirSync(context);
    writeFileSync(join(context, 'Dockerfile'), `${lines.join('\n')}\n`);
    await docker('build', '--quiet', '--network=host', `--tag=${image}`, context);
  });

  teardown('containers', async () => {
    const ids = containers.splice(0);
    if (ids.length > 0) await docker('rm', '--force', ...ids);
  });

  suiteTeardown('image, folder', async () => {
    await removeImages();
    await rm(folder, { recursive: true, force: true });
  });

  test('--workspace finds the container of the folder and measures as its user, with the user’s PATH', async () => {
    const { workspace, id } = await start();
    const observation = await measure('--workspace', workspace);
    assert.equal(observation.outcome, 'works', observation.summary);
    assert.deepEqual(observation.facts.user, { uid: 1000, name: 'vscode' });
    assert.equal(observation.facts.codex?.path, `${CODEX_MOUNT}/bin/codex`);
    assert.deepEqual(await left(id), []);
  });

  test('--container takes an id or a name, and the user of the image where no label names one', async () => {
    const { id } = await start({ metadata: [], args: ['--user=vscode'] });
    const observation = await measure('--container', id.slice(0, 12));
    assert.equal(observation.facts.user.name, 'vscode');
    assert.equal(observation.outcome, 'works', observation.summary);
  });

  test('remoteEnv counts, with what the container has', async () => {
    const metadata = [{ remoteUser: 'vscode', remoteEnv: { PATH: `\${containerEnv:PATH}:${CODEX_MOUNT}/bin` } }];
    const { id } = await start({ metadata, bashrc: 'echo hello' });
    const observation = await measure('--container', id);
    assert.equal(observation.facts.codex?.path, `${CODEX_MOUNT}/bin/codex`);
  });

  test('two containers of a folder are not guessed between, none is said, and a stopped one is not started', async () => {
    const { workspace, id } = await start();
    const other = await start({ workspace });
    const both = await probe('--workspace', workspace);
    assert.equal(both.status, 2);
    assert.match(both.stderr, /Several dev containers of .* are running\. Name one with --container: \S+ from /);
    await docker('stop', '--time=0', id, other.id);
    const none = await probe('--workspace', workspace);
    assert.equal(none.status, 2);
    assert.match(none.stderr, /No dev container of .* is running\. Start it/);
    const stopped = await probe('--container', id);
    assert.equal(stopped.status, 2);
    assert.match(stopped.stderr, /does not run/);
    assert.match((await probe('--container', 'no-such-container-here')).stderr, /There is no container/);
    assert.match((await probe('--container', '--privileged')).stderr, /container/);
  });

  test('an address has to answer from within the sandbox where the network is allowed', async () => {
    const server: Server = createServer((_request, response) => response.end('here'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const { id } = await start();
    try {
      const works = await measure('--container', id, '--url', url);
      assert.equal(works.outcome, 'works', works.summary);
      assert.equal(works.steps.find((step) => step.id === 'codex-url')?.status, 'ok');
      const isolated = await measure('--container', id);
      assert.equal(isolated.outcome, 'works', 'without a network there is nothing to answer');
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
    const { stdout, status } = await probe('--container', id, '--url', url);
    assert.equal(status, 1);
    assert.match(stdout, /the URL does not answer from inside it: curl: \(7\)/);
  });

  suite('cancelled', () => {
    /** Ends the probe as Ctrl+C does, once this runs in the container; what is left there when it has ended. */
    async function cancelOnce(id: string, works: string): Promise<readonly string[]> {
      const child = spawn(process.execPath, [CLI, 'probe', '--container', id], { stdio: 'ignore' });
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
      await until('the step at work', async () => (await running(id)).some((line) => line.includes(works)));
      const before = performance.now();
      child.kill('SIGTERM');
      assert.equal(await ended, 2);
      const took = performance.now() - before;
      console.log(`        ended after ${Math.round(took)} ms`);
      assert(took < SOON_MS, `it took ${Math.round(took)} ms`);
      return running(id);
    }

    test('in a step, it ends all that it started in the container', async () => {
      const { id } = await start({ bashrc: 'PATH=/opt/programs:$PATH' });
      const bwrap =
        '#!/bin/sh\ncase $1 in --help) echo --as-pid-1 --perms;; --version) echo bubblewrap 0.8.0;; *) sleep 999;; esac\n';
      await docker(
        'exec',
        id,
        'sh',
        '-c',
        'mkdir /opt/programs && printf %s "$1" >/opt/programs/bwrap && chmod +x /opt/programs/bwrap',
        'sh',
        bwrap,
      );
      assert.deepEqual(await cancelOnce(id, 'sleep 999'), []);
      assert.deepEqual(await dockerLines('exec', id, 'ls', '/tmp'), []);
    });

    test('while the user’s shell still starts, too', async () => {
      const { id } = await start({ bashrc: 'sleep 999' });
      assert.deepEqual(await cancelOnce(id, 'sleep 999'), []);
    });
  });

  suite('hostile containers', () => {
    test('one that prints without end is stopped, and what it prints is not kept', async () => {
      const { id } = await start({ bashrc: 'head -c 100000000 /dev/zero | tr "\\000" "x"; echo' });
      const { stdout, status } = await probe('--container', id, '--format', 'json');
      assert.equal(status, 2);
      assert(stdout.length < 10_000, `${stdout.length} characters`);
      assert.equal((JSON.parse(stdout) as Observation).outcome, 'unknown');
      assert.deepEqual(await left(id), []);
    });

    test('forged records, control characters and links are not believed', async () => {
      const forged = [
        'probe\\tprobe\\tdone\\t1',
        'probe\\tfact\\tuser\\tevil',
        '\\033]8;;http://evil\\007x',
        'probe\\tend\\tcodex-run\\tok 0 1',
      ];
      const { id } = await start({
        bashrc: forged.map((line) => `printf '${line}\\n'; printf '${line}\\n' >&2`).join('\n'),
      });
      const { stdout } = await probe('--container', id);
      assert.match(stdout, /vscode \(1000\)/);
      assert(!stdout.includes('\u001b'));
      assert.doesNotMatch(stdout, /evil/);
    });

    test('what it leaves running in the background keeps nobody waiting', async () => {
      const { id } = await start({ bashrc: `PATH=$PATH:${CODEX_MOUNT}/bin; sleep 60 & (sleep 60 &)` });
      const before = performance.now();
      const observation = await measure('--container', id);
      assert.equal(observation.outcome, 'works', observation.summary);
      assert(performance.now() - before < 30_000);
    });

    test('programs of the workspace are not run, wherever PATH and links lead', async () => {
      const { id, workspace } = await start({
        bashrc: `PATH=${WORKSPACE}/bin:/opt/links:.:$PATH:${CODEX_MOUNT}/bin; cd ${WORKSPACE}`,
      });
      mkdirSync(join(workspace, 'bin'));
      for (const name of ['bwrap', 'codex', 'sh', 'id', 'curl', 'unshare']) {
        writeFileSync(join(workspace, 'bin', name), `#!/bin/sh\ntouch ${WORKSPACE}/was-run-${name}\n`, { mode: 0o755 });
      }
      await docker(
        'exec',
        id,
        'sh',
        '-c',
        `mkdir /opt/links && ln -s ${WORKSPACE}/bin/bwrap ${WORKSPACE}/bin/codex /opt/links/ && chmod 777 ${WORKSPACE}`,
      );
      const observation = await measure('--container', id);
      assert.equal(observation.facts.codex?.path, `${CODEX_MOUNT}/bin/codex`);
      assert.deepEqual(await dockerLines('exec', id, 'sh', '-c', `ls ${WORKSPACE} | grep was-run || :`), []);
      assert(observation.facts.passedOver.length >= 3, JSON.stringify(observation.facts.passedOver));
    });

    /** A workspace whose programs note that they were run, and by whom. */
    function trapped(names = ['bwrap', 'codex', 'sh', 'id', 'curl', 'unshare', 'cat']): string {
      const workspace = mkdtempSync(join(folder, 'trapped-'));
      mkdirSync(join(workspace, '.git'));
      mkdirSync(join(workspace, 'bin'));
      for (const name of names) {
        const script = `#!/bin/sh\n/usr/bin/id -u >>${WORKSPACE}/was-run-${name}\n`;
        writeFileSync(join(workspace, 'bin', name), script, { mode: 0o755 });
      }
      return workspace;
    }

    const wasRun = (workspace: string): readonly string[] =>
      readdirSync(workspace).filter((name) => name.startsWith('was-run-'));

    /** Where else its programs are shown, by options of `docker run`, and where they are then. */
    const SHOWN: Readonly<Record<string, (workspace: string) => readonly [args: readonly string[], path: string]>> = {
      'a second mount of the folder': (workspace) => [[`--volume=${workspace}:/second`], '/second/bin'],
      'a mount of what holds it': (workspace) => [
        [`--volume=${dirname(workspace)}:/above`],
        `/above/${basename(workspace)}/bin`,
      ],
      'a mount of a part of it': (workspace) => [[`--volume=${workspace}/bin:/usr/local/tools`], '/usr/local/tools'],
      'a mount of a program': (workspace) => [
        [`--volume=${workspace}/bin/codex:/usr/local/bin/codex`],
        '/usr/local/bin',
      ],
    };
    for (const [how, at] of Object.entries(SHOWN)) {
      test(`programs of the workspace are not run: ${how}, which remoteEnv puts on PATH`, async () => {
        const workspace = trapped();
        const [args, path] = at(workspace);
        const metadata = [
          { remoteUser: 'root', remoteEnv: { PATH: `${path}:\${containerEnv:PATH}:${CODEX_MOUNT}/bin` } },
        ];
        const { id } = await start({ workspace, metadata, args });
        for (const place of [
          ['--container', id],
          ['--workspace', workspace],
        ]) {
          const { facts } = await measure(...place);
          assert.deepEqual(wasRun(workspace), []);
          assert.equal(facts.codex?.path, `${CODEX_MOUNT}/bin/codex`);
          assert(
            facts.passedOver.some((passed) => passed.path.startsWith(path)),
            JSON.stringify(facts.passedOver),
          );
        }
      });
    }

    test('programs of the workspace are not run: containerEnv puts them on PATH of the shell', async () => {
      // Not what this suite starts there by its name.
      const workspace = trapped(['id', 'codex', 'bwrap']);
      const args = [`--volume=${workspace}:/second`, '--env', `PATH=/second/bin:${WORKSPACE}/bin:/usr/bin:/bin`];
      const bashrc = `id >/dev/null; PATH=$PATH:${CODEX_MOUNT}/bin`;
      const { id } = await start({ workspace, args, bashrc });
      const { facts } = await measure('--container', id);
      assert.equal(facts.codex?.path, `${CODEX_MOUNT}/bin/codex`);
      assert.deepEqual(wasRun(workspace), []);
    });

    test('programs of the workspace are not run: in a volume, of which a second mount shows a part', async () => {
      const volume = `codex-sandbox-check-${process.pid}-hostile`;
      const id = await docker(
        ...['run', '--detach', '--init', '--network=host', '--security-opt=seccomp=unconfined'],
        ...[`--volume=${volume}:/workspaces`, `--volume=${volume}:/second`, `--volume=${codex}:${CODEX_MOUNT}:ro`],
        ...['--env', `PATH=/second/project/bin:${CODEX_MOUNT}/bin:/usr/bin:/bin`, image, 'sleep', 'infinity'],
      );
      containers.push(id);
      try {
        const trap = `mkdir -p ${WORKSPACE}/.git ${WORKSPACE}/bin; printf '#!/bin/sh\\ntouch ${WORKSPACE}/ran' >${WORKSPACE}/bin/codex; chmod +x ${WORKSPACE}/bin/codex`;
        await docker('exec', id, '/bin/sh', '-c', trap);
        const { facts } = await measure('--container', id);
        assert.equal(facts.codex?.path, `${CODEX_MOUNT}/bin/codex`);
        assert.equal(await docker('exec', id, '/bin/ls', WORKSPACE), 'bin');
      } finally {
        await docker('rm', '--force', id);
        containers.splice(containers.indexOf(id), 1);
        await docker('volume', 'rm', volume);
      }
    });

    test('a container whose shell is one of the workspace is not entered', async () => {
      const workspace = trapped();
      const { id } = await start({ workspace });
      // Once it runs, nothing else could be prepared in it.
      await docker('rm', '--force', id);
      containers.splice(containers.indexOf(id), 1);
      const labels = ['--label', `devcontainer.local_folder=${workspace}`];
      const mounts = [`--volume=${workspace}:${WORKSPACE}`, `--volume=${workspace}/bin/sh:/bin/sh`];
      const other = await docker('run', '--detach', ...labels, ...mounts, image, '/usr/bin/sleep', 'infinity');
      containers.push(other);
      const { status, stderr } = await probe('--container', other);
      assert.equal(status, 2);
      assert.match(stderr, /Nothing was run in the container .*\/bin\/sh is mounted from the workspace/);
      assert.deepEqual(wasRun(workspace), []);
    });

    test('a user that is an option is none', async () => {
      const { id } = await start({ metadata: [{ remoteUser: '--privileged' }], args: ['--user=vscode'] });
      assert.equal((await measure('--container', id)).facts.user.name, 'vscode');
    });
  });
});
