import assert from 'node:assert/strict';
import { CLONE_NEWUSER } from '../../../../src/model/bwrap/calls.js';
import { ALL_CAPABILITIES, DEFAULT_CAPABILITIES } from '../../../../src/model/container/capabilities.js';
import { evaluate, type SeccompContext, type SystemCall } from '../../../../src/model/seccomp/filter.js';
import { parseSeccompProfile, type SeccompProfile, type SeccompRule } from '../../../../src/model/seccomp/profile.js';
import { DOCKER_DEFAULT_PROFILE, PODMAN_DEFAULT_PROFILE } from '../../../../src/model/seccomp/engineProfiles.js';
import { tailoredProfile } from '../../../../src/model/plan/tailored.js';
import { allowsCall } from '../../allowsCall.js';
import { BWRAP_CALLS, CODEX } from '../../containers.js';

const CAPABILITIES = new Set(DEFAULT_CAPABILITIES);

/** In short: yes, an errno, killed, or ? */
function answer(profile: SeccompProfile, call: SystemCall, context: Partial<SeccompContext> = {}): string {
  const result = evaluate(profile, call, { capabilities: CAPABILITIES, ...context });
  if (result.allowed === undefined) return '?';
  return result.allowed ? 'yes' : String(result.errno ?? 'killed');
}

const X: SystemCall = { name: 'x' };
const x = (...args: readonly number[]): SystemCall => ({ name: 'x', args });
const open = (...syscalls: readonly SeccompRule[]): SeccompProfile => ({ defaultAction: 'SCMP_ACT_ALLOW', syscalls });
const closed = (...syscalls: readonly SeccompRule[]): SeccompProfile => ({ defaultAction: 'SCMP_ACT_ERRNO', syscalls });
const allow = (more: SeccompRule = {}): SeccompRule => ({ names: ['x'], action: 'SCMP_ACT_ALLOW', ...more });
const fail = (errnoRet: number, more: SeccompRule = {}): SeccompRule => ({
  names: ['x'],
  action: 'SCMP_ACT_ERRNO',
  errnoRet,
  ...more,
});
const when = (op: string, value: number | bigint, index = 0, valueTwo = 0): Pick<SeccompRule, 'args'> => ({
  args: [{ index, value, valueTwo, op: `SCMP_CMP_${op}` }],
});

suite('seccomp: actions', () => {
  for (const [action, expected] of Object.entries({
    ALLOW: 'yes',
    LOG: 'yes',
    ERRNO: '1',
    TRACE: '38',
    KILL: 'killed',
    KILL_THREAD: 'killed',
    KILL_PROCESS: 'killed',
    TRAP: 'killed',
  })) {
    test(`${action} as the default and in a rule`, () => {
      assert.equal(answer({ defaultAction: `SCMP_ACT_${action}`, syscalls: [] }, X), expected);
      const other = action === 'ALLOW' ? closed : open;
      assert.equal(answer(other({ names: ['y', 'x'], action: `SCMP_ACT_${action}` }), X), expected);
      assert.equal(answer(other({ name: 'x', action: `SCMP_ACT_${action}` }), X), expected);
      assert.equal(answer(other({ names: ['y'], action: `SCMP_ACT_${action}` }), X), answer(other(), X));
    });
  }

  test('NOTIFY asks a program that nobody knows', () => {
    assert.equal(answer({ ...open({ names: ['x'], action: 'SCMP_ACT_NOTIFY' }), listenerPath: '/x' }, X), '?');
  });

  test('no default and no rules filter nothing; no default and rules are no profile', () => {
    assert.equal(answer({ syscalls: [] }, X), 'yes');
    assert.equal(answer({ defaultAction: '', syscalls: [] }, X), 'yes');
    assert.equal(answer({ syscalls: [allow({ includes: { arches: ['s390x'] } })] }, X), '?');
  });

  test('errno: 16 bits of it, and what 0 leads to is not known', () => {
    assert.equal(answer(open(fail(38)), X), '38');
    assert.equal(answer(open(fail(65537)), X), '1');
    assert.equal(answer(open(fail(0)), X), '?');
    assert.equal(answer(open(fail(65536)), X), '?');
    assert.equal(answer({ ...closed(), defaultErrnoRet: 38 }, X), '38');
    assert.equal(answer({ ...closed(), defaultErrnoRet: 2n ** 54n + 5n }, X), '5');
  });
});

