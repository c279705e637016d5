import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dirname } from 'node:path/posix';
import { known, type Container } from '../../src/model/container/container.js';
import { predict } from '../../src/model/sandbox/predict.js';
import { diagnose } from '../../src/model/sandbox/symptoms.js';
import { compare, containerSeen, hostOf } from '../../src/probe/compare.js';
import type { Observation } from '../../src/probe/observation.js';
import { runProbe } from '../../src/probe/run.js';
import { atEnd } from '../run/lifetime.js';
import { bwrap, CODEX, containerWith } from '../unit/containers.js';
import { ensureBaseImages } from './baseImages.js';
import { CODEX_MOUNT, ensureCodexVersion } from './codex.js';
import { docker } from './docker.js';
import { nameImage, OUR_NAME, removeImages } from './images.js';
import { pool } from './pool.js';
import { run } from './process.js';
import { observe, sandboxCommand } from './sandbox.js';
import { ENTRIES, type Case, type ImageName } from './workspaceEntries.js';

const SCRIPT = readFileSync(new URL('../../media/probe.sh', import.meta.url), 'utf8');

/** What is in the image: which Debian, and with its bubblewrap or without. */
const IMAGES: Readonly<Record<ImageName, Partial<Container>>> = {
  '12-none': {},
  '12-plain': { bwrap: bwrap('0.8.0') },
  '13-plain': { bwrap: bwrap('0.12.0'), distro: known({ id: 'debian', version: '13' }) },
};

const UNCONFINED = ['--security-opt=seccomp=unconfined'];
const OPEN = { seccomp: known({ kind: 'unconfined' as const }) };

const THREE = ['.git', '.agents', '.codex'];
const FOUR = [...THREE, '.aws'];

/** Who may write where, with what Codex has to create. The expectations were measured one by one before the model knew of them. */
const CASES: Readonly<Record<string, Case>> = {
  'root, folder of a user of the host': {
    user: 'root',
    owner: '1000:1000',
    expected: "Can't mkdir FOLDER/.git: Permission denied",
  },
  'a user, folder of root': { user: 'vscode', owner: '0:0', expected: "Can't mkdir FOLDER/.git: Permission denied" },
  'its own folder': { user: 'vscode', owner: '1000:1000', expected: 'works' },
  'root, a repository of somebody else': {
    user: 'root',
    owner: '1000:1000',
    has: ['.git'],
    expected: "Can't mkdir FOLDER/.agents: Permission denied",
  },
  'all but one are there': {
    user: 'root',
    owner: '1000:1000',
    has: THREE,
    expected: "Can't mkdir FOLDER/.aws: Permission denied",
  },
  'all are there, though nothing can be written': { user: 'root', owner: '1000:1000', has: FOUR, expected: 'works' },
  'three are enough for 0.130': { codex: '0.130.0', user: 'vscode', owner: '0:0', has: THREE, expected: 'works' },
  '0.120 creates one file': {
    codex: '0.120.0',
    image: '12-plain',
    user: 'vscode',
    owner: '0:0',
    has: ['.git'],
    expected: "Can't create file at FOLDER/.codex: Permission denied",
  },
  '0.115 creates nothing': { codex: '0.115.0', user: 'root', owner: '1000:1000', expected: 'works' },
  'bubblewrap 0.12 says it otherwise, and before it comes to /proc': {
    image: '13-plain',
    user: 'root',
    owner: '1000:1000',
    expected: "Can't create file FOLDER/.git: Permission denied",
  },
  'bubblewrap 0.12 comes to /proc where nothing is missing': {
    codex: '0.130.0',
    image: '13-plain',
    user: 'vscode',
    owner: '0:0',
    has: THREE,
    expected: "Can't mount proc on /proc: Operation not permitted",
  },
  'writable for a group of root': { user: 'root', owner: '1000:0', mode: '775', expected: 'works' },
  'writable for another group': {
    user: 'root',
    owner: '1000:1000',
    mode: '775',
    expected: "Can't mkdir FOLDER/.git: Permission denied",
  },
  'writable for everybody': { user: 'vscode', owner: '0:0', mode: '777', expected: 'works' },
  'writable for nobody, but of user and group': { user: 'root', owner: '0:0', mode: '555', expected: 'works' },
  'writable for nobody, and of another group': {
    user: 'root',
    owner: '0:1000',
    mode: '555',
    expected: "Can't mkdir FOLDER/.git: Permission denied",
  },
  'SYS_ADMIN does not help': {
    user: 'root',
    owner: '1000:1000',
    options: [...UNCONFINED, '--cap-add=SYS_ADMIN'],
    container: { ...OPEN, capAdd: [known('SYS_ADMIN')] },
    expected: "Can't mkdir FOLDER/.git: Permission denied",
  },
  'seccomp comes first': {
    user: 'root',
    owner: '1000:1000',
    options: [],
    container: {},
    expected: "kernel.unprivileged_userns_clone=1'.",
  },
  'a path with a space': {
    user: 'root',
    owner: '1000:1000',
    folder: '/workspaces/my project',
    expected: "Can't mkdir FOLDER/.git: Permission denied",
  },
  'mounted read-only': {
    user: 'vscode',
    owner: '1000:1000',
    folder: '/workspaces/mounted',
    expected: "Can't mkdir FOLDER/.git: Read-only file system",
  },
  ...ENTRIES,
};

const imageName = (image: string): string => `${OUR_NAME}:workspace-${image}`;

