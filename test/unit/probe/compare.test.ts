import assert from 'node:assert/strict';
import { ERRORS } from '../../../src/model/errors.js';
import type { Prediction } from '../../../src/model/gates.js';
import { compare, confirms, hostOf } from '../../../src/probe/compare.js';
import { CODEX, observe, step } from './records.js';

const FAILS = observe(
  ...CODEX,
  ...step('system-proc', 'fail 1 10', ERRORS.procMount),
  ...step('codex-run', 'fail 1 80', ERRORS.pivotRoot),
);
const WORKS = observe(
  ...CODEX,
  ...step('codex-run', 'ok 0 80'),
  ...step('codex-write-inside', 'ok 0 80'),
  ...step('codex-write-outside', 'ok 2 80'),
);
const UNKNOWN = observe(...CODEX, ...step('codex-run', 'fail 124 20000'));

function prediction(outcome: Prediction['outcome'], gate?: Prediction['gate']): Prediction {
  return {
    host: 'local',
    codex: '0.169.0',
    network: 'restricted',
    outcome,
    gate,
    undecided: undefined,
    error: undefined,
  };
}

suite('probe: measured against foretold', () => {
  for (const [observation, foretold, agreement] of [
    [FAILS, prediction('fails', 'pivot-root'), 'confirmed'],
    [WORKS, prediction('works'), 'confirmed'],
    [WORKS, prediction('fails', 'pivot-root'), 'not seen'],
    [FAILS, prediction('works'), 'not predicted'],
    [FAILS, prediction('fails', 'seccomp-userns'), 'not predicted'],
    [FAILS, prediction('unknown'), 'undecided'],
    [UNKNOWN, prediction('works'), 'undecided'],
  ] as const) {
    const said = `${foretold.outcome} ${foretold.gate ?? ''}`;
    test(`${observation.outcome} ${observation.gate ?? ''}, foretold ${said}: ${agreement}`, () => {
      assert.equal(compare(observation, foretold).agreement, agreement);
    });
  }

  test('the error is what the real sandbox printed', () => {
    assert.equal(compare(FAILS, prediction('works')).error, ERRORS.pivotRoot);
    assert.equal(compare(WORKS, prediction('works')).error, null);
  });

  test('a finding is confirmed by a failure at its gate only', () => {
    assert.equal(confirms(FAILS, 'pivot-root'), true);
    assert.equal(confirms(FAILS, 'proc-mount'), false);
    assert.equal(confirms(WORKS, 'pivot-root'), false);
  });
});

suite('probe: the machine below', () => {
  test('without AppArmor', () => {
    const host = hostOf(observe(['fact', 'engine', 'docker'], ['fact', 'max_user_namespaces', '96365']).facts);
    assert.deepEqual(
      [host.name, host.engine, host.apparmor, host.unprivilegedUserns, host.anyUserns, host.ambientCapabilities],
      ['local', 'docker', undefined, true, true, false],
    );
  });

  test('Ubuntu', () => {
    const { facts } = observe(
      ['fact', 'apparmor.label', 'docker-default (enforce)'],
      ['fact', 'apparmor_restrict_unprivileged_userns', '1'],
    );
    assert.deepEqual(hostOf(facts).apparmor, {
      defaultDenies: 'userns',
      restrictsUnprivilegedUserns: true,
      loadedProfiles: {},
    });
  });

  test('AppArmor 3 denies the mounts', () => {
    const { facts, steps } = observe(
      ['fact', 'apparmor.enabled', 'Y'],
      ...step('system-proc', 'fail 1 0', ERRORS.appArmorMount),
    );
    assert.equal(hostOf(facts, steps).apparmor?.defaultDenies, 'mount');
  });

  test('user namespaces switched off; Podman', () => {
    const host = hostOf(
      observe(
        ['fact', 'engine', 'podman'],
        ['fact', 'max_user_namespaces', '0'],
        ['fact', 'unprivileged_userns_clone', '0'],
      ).facts,
    );
    assert.deepEqual(
      [host.engine, host.anyUserns, host.unprivilegedUserns, host.ambientCapabilities],
      ['podman', false, false, true],
    );
  });

  test('an SELinux label is no AppArmor', () => {
    const { facts } = observe(['fact', 'apparmor.label', 'system_u:system_r:container_t:s0:c1,c2']);
    assert.equal(hostOf(facts).apparmor, undefined);
  });
});