suite('seccomp: comparisons', () => {
  for (const [op, below, same, above] of [
    ['NE', true, false, true],
    ['LT', true, false, false],
    ['LE', true, true, false],
    ['EQ', false, true, false],
    ['GE', false, true, true],
    ['GT', false, false, true],
  ] as const) {
    test(op, () => {
      const profile = closed(allow(when(op, 5, 1)));
      assert.deepEqual(
        [4, 5, 6].map((value) => answer(profile, x(9, value)) === 'yes'),
        [below, same, above],
      );
      assert.deepEqual(
        [0, 5].map((value) => answer(closed(allow(when(op, value))), X) === 'yes'),
        [same, below],
        'a missing argument is 0',
      );
    });
  }

  test('MASKED_EQ masks both sides', () => {
    const masked = (value: number | bigint, valueTwo: number, actual: number): string =>
      answer(closed(allow(when('MASKED_EQ', value, 0, valueTwo))), x(actual));
    assert.equal(masked(6, 2, 3), 'yes');
    assert.equal(masked(6, 3, 2), 'yes');
    assert.equal(masked(6, 2, 4), '1');
    assert.equal(masked(2n ** 64n - 1n, 7, 7), 'yes');
    assert.equal(masked(2n ** 64n - 1n, 7, 6), '1');
  });

  test('no value, index or valueTwo is 0; an operator that nobody knows holds never', () => {
    assert.equal(answer(closed(allow({ args: [{ op: 'SCMP_CMP_EQ' }] })), x(0, 1)), 'yes');
    assert.equal(answer(closed(allow({ args: [{ op: 'SCMP_CMP_EQ' }] })), x(1, 0)), '1');
    assert.equal(answer(closed(allow({ args: [{ value: 4, op: 'SCMP_CMP_MASKED_EQ' }] })), x(3)), 'yes');
    assert.equal(answer(closed(allow({ args: [{ value: 4, op: 'SCMP_CMP_MASKED_EQ' }] })), x(4)), '1');
    assert.equal(answer(closed(allow({ args: [{}] })), X), '1');
  });

  test('all of a rule, but one of them where two are about the same argument', () => {
    const one = { index: 0, value: 1, op: 'SCMP_CMP_EQ' };
    const two = { index: 1, value: 2, op: 'SCMP_CMP_EQ' };
    assert.equal(answer(closed(allow({ args: [one, two] })), x(1, 2)), 'yes');
    assert.equal(answer(closed(allow({ args: [one, two] })), x(1, 3)), '1');
    assert.equal(answer(closed(allow({ args: [one, two] })), x(0, 2)), '1');
    assert.equal(answer(closed(allow({ args: [one, two, { ...one, value: 5 }] })), x(0, 2)), 'yes');
    assert.equal(answer(closed(allow({ args: [one, { value: 5, op: 'SCMP_CMP_EQ' }] })), x(5)), 'yes');
    assert.equal(answer(closed(allow({ args: [] })), x(5)), 'yes');
  });
});

suite('seccomp: several rules', () => {
  test('the first without comparisons wins, wherever it stands', () => {
    assert.equal(answer(open(fail(2), fail(3)), X), '2');
    assert.equal(answer(open(fail(5, when('EQ', 1)), fail(2), fail(3)), x(1)), '2');
    assert.equal(answer(closed(allow(), fail(38)), X), 'yes');
  });

  test('what does as the default does is left out', () => {
    assert.equal(answer(closed(fail(1), allow()), X), 'yes');
    assert.equal(answer(open(allow(), fail(2)), X), '2');
    assert.equal(answer({ ...closed(fail(5), allow()), defaultErrnoRet: 5 }, X), 'yes');
    assert.equal(answer({ ...closed(fail(1), allow()), defaultErrnoRet: 5 }, X), '1');
    assert.equal(answer(closed(fail(65537), allow()), X), 'yes');
  });

  test('exact comparisons that agree add up', () => {
    const profile = closed(allow(when('EQ', 1)), allow(when('MASKED_EQ', 4, 0, 4)));
    assert.deepEqual(
      [1, 4, 5, 2].map((value) => answer(profile, x(value))),
      ['yes', 'yes', 'yes', '1'],
    );
  });

  test('exact comparisons that differ: known where only one holds', () => {
    const profile = open(fail(2, when('EQ', 1)), fail(3, when('EQ', 2, 1)));
    assert.deepEqual(
      [x(1, 0), x(0, 2), x(1, 2), x(0, 0)].map((call) => answer(profile, call)),
      ['2', '3', '?', 'yes'],
    );
  });

  test('the same comparison with different actions is refused: not known for any call', () => {
    assert.equal(answer(open(fail(2, when('EQ', 1)), fail(3, when('EQ', 1))), X), '?');
    assert.equal(answer(open(fail(2, when('EQ', 1)), fail(3, when('EQ', 1)), fail(4)), X), '?');
    assert.equal(answer(open(fail(2, when('EQ', 1)), fail(3, when('EQ', 1, 0, 9))), X), '?', 'EQ has no valueTwo');
    assert.equal(answer(open(fail(2, when('EQ', 1)), fail(3, when('EQ', 1, 1))), x(1)), '2');
    assert.equal(answer(open(fail(2, when('EQ', 1)), fail(3, when('MASKED_EQ', 1, 0, 1))), x(0)), 'yes');
    assert.equal(answer(open(fail(2, when('MASKED_EQ', 1, 0, 1)), fail(3, when('MASKED_EQ', 1, 0, 3))), X), '?');
    assert.equal(answer(open(fail(2, when('MASKED_EQ', 3, 0, 1)), fail(3, when('MASKED_EQ', 3, 0, 2))), x(2)), '3');
    assert.equal(answer(open(fail(2, when('MASKED_EQ', 1, 0, 1)), fail(3, when('MASKED_EQ', 3, 0, 1))), x(5)), '?');
    const twice = { args: [...(when('EQ', 1).args ?? []), ...(when('EQ', 1).args ?? [])] };
    assert.equal(answer(open(fail(2, twice)), x(1)), '2');
    assert.equal(answer(open(fail(2, { args: [{ op: 'SCMP_CMP_EQ' }] }), fail(3, when('EQ', 0))), X), '?');
  });

  test('beside other comparisons, those of size and masks of nothing are not known', () => {
    for (const inexact of [
      when('NE', 9),
      when('LT', 9),
      when('LE', 9),
      when('GE', 9),
      when('GT', 9),
      when('MASKED_EQ', 0),
    ]) {
      assert.equal(answer(closed(allow(inexact), allow(when('EQ', 1))), x(1)), '?');
      assert.equal(answer(closed(allow(inexact), allow()), x(1)), 'yes');
      assert.equal(answer(open(fail(2, inexact), fail(3, when('EQ', 1)), fail(4)), x(1)), '?');
      assert.notEqual(answer(closed(allow(inexact)), x(1)), '?');
    }
    assert.equal(answer(closed(allow({ args: [{ op: 'SCMP_CMP_MASKED_EQ' }] }), allow(when('EQ', 1))), x(1)), '?');
    assert.equal(answer(open(fail(2, when('NE', 9)), fail(3)), x(1)), '3');
  });
});

