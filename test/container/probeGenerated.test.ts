import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path/posix';
import { ERRORS } from '../../src/model/bwrap/errors.js';
import { predict } from '../../src/model/sandbox/predict.js';
import { diagnose } from '../../src/model/sandbox/symptoms.js';
import { hostOf } from '../../src/probe/compare.js';
import { runProbe } from '../../src/probe/run.js';
import { ensureBaseImages } from './baseImages.js';
import { ensureCodexVersion } from './codex.js';
import { removeContainers } from './devcontainer.js';
import { docker } from './docker.js';
import { describe, GENERATED, resolve, VERSIONS, type Generated } from './generatedContainers.js';
import { buildImages } from './generatedImages.js';
import { Laboratory, WORKSPACE } from './generatedRun.js';
import { removeImages } from './images.js';
import { pool } from './pool.js';

const SCRIPT = readFileSync(new URL('../../media/probe.sh', import.meta.url), 'utf8');

/** How many containers are looked at; the issue asks for 40. */
const ROWS = GENERATED.slice(0, 44);

/** Outcome and gate, by whom. */
type Said = Readonly<Record<'real' | 'probe' | 'prediction', string>>;

function words(outcome: string, gate: string | null | undefined): string {
  return outcome === 'fails' ? `fails at ${gate ?? 'no gate'}` : outcome;
}

/** Runs the probe and the real sandbox in one container, one after the other, and asks the model with what the probe saw. */
async function compare({ container, codex, more }: Generated, laboratory: Laboratory): Promise<Said> {
  const [id, executable] = await laboratory.start(container, codex, more);
  try {
    const path = `${dirname(executable)}:/usr/local/bin:/usr/bin:/bin`;
    const probed = await runProbe({
      script: SCRIPT,
      workspace: WORKSPACE,
      prefix: ['docker', 'exec', '--interactive', '--env', `PATH=${path}`, id],
      network: codex.network,
    });
    const real = await laboratory.measureIn(id, executable, codex);
    const predicted = predict(container, hostOf(probed.facts, probed.steps), codex);
    // Seccomp may end bwrap before it can say a word: its text then names no gate.
    const gate = real.error === ERRORS.killed ? predicted.gate : diagnose(real.error, real.facts)?.gate;
    return {
      real: words(real.outcome, gate),
      probe: words(probed.outcome, real.error === ERRORS.killed ? gate : probed.gate),
      prediction: words(predicted.outcome, predicted.gate),
    };
  } finally {
    await docker('rm', '--force', id);
  }
}

suite('the probe in generated containers: as the real Codex, and as predicted with what it saw', () => {
  let results: readonly Promise<Said>[] = [];
  const laboratory = new Laboratory();

  suiteSetup('Docker, images, every Codex', async () => {
    await ensureBaseImages();
    for (const version of VERSIONS) await ensureCodexVersion(version);
    const versions = await buildImages();
    results = pool(
      2,
      ROWS.map((row) => () => compare(resolve(row, versions), laboratory)),
    );
    // Its tests await each of them and say what went wrong.
    for (const result of results) result.catch(() => undefined);
  });

  suiteTeardown('containers and images', async () => {
    await Promise.allSettled(results);
    await removeContainers();
    await removeImages();
    await laboratory.close();
  });

  ROWS.forEach((row, index) => {
    test(describe(row), async () => {
      const { real, probe, prediction } = await (results[index] ?? Promise.reject(new Error('It was not started.')));
      assert.deepEqual({ probe, prediction }, { probe: real, prediction: real });
    });
  });
});
