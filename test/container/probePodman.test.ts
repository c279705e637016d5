import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dirname } from 'node:path/posix';
import { known, type Container } from '../../src/model/container/container.js';
import { predict } from '../../src/model/sandbox/predict.js';
import type { Host } from '../../src/model/host.js';
import { diagnose } from '../../src/model/sandbox/symptoms.js';
import type { SeccompProfile } from '../../src/model/seccomp/profile.js';
import { tailoredProfile } from '../../src/model/plan/tailored.js';
import { DOCKER_DEFAULT_PROFILE } from '../../src/model/seccomp/engineProfiles.js';
import { readLocalHost } from '../../src/probe/readLocalHost.js';
import { runProbe } from '../../src/probe/run.js';
import { CODEX as NEWEST, containerWith } from '../unit/containers.js';
import { until } from '../run/patience.js';
import { ensureBaseImages } from './baseImages.js';
import { CODEX, CODEX_MOUNT, ensureCodex } from './codex.js';
import { docker } from './docker.js';
import { OUR_NAME, removeImages } from './images.js';
import { askPodman, podman, startPodman, type Podman } from './podman.js';
import { run } from './process.js';
import { CLI, measure, probe } from './product.js';
import { observe, sandboxCommand } from './sandbox.js';

const SCRIPT = readFileSync(new URL('../../media/probe.sh', import.meta.url), 'utf8');

/** Where the workspace is in every container of this suite. */
const WORKSPACE = '/workspaces/project';

/** A cancelled probe takes less than a second on a quiet machine; this tells it from one that waits for its steps, in milliseconds. */
const SOON_MS = 4000;

const custom = (profile: SeccompProfile): Pick<Container, 'seccomp'> => ({
  seccomp: known({ kind: 'custom', file: 'seccomp.json', profile }),
});
const OWN = { containerUser: known('vscode') };
const AS_ROOT = { user: known('root'), containerUser: known('root') };
const ADDED = { capAdd: [known('NET_ADMIN')] };
const PRIVILEGED = { privileged: known(true) };

/** What each is, and how it differs from a container that runs as root and that vscode comes into through exec. */
const CASES: readonly (readonly [what: string, changes: Partial<Container>])[] = [
  ['nothing said', {}],
  ['root', AS_ROOT],
  ['a capability for a user who comes in', ADDED],
  ['a capability for the container’s own user', { ...ADDED, ...OWN }],
  ['a capability for root', { ...ADDED, ...AS_ROOT }],
  ['privileged', PRIVILEGED],
  ['privileged with a capability for the container’s own user', { ...PRIVILEGED, ...ADDED, ...OWN }],
  ['privileged with Docker’s profile', { ...PRIVILEGED, ...custom(DOCKER_DEFAULT_PROFILE) }],
  ['Docker’s profile', custom(DOCKER_DEFAULT_PROFILE)],
  ['the tailored profile', custom(tailoredProfile(DOCKER_DEFAULT_PROFILE, NEWEST))],
  ['no filter, no masks', { seccomp: known({ kind: 'unconfined' }), maskedPaths: known(false) }],
  ['no capabilities', { capDrop: [known('ALL')] }],
  ['root without capabilities', { capDrop: [known('ALL')], ...AS_ROOT }],
  ['a read-only root', { readOnlyRoot: known(true) }],
  [
    'no-new-privileges with a capability for the container’s own user',
    { noNewPrivileges: known(true), ...ADDED, ...OWN },
  ],
];

function words(outcome: string, gate: string | null | undefined): string {
  return outcome === 'fails' ? `fails at ${gate ?? 'no gate'}` : outcome;
}