suite('seccomp: conditions', () => {
  const included = (includes: SeccompRule['includes'], context: Partial<SeccompContext> = {}): string =>
    answer(closed(allow(includes ? { includes } : {})), X, context);
  const excluded = (excludes: SeccompRule['excludes'], context: Partial<SeccompContext> = {}): string =>
    answer(closed(allow(excludes ? { excludes } : {})), X, context);

  test('capabilities of the container, with CAP_ in the profile', () => {
    assert.equal(included({ caps: ['CAP_CHOWN', 'CAP_KILL'] }), 'yes');
    assert.equal(included({ caps: ['CAP_CHOWN', 'CAP_SYS_ADMIN'] }), '1');
    assert.equal(included({ caps: ['CHOWN'] }), '1');
    assert.equal(included({ caps: ['XXX_CHOWN'] }), '1');
    assert.equal(included({ caps: [] }), 'yes');
    assert.equal(excluded({ caps: ['CAP_SYS_ADMIN', 'CAP_CHOWN'] }), '1');
    assert.equal(excluded({ caps: ['CAP_SYS_ADMIN', 'CHOWN'] }), 'yes');
    assert.equal(included({ caps: ['CAP_SYS_ADMIN'] }, { capabilities: new Set(ALL_CAPABILITIES) }), 'yes');
  });

  test('the architecture', () => {
    assert.equal(included({ arches: ['arm64', 'amd64'] }), 'yes');
    assert.equal(included({ arches: ['arm64'] }), '1');
    assert.equal(included({ arches: ['arm64'] }, { arch: 'arm64' }), 'yes');
    assert.equal(included({ arches: [] }), 'yes');
    assert.equal(excluded({ arches: ['amd64'] }), '1');
    assert.equal(excluded({ arches: ['arm64'] }), 'yes');
  });

  test('the kernel, where it is known', () => {
    assert.equal(included({ minKernel: '5.10' }, { kernel: '5.9' }), '1');
    assert.equal(included({ minKernel: '5.10' }, { kernel: '5.10' }), 'yes');
    assert.equal(excluded({ minKernel: '5.10' }, { kernel: '5.9' }), 'yes');
    assert.equal(excluded({ minKernel: '5.10' }, { kernel: '5.10' }), '1');
    assert.equal(included({ minKernel: '' }, { kernel: '5.9' }), 'yes');
    assert.equal(excluded({ minKernel: '' }, { kernel: '5.9' }), 'yes');
  });

  test('the kernel, where it is not known: 4.18 or newer', () => {
    assert.equal(included({ minKernel: '4.18' }), 'yes');
    assert.equal(excluded({ minKernel: '4.8' }), '1');
    assert.equal(included({ minKernel: '4.19' }), '?');
    assert.equal(excluded({ minKernel: '5.10' }), '?');
    const either = closed(allow({ includes: { minKernel: '5.10' } }), allow({ excludes: { minKernel: '5.10' } }));
    assert.equal(answer(either, X), 'yes');
    const gap = open(fail(1, { includes: { minKernel: '5.10' }, excludes: { minKernel: '6.1' } }));
    assert.equal(answer(gap, X), '?');
    assert.equal(answer(gap, { name: 'y' }), 'yes');
  });

  test('a rule that Docker refuses where it applies: not known there, for any call', () => {
    const bad = (includes: SeccompRule['includes']): SeccompProfile =>
      open({ names: ['other'], action: 'X', ...(includes ? { includes } : {}) });
    assert.equal(answer(bad({ caps: ['CAP_CHOWN'] }), X), '?');
    assert.equal(answer(bad({ caps: ['CAP_SYS_ADMIN'] }), X), 'yes');
    assert.equal(answer(open(allow({ names: ['other'], includes: { caps: ['CAP_CHOWN'] } })), X), 'yes');
  });
});

