import assert from 'node:assert/strict';
import { ensureBaseImages } from './baseImages.js';
import { ensureCodexVersion } from './codex.js';
import { removeContainers } from './devcontainer.js';
import { describe, GENERATED, resolve, VERSIONS } from './generatedContainers.js';
import { buildImages } from './generatedImages.js';
import { judge, type Judgement } from './generatedJudgement.js';
import { Laboratory } from './generatedRun.js';
import { removeImages } from './images.js';
import { pool } from './pool.js';

/** Starting and stopping containers mostly waits for the disk: two at a time keep a small machine busy. */
const AT_A_TIME = 2;

suite('what the model says of generated containers, against the kernel', () => {
  let judgements: readonly Promise<Judgement>[] = [];
  const laboratory = new Laboratory();

  suiteSetup('Docker, images, every Codex', async () => {
    await ensureBaseImages();
    for (const version of VERSIONS) await ensureCodexVersion(version);
    const versions = await buildImages();
    judgements = pool(
      AT_A_TIME,
      GENERATED.map((row) => () => judge(resolve(row, versions), laboratory)),
    );
    // Its tests await each of them and say what went wrong.
    for (const judgement of judgements) judgement.catch(() => undefined);
  });

  suiteTeardown('containers and images', async () => {
    await Promise.allSettled(judgements);
    await removeContainers();
    await removeImages();
    await laboratory.close();
  });

  GENERATED.forEach((row, index) => {
    test(describe(row), async () => {
      const { disagreements } = await (judgements[index] ?? Promise.reject(new Error('It was not started.')));
      assert.deepEqual(disagreements, []);
    });
  });

  test('there are enough of them, of each kind', async () => {
    const all = await Promise.all(judgements);
    const planned = (kind: Judgement['planned']): number => all.filter((j) => j.planned === kind).length;
    const checks = all.reduce((sum, j) => sum + j.checks, 0);
    console.log(`    ${all.length} containers, ${laboratory.runs} runs of Codex, ${checks} checks`);
    assert.ok(planned('something') >= 30, `only ${planned('something')} need a plan`);
    assert.ok(planned('nothing') > 0, 'there is none that works as it is');
  });
});
