import assert from 'node:assert/strict';
import { known, unknown, type Container } from '../../../../src/model/container/container.js';
import { predict } from '../../../../src/model/sandbox/predict.js';
import { HOSTS } from '../../../../src/model/host.js';
import { OPENAI_SECURE_PROFILE } from '../../../../src/model/plan/recipes.js';
import { givenAway } from '../../../../src/model/plan/relaxations.js';
import { bwrap, CODEX, containerWith } from '../../containers.js';

const SEVEN = ['SYS_ADMIN', 'SYS_CHROOT', 'SETUID', 'SETGID', 'SYS_PTRACE', 'NET_ADMIN', 'NET_RAW'];

suite('OpenAI’s secure profile', () => {
  const { relaxations, title, caveats } = OPENAI_SECURE_PROFILE;
  const apply = (container: Container): Container => OPENAI_SECURE_PROFILE.apply(container, CODEX);
  const outcome = (container: Container): string => predict(apply(container), HOSTS['docker-ubuntu'], CODEX).outcome;

  test('is what OpenAI’s own dev container has, under a name, with what to know before', () => {
    assert.equal(title, "OpenAI's secure profile");
    assert.deepEqual(relaxations, [
      'bwrap-setuid',
      ...SEVEN.map((name) => `cap-${name}`),
      'seccomp-unconfined',
      'apparmor-unconfined',
    ]);
    assert.deepEqual(caveats, [
      'bubblewrap 0.11.2 and later refuse setuid, so the base must be older, such as Debian 12 or Ubuntu 24.04.',
      "It disables Docker's system-call filter (seccomp), and adds NET_RAW where that was dropped.",
    ]);
  });

  test('works on the host for which it was made', () => {
    assert.equal(outcome(containerWith()), 'works');
    assert.equal(outcome(containerWith({ bwrap: bwrap('0.9.0', true), capDrop: [known('SYS_CHROOT')] })), 'works');
  });

  test('changes bubblewrap, the capabilities and both profiles', () => {
    const container = containerWith({
      capAdd: [known('BPF')],
      capDrop: [known('KILL'), known('SETGID'), known('ALL')],
    });
    const changed = {
      ...container,
      capAdd: [known('BPF'), ...SEVEN.map((name) => known(name))],
      capDrop: [known('KILL'), known('ALL')],
      seccomp: known({ kind: 'unconfined' }),
      apparmor: known({ kind: 'unconfined' }),
    };
    assert.deepEqual(apply(container), { ...changed, bwrap: bwrap('0.8.0', true) });
    const setuid = { ...container, bwrap: bwrap('0.9.0', true) };
    assert.deepEqual(apply(setuid), { ...changed, bwrap: bwrap('0.9.0', true) });
  });

  test('is not for a bubblewrap that refuses setuid, nor for no-new-privileges', () => {
    const setuidUnknown = { ...bwrap('0.8.0'), setuid: unknown<boolean>('x') };
    const versionUnknown = { ...bwrap('', true), version: unknown<string>('x') };
    for (const [changes, expected] of [
      [{}, true],
      [{ bwrap: bwrap('0.8.0') }, true],
      [{ bwrap: bwrap('0.8.0', true) }, true],
      [{ bwrap: bwrap('0.12.0') }, false],
      [{ bwrap: bwrap('0.12.0', true) }, false],
      [{ bwrap: setuidUnknown }, false],
      [{ bwrap: versionUnknown }, false],
      [{ noNewPrivileges: known(true) }, false],
      [{ noNewPrivileges: unknown<boolean>('x') }, false],
    ] as const) {
      assert.equal(OPENAI_SECURE_PROFILE.applies(containerWith(changes), CODEX), expected, JSON.stringify(changes));
    }
  });

  test('names what it gives away, the dearest first', () => {
    const things = givenAway(relaxations, CODEX);
    assert.equal(things[0], 'makes root in the container nearly root on the host');
    assert.ok(things.some((thing) => thing.includes('system-call filter')));
  });
});
