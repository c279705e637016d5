import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { ensureBaseImages } from './baseImages.js';
import { ensureCodex } from './codex.js';
import { removeImages } from './images.js';
import { travel, type Journey } from './journey.js';
import { pool } from './pool.js';
import { gatesOf } from './sandbox.js';
import { SAMPLES, samplesFolder } from './samples.js';

/** Building, starting and stopping containers mostly waits for the disk: two at a time keep a small machine busy. */
const AT_A_TIME = 2;

/** SAMPLES=name,name runs only these. */
const only = process.env['SAMPLES']?.split(',');
const samples = SAMPLES.filter(({ name }) => only?.includes(name) ?? true);

suite('samples in real dev containers with the real Codex', () => {
  let journeys: readonly Promise<Journey>[] = [];

  suiteSetup('Docker, base images, Codex', async () => {
    await ensureBaseImages();
    await ensureCodex();
    journeys = pool(
      AT_A_TIME,
      samples.map((sample) => () => travel(sample)),
    );
    // Its tests await each of them and say what went wrong.
    for (const journey of journeys) journey.catch(() => undefined);
  });

  suiteTeardown('containers and images', async () => {
    await Promise.allSettled(journeys);
    await removeImages();
  });

  test('every sample is one of the suite', () => {
    assert.deepEqual(SAMPLES.map(({ name }) => name).sort(), readdirSync(samplesFolder).sort());
  });

  samples.forEach((sample, index) => {
    const journey = (): Promise<Journey> => journeys[index] ?? Promise.reject(new Error('It was not started.'));

    suite(sample.name, () => {
      test(sample.fails ? `fails at ${sample.fails}, as predicted` : 'works, as predicted', async () => {
        const { before } = await journey();
        const { checked, observed } = before;
        const [prediction] = checked.predictions;
        assert.equal(before.container.remoteUser, sample.user);
        assert.equal(observed.outcome, sample.fails ? 'fails' : 'works', observed.error);
        assert.ok(prediction, 'no prediction');
        assert.equal(prediction.outcome, observed.outcome);
        assert.equal(prediction.gate, sample.fails ?? null);
        if (sample.fails) {
          assert.ok(gatesOf(observed.error).includes(sample.fails), `another gate: ${observed.error}`);
          assert.equal(prediction.error, observed.error);
          assert.equal(checked.status, 1, 'check has nothing to find fault with');
        } else {
          assert.equal(checked.status, 0, JSON.stringify(checked.findings, null, 2));
        }
      });

      test('works after fix --write, and check is content', async () => {
        const { after } = await journey();
        assert.equal(after.observed.error, '');
        assert.deepEqual(after.observed.inside, ['RUNS', 'WRITES']);
        assert.equal(after.checked.predictions[0]?.outcome, 'works');
        assert.equal(after.checked.status, 0, JSON.stringify(after.checked.findings, null, 2));
      });

      test('the fix gives nothing that can be taken back', async () => {
        const { takenBack } = await journey();
        const [control, ...changes] = takenBack;
        assert.equal(control?.observed.outcome, 'works', control?.observed.error);
        assert.equal(changes.length > 0, sample.fails !== undefined, 'a fix of what works, or none of what fails');
        for (const { what, loss, observed } of changes) {
          if (loss && observed.outcome === 'works') continue;
          assert.equal(observed.outcome, 'fails', `${what} can be taken back`);
          assert.notDeepEqual(gatesOf(observed.error), [], `without ${what} no gate is closed: ${observed.error}`);
        }
      });
    });
  });
});
