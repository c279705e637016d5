import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProbe } from '../../src/probe/run.js';
import type { Observation } from '../../src/probe/observation.js';
import { atEnd } from '../run/lifetime.js';
import { ensureBaseImages } from './baseImages.js';
import { CODEX_MOUNT, ensureCodex } from './codex.js';
import { docker } from './docker.js';
import { removeImages } from './images.js';
import { pool } from './pool.js';
import { run } from './process.js';
import { gatesOf, observe, SANDBOX_COMMAND } from './sandbox.js';

const SCRIPT = readFileSync(new URL('../../media/probe.sh', import.meta.url), 'utf8');

/** What is in the image: which Debian, and which bubblewrap. */
const IMAGES = ['12-none', '12-plain', '12-setuid', '13-plain'] as const;

/** A workspace that can be written to under a read-only root, as the bind mount of a dev container can. */
const WORKSPACE = '--mount=type=volume,target=/workspaces/project';

/** Options of `docker run`, by what they stand for. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  default: [],
  'seccomp=unconfined': ['--security-opt=seccomp=unconfined'],
  'seccomp and systempaths unconfined': ['--security-opt=seccomp=unconfined', '--security-opt=systempaths=unconfined'],
  'privileged, not root': ['--privileged'],
  SYS_ADMIN: ['--cap-add=SYS_ADMIN'],
  'all six of a setuid bwrap': [
    '--cap-add=SYS_ADMIN',
    '--cap-add=NET_ADMIN',
    '--cap-add=SYS_PTRACE',
    '--security-opt=seccomp=unconfined',
  ],
  'root without capabilities': ['--user=root', '--cap-drop=ALL', '--security-opt=seccomp=unconfined'],
  'no new privileges': ['--security-opt=no-new-privileges', '--security-opt=seccomp=unconfined'],
  'read-only': ['--read-only', WORKSPACE, '--security-opt=seccomp=unconfined'],
  'read-only but /tmp': ['--read-only', WORKSPACE, '--tmpfs=/tmp', '--security-opt=seccomp=unconfined'],
};

/** What came of one container. */
interface Measured {
  readonly real: { readonly outcome: string; readonly error: string };
  readonly withCodex: Observation;
  readonly withoutCodex: Observation;
  /** Names in /tmp afterwards. */
  readonly left: readonly string[];
}

const durations = { withCodex: [] as number[], withoutCodex: [] as number[] };

async function timed<T>(into: number[], work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  into.push(performance.now() - started);
  return result;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

const imageName = (image: string): string => `codex-sandbox-check-${process.pid}:probe-${image}`;

/** Builds a Debian with a user, with a bubblewrap or without. */
async function build(image: (typeof IMAGES)[number], folder: string): Promise<void> {
  const [version = '', bwrap] = image.split('-');
  const install = 'RUN apt-get update && apt-get install -y --no-install-recommends bubblewrap';
  const lines = [
    `FROM debian:${version}`,
    ...(bwrap === 'none' ? [] : [install]),
    ...(bwrap === 'setuid' ? ['RUN chmod u+s /usr/bin/bwrap'] : []),
    'RUN useradd --create-home vscode',
    'RUN mkdir --parents --mode=777 /workspaces/project',
    'USER vscode',
    'WORKDIR /workspaces/project',
  ];
  const file = join(folder, `${image}.Dockerfile`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  await docker('build', '--quiet', '--network=host', '--file', file, '--tag', imageName(image), folder);
}

/** Starts a container, runs the real sandbox and both probes in it, and removes it. */
async function measure(image: string, options: readonly string[], codex: string): Promise<Measured> {
  const mount = `--volume=${codex}:${CODEX_MOUNT}:ro`;
  const container = await docker(
    'run',
    '--detach',
    '--rm',
    '--init',
    mount,
    ...options,
    imageName(image),
    'sleep',
    '600',
  );
  try {
    const withPath = (path: string): readonly string[] => [
      'docker',
      'exec',
      '--interactive',
      '--env',
      `PATH=${path}`,
      container,
    ];
    const probe = (path: string): Promise<Observation> =>
      runProbe({ script: SCRIPT, workspace: '/workspaces/project', prefix: withPath(path) });
    const system = '/usr/local/bin:/usr/bin:/bin';
    const withoutCodex = await timed(durations.withoutCodex, () => probe(system));
    const left = (await docker('exec', container, 'ls', '/tmp')).split('\n').filter((name) => name !== '');
    const withCodex = await timed(durations.withCodex, () => probe(`${CODEX_MOUNT}/bin:${system}`));
    const ended = await run('docker', ['exec', container, ...SANDBOX_COMMAND]);
    return { real: observe(ended), withCodex, withoutCodex, left };
  } finally {
    await docker('rm', '--force', container);
  }
}

suite('the probe in real containers, against the real Codex', () => {
  const cases = IMAGES.flatMap((image) =>
    Object.entries(OPTIONS).map(([name, options]) => ({ title: `${image}, ${name}`, image, options })),
  );
  let results: readonly Promise<Measured>[] = [];

  suiteSetup('Docker, images, Codex', async () => {
    await ensureBaseImages();
    const codex = await ensureCodex();
    const folder = mkdtempSync(join(tmpdir(), 'codex-sandbox-check-probe-'));
    atEnd(() => rm(folder, { recursive: true, force: true }));
    for (const image of IMAGES) await build(image, folder);
    results = pool(
      2,
      cases.map(
        ({ image, options }) =>
          () =>
            measure(image, options, codex),
      ),
    );
    // Its tests await each of them and say what went wrong.
    for (const result of results) result.catch(() => undefined);
  });

  suiteTeardown('images', async () => {
    await Promise.allSettled(results);
    await removeImages();
    const [with_, without] = [median(durations.withCodex), median(durations.withoutCodex)].map(Math.round);
    console.log(`    median duration: ${with_ ?? NaN} ms with Codex, ${without ?? NaN} ms without`);
  });

  cases.forEach(({ title }, index) => {
    test(title, async () => {
      const { real, withCodex, withoutCodex, left } = await (results[index] ??
        Promise.reject(new Error('It was not started.')));
      for (const observation of [withCodex, withoutCodex]) {
        const said = `${observation.summary} The real one: ${real.outcome} ${real.error}`;
        assert.equal(observation.outcome, real.outcome, said);
        if (real.outcome === 'fails') {
          assert.ok(observation.gate !== null && gatesOf(real.error).includes(observation.gate), said);
        } else {
          assert.equal(observation.gate, null, said);
        }
      }
      assert.equal(withCodex.facts.codex?.path, `${CODEX_MOUNT}/bin/codex`);
      assert.equal(withoutCodex.facts.codex, null);
      assert.equal(withCodex.facts.engine, 'docker');
      assert.deepEqual(left, [], 'the probe leaves something behind');
    });
  });
});