suite('seccomp: the calls of bubblewrap', () => {
  const sysAdmin = new Set([...DEFAULT_CAPABILITIES, 'SYS_ADMIN']);
  const all = (profile: SeccompProfile, capabilities: ReadonlySet<string> = CAPABILITIES): string =>
    Object.values(BWRAP_CALLS)
      .map((call) => answer(profile, call, { capabilities }))
      .join(' ');

  test('are these, with the flags of Codex 0.169', () => {
    assert.equal(CLONE_NEWUSER, 268435456);
    assert.deepEqual(BWRAP_CALLS, {
      clone: { name: 'clone', args: [2013397009] },
      mount: { name: 'mount', args: [0, 0, 0, 573440] },
      pivotRoot: { name: 'pivot_root' },
      umount: { name: 'umount2', args: [0, 2] },
      unshare: { name: 'unshare', args: [268435456] },
    });
  });

  test('Docker’s default refuses all; with SYS_ADMIN pivot_root; Podman’s none', () => {
    assert.equal(all(DOCKER_DEFAULT_PROFILE), '1 1 1 1 1');
    assert.equal(all(DOCKER_DEFAULT_PROFILE, sysAdmin), 'yes yes 1 yes yes');
    assert.equal(all(PODMAN_DEFAULT_PROFILE), 'yes yes yes yes yes');
    assert.equal(all(PODMAN_DEFAULT_PROFILE, new Set()), 'yes yes yes yes yes');
  });

  test('the tailored profile allows them, and nothing else that clone and unshare do', () => {
    const user = tailoredProfile(DOCKER_DEFAULT_PROFILE, CODEX);
    const root = tailoredProfile(DOCKER_DEFAULT_PROFILE, CODEX, true);
    assert.equal(all(user), 'yes yes yes yes yes');
    assert.equal(all(root), 'yes yes yes yes 1');
    assert.equal(answer(user, { name: 'unshare', args: [0x20000000] }), '1');
    assert.equal(answer(user, { name: 'clone', args: [0x20000000] }), '1');
    assert.equal(answer(user, { name: 'keyctl' }), '1');
    const [calls, rest] = user.syscalls;
    assert.match(calls?.comment ?? '', /^Added for Codex's sandbox \(bubblewrap\): only to create a user namespace/);
    assert.match(rest?.comment ?? '', /^Added for Codex's sandbox \(bubblewrap\): .*SYS_ADMIN/);
    assert.equal(user.defaultAction, 'SCMP_ACT_ERRNO');
    assert.equal(parseSeccompProfile(JSON.stringify(user)).syscalls.length, user.syscalls.length);
  });

  test('a profile without a default action stays one that Docker takes', () => {
    const tailored = tailoredProfile(parseSeccompProfile('{}'), CODEX);
    assert.equal(all(parseSeccompProfile(JSON.stringify(tailored))), 'yes yes yes yes yes');
    assert.equal(tailored.defaultAction, 'SCMP_ACT_ALLOW');
  });

  test('allowsCall says yes only where it is known', () => {
    assert.equal(allowsCall(open(), X, CAPABILITIES), true);
    assert.equal(allowsCall(closed(), X, CAPABILITIES), false);
    assert.equal(allowsCall(open(fail(0)), X, CAPABILITIES), false);
    assert.equal(allowsCall(DOCKER_DEFAULT_PROFILE, BWRAP_CALLS.mount, sysAdmin), true);
  });

  test('the engines’ profiles are whole', () => {
    assert.equal(DOCKER_DEFAULT_PROFILE.defaultAction, 'SCMP_ACT_ERRNO');
    assert.equal(PODMAN_DEFAULT_PROFILE.defaultAction, 'SCMP_ACT_ERRNO');
    assert.equal(PODMAN_DEFAULT_PROFILE.syscalls.length, 35);
  });
});
