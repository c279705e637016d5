import assert from 'node:assert/strict';
import type { Assumption } from '../../../../src/model/container/assumption.js';
import { unknown, type Container } from '../../../../src/model/container/container.js';
import { HOSTS } from '../../../../src/model/host.js';
import { obstaclesAssuming, predictAssuming } from '../../../../src/model/plan/assuming.js';
import { predict } from '../../../../src/model/sandbox/predict.js';
import { CODEX, containerWith } from '../../containers.js';

const LINUX = HOSTS['docker-linux'];

function assuming(container: Container): Assumption {
  return { container, condition: 'unless the image sets options of its own', reasons: [] };
}

suite('what is predicted under an assumption', () => {
  test('only what the assumption decides has its condition', () => {
    const known = containerWith({ seccomp: unknown('nobody knows'), privileged: unknown('nobody knows') });
    const likely = predictAssuming(known, assuming(containerWith()), LINUX, CODEX);
    assert.deepEqual(likely, {
      ...predict(containerWith(), LINUX, CODEX),
      condition: 'unless the image sets options of its own',
    });
    assert.equal(likely.gate, 'seccomp-userns');
    assert.deepEqual(predictAssuming(containerWith(), assuming(containerWith()), LINUX, CODEX), {
      ...predict(containerWith(), LINUX, CODEX),
    });
  });

  test('what it leaves open stays unknown, and without a condition', () => {
    const known = containerWith({ seccomp: unknown('nobody knows') });
    const prediction = predict(known, LINUX, CODEX);
    assert.equal(prediction.outcome, 'unknown');
    assert.deepEqual(predictAssuming(known, assuming(known), LINUX, CODEX), prediction);
    assert.deepEqual(predictAssuming(known, undefined, LINUX, CODEX), prediction);
  });

  test('gates that are known to be closed have no condition, those behind them may', () => {
    const known = containerWith({ apparmor: unknown('nobody knows') });
    const obstacles = obstaclesAssuming(known, assuming(containerWith()), LINUX, CODEX);
    assert.deepEqual(
      obstacles.map(({ gate, condition }) => [gate, condition]),
      [
        ['seccomp-userns', undefined],
        ['apparmor', 'unless the image sets options of its own'],
      ],
    );
  });
});
