import assert from 'node:assert/strict';
import { ERRORS } from '../../../src/model/bwrap/errors.js';
import { CODEX_ERRORS } from '../../../src/model/agents/codex/errors.js';
import { known } from '../../../src/model/container/container.js';
import { predict, type Prediction } from '../../../src/model/sandbox/predict.js';
import { compare, confirms, containerSeen, failedForWorkspace, hostOf } from '../../../src/probe/compare.js';
import { CODEX as FROM_NPM, containerWith } from '../containers.js';
import { CODEX, observe, step, SYSTEM_BWRAP } from './records.js';

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
    agent: 'codex',
    version: '0.169.0',
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

suite('probe: what no file tells of the container', () => {
  const DENIED = "bwrap: Can't mkdir /w/.git: Permission denied";
  const folder = [
    ['fact', 'workspace', '/w'],
    ['fact', 'workspace.refuses', 'EACCES'],
    ['fact', 'workspace.present', '.agents'],
  ] as const;
  const open = containerWith({ seccomp: known({ kind: 'unconfined' }) });

  test('the workspace folder is foretold with what was seen of it, and confirmed', () => {
    const observation = observe(
      ...CODEX,
      ...folder,
      ...step('codex-workspace', 'fail 1 80', DENIED),
      ...step('codex-run', 'fail 1 80', ERRORS.procMount),
    );
    const { facts, steps } = observation;
    const container = containerSeen(open, facts);
    assert.deepEqual(container.workspace, {
      path: '/w',
      refuses: 'EACCES',
      present: ['.agents'],
      links: [],
      unreadable: [],
    });
    const foretold = predict(container, hostOf(facts, steps), FROM_NPM);
    const measured = compare(observation, foretold);
    assert.deepEqual([foretold.error, measured.error, measured.agreement], [DENIED, DENIED, 'confirmed']);
  });

  test('nothing is added where nothing is known, and what lets things be created refuses nothing', () => {
    assert.equal(containerSeen(open, observe().facts), open);
    const { facts } = observe(['fact', 'workspace', '/w'], ['fact', 'workspace.refuses', 'nothing']);
    assert.deepEqual(containerSeen(open, facts).workspace, {
      path: '/w',
      refuses: undefined,
      present: [],
      links: [],
      unreadable: [],
    });
  });

  test('the error is the one of the gate, whichever step came first', () => {
    const observation = observe(
      ...CODEX,
      ...folder,
      ...step('codex-workspace', 'fail 1 80', 'something else'),
      ...step('codex-run', 'fail 1 80', ERRORS.pivotRoot),
    );
    assert.equal(observation.gate, 'pivot-root');
    assert.equal(compare(observation, prediction('works')).error, ERRORS.pivotRoot);
  });

  test('no finding about a read-only root is confirmed by it', () => {
    const observation = observe(
      ...CODEX,
      ...folder,
      ...step('codex-workspace', 'fail 1 80', DENIED),
      ...step('codex-run', 'ok 0 80'),
    );
    assert.equal(observation.gate, 'writable-paths');
    assert.equal(confirms(observation, 'writable-paths'), false);
    assert.equal(failedForWorkspace(observation), true);
    const readOnly = observe(...CODEX, ...step('codex-run', 'fail 1 80', CODEX_ERRORS.readOnly));
    assert.equal(confirms(readOnly, 'writable-paths'), true);
  });

  test('nor by what bwrap says where Codex is not installed', () => {
    const observation = observe(
      ...SYSTEM_BWRAP,
      ...folder,
      ...step('system-dev', 'ok 0 10'),
      ...step('system-workspace', 'fail 1 10', DENIED),
      ...step('system-proc', 'fail 1 10', ERRORS.procMount),
      ['skip', 'codex-run', 'Codex is not installed'],
    );
    assert.equal(observation.gate, 'writable-paths');
    assert.equal(compare(observation, prediction('works')).error, DENIED);
    assert.equal(confirms(observation, 'writable-paths'), false);
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
      attachedTo: undefined,
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