async function build(image: string, folder: string): Promise<void> {
  const [version = '', kind] = image.split('-');
  const lines = [
    `FROM debian:${version}`,
    ...(kind === 'plain' ? ['RUN apt-get update && apt-get install -y --no-install-recommends bubblewrap'] : []),
    'RUN useradd --create-home vscode',
  ];
  const file = join(folder, `${image}.Dockerfile`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  await nameImage(await docker('build', '--quiet', '--network=host', '--file', file, folder), `workspace-${image}`);
}

/** What somebody says of a container: the outcome, the gate, and the error as it is printed. */
type Said = Readonly<Record<'outcome' | 'gate' | 'error', string>>;

interface Measured {
  readonly real: Said;
  readonly probe: Said;
  readonly prediction: Said;
  readonly withoutCodex: Observation;
  /** What is in the folder before and after the probe. */
  readonly before: string;
  readonly after: string;
}

function said(outcome: string, gate: string | null | undefined, error: string | null | undefined): Said {
  const bwrapSays = error?.split('\n').find((line) => line.startsWith('bwrap: '));
  return { outcome, gate: gate ?? '', error: outcome === 'fails' ? (bwrapSays ?? error ?? '') : '' };
}

async function measure(each: Case, mounted: string): Promise<Measured> {
  const { codex: version = '0.169.0', image = '12-none', user, owner, mode = '755', has = [], then = ':' } = each;
  const { folder = '/workspaces/project', options = UNCONFINED, container: changes = OPEN } = each;
  const installed = await ensureCodexVersion(version);
  const codex = { ...CODEX, version };
  const id = await docker(
    ...['run', '--detach', '--rm', '--init', ...options],
    ...['--volume', `${installed.folder}:${CODEX_MOUNT}:ro`, '--volume', `${mounted}:/workspaces/mounted:ro`],
    ...[imageName(image), 'sleep', '600'],
  );
  try {
    const make = `mkdir -p "$1" && cd "$1" && mkdir -p . "$@" && chown -R ${owner} . && chmod ${mode} . && ${then}`;
    if (folder !== '/workspaces/mounted') {
      await docker(
        'exec',
        id,
        '/bin/sh',
        '-c',
        `folder=$1; shift; set -- "$folder" "$@"; ${make}`,
        'sh',
        folder,
        ...has,
      );
    }
    const list = (): Promise<string> => docker('exec', id, 'ls', '-A', folder);
    const system = '/usr/local/bin:/usr/bin:/bin';
    const probe = (path: string): Promise<Observation> =>
      runProbe({
        script: SCRIPT,
        workspace: folder,
        prefix: ['docker', 'exec', '--interactive', '--user', user, '--env', `PATH=${path}`, id],
      });
    const before = await list();
    const withoutCodex = await probe(system);
    const probed = await probe(`${dirname(installed.executable)}:${system}`);
    const after = await list();
    const command = sandboxCommand(installed.executable, codex, '/outside');
    const real = observe(await run('docker', ['exec', '--user', user, '--workdir', folder, id, ...command]));
    const container = containerSeen(containerWith({ ...IMAGES[image], user: known(user), ...changes }), probed.facts);
    const predicted = predict(container, hostOf(probed.facts, probed.steps), codex);
    const gate = diagnose(real.error, { seccomp: probed.facts.seccomp })?.gate;
    return {
      real: said(real.outcome, gate, real.error),
      probe: said(probed.outcome, probed.gate, compare(probed, predicted).error),
      prediction: said(predicted.outcome, predicted.gate, predicted.error),
      withoutCodex,
      before,
      after,
    };
  } finally {
    await docker('rm', '--force', id);
  }
}

suite(
  'the workspace folder, of somebody else or with something in the way: real, probed and predicted with what the probe saw',
  () => {
    let results: readonly Promise<Measured>[] = [];

    suiteSetup('Docker, images, Codex', async () => {
      await ensureBaseImages();
      const folder = mkdtempSync(join(tmpdir(), 'codex-sandbox-check-workspace-'));
      const mounted = mkdtempSync(join(tmpdir(), 'codex-sandbox-check-mounted-'));
      for (const path of [folder, mounted]) atEnd(() => rm(path, { recursive: true, force: true }));
      await run('chown', ['1000:1000', mounted]);
      await run('chmod', ['755', mounted]);
      for (const { codex = '0.169.0' } of Object.values(CASES)) await ensureCodexVersion(codex);
      for (const image of Object.keys(IMAGES)) await build(image, folder);
      results = pool(
        2,
        Object.values(CASES).map((each) => () => measure(each, mounted)),
      );
      // Its tests await each of them and say what went wrong.
      for (const result of results) result.catch(() => undefined);
    });

    suiteTeardown('images', async () => {
      await Promise.allSettled(results);
      await removeImages();
    });

    Object.entries(CASES).forEach(([title, { codex, expected, folder = '/workspaces/project' }], index) => {
      test(title, async () => {
        const { real, probe, prediction, withoutCodex, before, after } = await (results[index] ??
          Promise.reject(new Error('It was not started.')));
        const end = expected.replaceAll('FOLDER', folder);
        assert.ok(expected === 'works' ? real.outcome === 'works' : real.error.endsWith(end), JSON.stringify(real));
        assert.deepEqual(prediction, real);
        assert.deepEqual(probe, real);
        // Without Codex, what the newest would do is measured.
        if (codex === undefined) {
          const { outcome, gate } = withoutCodex;
          assert.deepEqual([outcome, gate ?? ''], [real.outcome, real.gate], withoutCodex.summary);
        }
        assert.equal(after, before, 'the probe leaves something behind');
      });
    });
  },
);
