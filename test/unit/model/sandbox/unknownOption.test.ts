import assert from 'node:assert/strict';
import { SETUID_BWRAP_CAPABILITIES } from '../../../../src/model/container/capabilities.js';
import type { AgentRequest } from '../../../../src/model/agent/request.js';
import { known, unknown, type Container } from '../../../../src/model/container/container.js';
import { predict } from '../../../../src/model/sandbox/predict.js';
import { HOSTS } from '../../../../src/model/host.js';
import { obstaclesOn } from '../../../../src/model/plan/obstacles.js';
import { plan } from '../../../../src/model/plan/plan.js';
import { diagnose } from '../../../../src/model/sandbox/symptoms.js';
import { bwrap, CODEX, containerWith } from '../../containers.js';

const HOST = HOSTS['docker-desktop'];
const OPEN = known({ kind: 'unconfined' } as const);

function codex(version: string): AgentRequest {
  return { ...CODEX, version };
}

function gateOf(changes: Partial<Container>, version = '0.116.0'): string {
  const { outcome, gate, error } = predict(containerWith({ seccomp: OPEN, ...changes }), HOST, codex(version));
  return [outcome, gate, error].filter(Boolean).join(' ');
}

const UNKNOWN_OPTION = 'fails bwrap-available bwrap: Unknown option --argv0';

suite('Codex 0.116.0 and the option --argv0', () => {
  test('a bubblewrap before 0.9 does not know it; the one that comes with Codex and newer ones do', () => {
    assert.equal(gateOf({ bwrap: bwrap('0.4.1') }), UNKNOWN_OPTION);
    assert.equal(gateOf({ bwrap: bwrap('0.8.0') }), UNKNOWN_OPTION);
    assert.equal(gateOf({ bwrap: bwrap('0.9.0') }), 'works');
    assert.equal(gateOf({}), 'works');
  });

  test('it is met before the system call filter, and behind what bubblewrap looks at first', () => {
    const seccomp = known({ kind: 'default' } as const);
    assert.equal(gateOf({ seccomp, bwrap: bwrap('0.8.0') }), UNKNOWN_OPTION);
    assert.match(gateOf({ bwrap: bwrap('0.8.0', true) }), /^fails bwrap-privileges/);
    const capAdd = SETUID_BWRAP_CAPABILITIES.map((name) => known(name));
    assert.equal(gateOf({ capAdd, bwrap: bwrap('0.8.0', true) }), UNKNOWN_OPTION);
  });

  test('no other version does so', () => {
    for (const version of ['0.115.0', '0.117.0', '0.120.0', '0.130.0', '0.169.0']) {
      assert.equal(gateOf({ bwrap: bwrap('0.8.0') }, version), 'works', version);
    }
  });

  test('where the version of bubblewrap, or whether there is one, is not known, neither is this', () => {
    const unread = { ...bwrap('0.8.0'), version: unknown<string>('it cannot be read') };
    assert.equal(gateOf({ bwrap: unread }), 'unknown');
    assert.equal(gateOf({ bwrap: { ...unread, presence: unknown<'present'>('it cannot be read') } }), 'unknown');
    assert.equal(gateOf({ bwrap: { ...bwrap('0.9.0'), presence: unknown<'present'>('it cannot be read') } }), 'works');
  });

  test('a plan leaves it out, the gates behind it are known, and the text is understood', () => {
    const place = { file: 'Dockerfile', range: { start: { line: 1, character: 0 }, end: { line: 1, character: 9 } } };
    const container = containerWith({ bwrap: { ...bwrap('0.8.0'), presence: known('present', place) } });
    assert.deepEqual(
      plan(container, [HOST], codex('0.116.0'))?.relaxations.map(({ id }) => id),
      ['bwrap-removed', 'seccomp-tailored'],
    );
    assert.deepEqual(
      obstaclesOn(container, HOST, codex('0.116.0')).map(({ gate }) => gate),
      ['bwrap-available', 'seccomp-userns'],
    );
    const symptom = diagnose('bwrap: Unknown option --argv0');
    assert.equal(symptom?.gate, 'bwrap-available');
    assert.match(symptom.remedy, /0\.117\.0/);
  });
});