suite('Podman', () => {
  let folder = '';
  let codex = '';
  let engine: Podman | undefined;
  const containers: string[] = [];

  /** Starts a container that does nothing until it is removed; what becomes an orphan in it is reaped. */
  async function start(...args: readonly string[]): Promise<string> {
    assert(engine);
    const id = await podman(
      ...['run', '--detach', '--network=host', `--volume=${codex}:${CODEX_MOUNT}:ro`, ...args, ...engine.image],
      ...['sh', '-c', 'while sleep 1 & wait $!; do :; done'],
    );
    containers.push(id);
    return id;
  }

  suiteSetup('Podman, image, Codex', async () => {
    await ensureBaseImages();
    codex = await ensureCodex();
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'codex-sandbox-check-podman-')));
    const image = `${OUR_NAME}:podman`;
    const lines = [
      'FROM debian:12',
      'RUN useradd --create-home --uid 1000 --shell /bin/bash vscode && rm /home/vscode/.bashrc /home/vscode/.profile',
      `RUN echo 'PATH=$PATH:${CODEX_MOUNT}/bin' >/home/vscode/.bashrc && echo '. ~/.bashrc' >/home/vscode/.profile`,
    ];
    const context = join(folder, 'image');
    mkdirSync(context);
    writeFileSync(join(context, 'Dockerfile'), `${lines.join('\n')}\n`);
    await docker('build', '--quiet', '--network=host', `--tag=${image}`, context);
    engine = await startPodman(image);
  });

  teardown('containers', async () => {
    const ids = containers.splice(0);
    if (ids.length > 0) await podman('rm', '--force', '--time=0', ...ids);
  });

  suiteTeardown('Podman, image, folder', async () => {
    await engine?.close();
    await removeImages();
    await rm(folder, { recursive: true, force: true });
  });

  let host: Promise<Host> | undefined;

  /** This machine as Podman alone describes it. */
  function localHost(): Promise<Host> {
    host ??= lookAtThisMachine();
    return host;
  }

  async function lookAtThisMachine(): Promise<Host> {
    const programs = mkdtempSync(join(folder, 'programs-'));
    symlinkSync((await run('sh', ['-c', 'command -v podman'])).stdout.trim(), join(programs, 'podman'));
    return readLocalHost({ workspaces: [], environment: { ...process.env, PATH: programs }, timeLimitMs: 30_000 });
  }

  test('the host `local` is what `podman info` says', async () => {
    const { engine: name, description, defaultSeccomp, ambientCapabilities } = await localHost();
    assert.deepEqual([name, defaultSeccomp, ambientCapabilities], ['podman', 'podman-default', true]);
    const [version] = /\d+\.\d+\.\d+/.exec(await podman('--version')) ?? [];
    assert(description.startsWith(`This machine: Podman ${version} `), description);
    assert.doesNotMatch(description, /without root|no engine answered/);
  });

  suite('the real Codex, the probe and the prediction say the same', () => {
    /** The options of `podman run` that make the container. */
    function optionsOf(container: Container): readonly string[] {
      const seccomp = container.seccomp.value;
      const profile = join(folder, 'seccomp.json');
      if (seccomp?.kind === 'custom') writeFileSync(profile, JSON.stringify(seccomp.profile));
      return [
        `--user=${container.containerUser?.value}`,
        ...container.capAdd.map(({ value }) => `--cap-add=${value}`),
        ...container.capDrop.map(({ value }) => `--cap-drop=${value}`),
        ...(container.privileged.value ? ['--privileged'] : []),
        ...(container.readOnlyRoot.value ? ['--read-only'] : []),
        ...(container.noNewPrivileges.value ? ['--security-opt=no-new-privileges'] : []),
        ...(container.maskedPaths.value ? [] : ['--security-opt=unmask=ALL']),
        ...(seccomp?.kind === 'unconfined' ? ['--security-opt=seccomp=unconfined'] : []),
        ...(seccomp?.kind === 'custom' ? [`--security-opt=seccomp=${profile}`] : []),
        ...[`--tmpfs=${WORKSPACE}:mode=1777`, '--tmpfs=/outside:mode=1777'],
      ];
    }

    for (const [what, changes] of CASES) {
      test(what, async () => {
        const container = containerWith({ containerUser: known('root'), ...changes });
        const id = await start(...optionsOf(container));
        const exec = ['exec', '--interactive', `--user=${container.user.value}`, `--workdir=${WORKSPACE}`];
        const probed = await runProbe({
          script: SCRIPT,
          workspace: WORKSPACE,
          prefix: ['podman', ...exec, `--env=PATH=${dirname(CODEX)}:/usr/bin:/bin`, id],
          network: 'restricted',
        });
        const real = observe(await askPodman(...exec, id, ...sandboxCommand(CODEX, NEWEST, '/outside')));
        const predicted = predict(container, await localHost(), NEWEST);
        const gate = diagnose(real.error, { seccomp: probed.facts.seccomp })?.gate;
        const said = words(real.outcome, gate);
        assert.deepEqual(
          { probe: words(probed.outcome, probed.gate), prediction: words(predicted.outcome, predicted.gate) },
          { probe: said, prediction: said },
          real.error,
        );
        assert.equal(real.error.split('\n').at(-1), predicted.error ?? '');
        if (real.outcome === 'works') assert.deepEqual(real.inside, ['RUNS', 'WRITES']);
      });
    }
  });

  suite('the probe from outside of the container, where Docker answers as well', () => {
    /** A running dev container, as the dev container tools label theirs. */
    async function startDevContainer(
      ...args: readonly string[]
    ): Promise<{ readonly id: string; readonly workspace: string }> {
      const workspace = mkdtempSync(join(folder, 'workspace-'));
      chownSync(workspace, 1000, 1000);
      const labels = {
        'devcontainer.local_folder': workspace,
        'devcontainer.config_file': join(workspace, '.devcontainer.json'),
        'devcontainer.metadata': JSON.stringify([{ id: 'a Feature' }, { remoteUser: 'vscode' }]),
      };
      const id = await start(
        ...Object.entries(labels).map(([key, value]) => `--label=${key}=${value}`),
        `--volume=${workspace}:${WORKSPACE}`,
        ...args,
      );
      return { id, workspace };
    }

    /** What runs in a container beside what it was started with, a moment after a probe. */
    async function left(id: string): Promise<readonly string[]> {
      await until('nothing left', async () => (await running(id)).length === 0).catch(() => undefined);
      return running(id);
    }

    async function running(id: string): Promise<readonly string[]> {
      // It fails where a process ends while it looks.
      const listed = await until('a list of the processes', () =>
        podman('top', id, 'state', 'args').catch((error: unknown) => {
          if (String(error).includes('no such process')) return undefined;
          throw error;
        }),
      );
      const [, ...processes] = listed.split('\n');
      return processes.filter((line) => !/^Z|^\S+\s+(sh -c while sleep 1|sleep 1$)/.test(line));
    }

    test('--workspace finds the container of the folder and measures as its user, with the user’s PATH', async () => {
      const { id, workspace } = await startDevContainer('--cap-add=NET_ADMIN');
      const observation = await measure('--workspace', workspace);
      assert.equal(observation.outcome, 'works', observation.summary);
      assert.deepEqual(observation.facts.user, { uid: 1000, name: 'vscode' });
      assert.equal(observation.facts.engine, 'podman');
      assert.equal(observation.facts.codex?.path, CODEX);
      assert.deepEqual(await left(id), []);
    });

    test('as the container’s own user it has what that one has', async () => {
      const { workspace } = await startDevContainer('--cap-add=NET_ADMIN', '--user=vscode');
      const { outcome, gate, facts } = await measure('--workspace', workspace);
      assert.deepEqual([outcome, gate], ['fails', 'bwrap-privileges']);
      assert.equal(facts.capabilities.ambient, '0000000000001000');
    });

    test('--container takes an id or a name, and the container’s user where no label names one', async () => {
      const name = `codex-sandbox-check-${process.pid}`;
      const id = await start('--user=vscode', `--name=${name}`);
      for (const called of [id.slice(0, 12), name]) {
        const { facts } = await measure('--container', called);
        assert.equal(facts.user.name, 'vscode');
      }
    });

    test('two of a folder are not guessed between, a stopped one is not started, and none is said', async () => {
      const { id, workspace } = await startDevContainer();
      const other = await start(`--label=devcontainer.local_folder=${workspace}`);
      const both = await probe('--workspace', workspace);
      assert.equal(both.status, 2);
      assert.match(both.stderr, /Several dev containers of .* are running\. Name one with --container: \S+ from /);
      await podman('stop', '--time=0', id, other);
      assert.match((await probe('--workspace', workspace)).stderr, /No dev container of .* is running\. Start it/);
      assert.match((await probe('--container', id)).stderr, /does not run/);
      assert.match((await probe('--container', 'no-such-container-here')).stderr, /There is no container/);
    });

    test('cancelled in a step, it ends all that it started in the container', async () => {
      const { id } = await startDevContainer();
      const slow =
        '#!/bin/sh\ncase $1 in --help) echo --as-pid-1 --perms;; --version) echo bubblewrap 0.8.0;; *) sleep 999;; esac\n';
      const write = 'printf %s "$1" >/usr/local/bin/bwrap && chmod +x /usr/local/bin/bwrap';
      await podman('exec', id, 'sh', '-c', write, 'sh', slow);
      const child = spawn(process.execPath, [CLI, 'probe', '--container', id], { stdio: 'ignore' });
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
      await until('the step at work', async () => (await running(id)).some((line) => line.includes('sleep 999')));
      const before = performance.now();
      child.kill('SIGTERM');
      assert.equal(await ended, 2);
      const took = performance.now() - before;
      console.log(`        ended after ${Math.round(took)} ms`);
      assert(took < SOON_MS, `it took ${Math.round(took)} ms`);
      assert.deepEqual(await left(id), []);
      assert.equal(await podman('exec', id, 'ls', '/tmp'), '');
    });
  });
});
