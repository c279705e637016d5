import assert from 'node:assert/strict';
import fc from 'fast-check';
import { evaluate, type SystemCall } from '../../../../src/model/seccomp/filter.js';
import type { SeccompProfile } from '../../../../src/model/seccomp/profile.js';
import { namesOf, parseSeccompProfile } from '../../../../src/model/seccomp/profile.js';
import { DOCKER_DEFAULT_PROFILE } from '../../../../src/model/seccomp/engineProfiles.js';
import { tailoredProfile } from '../../../../src/model/plan/tailored.js';
import { cases } from '../../cases.js';
import { BWRAP_CALLS, CODEX } from '../../containers.js';

const NEWUSER = 0x10000000;
const NEWNS = 0x20000;
const NEWNET = 0x40000000;
const FORK = 0x01200011;

function answer(profile: SeccompProfile, name: string, ...args: readonly number[]): string {
  const { allowed } = evaluate(profile, { name, args }, { capabilities: new Set() });
  return allowed === undefined ? 'unknown' : allowed ? 'yes' : 'no';
}

function refusing(...syscalls: readonly object[]): SeccompProfile {
  return parseSeccompProfile(JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW', syscalls }));
}

function fail(name: string, args?: readonly object[], more: object = {}): object {
  return { names: [name], action: 'SCMP_ACT_ERRNO', ...(args && { args }), ...more };
}

function masked(value: number, valueTwo = value, index = 0): object {
  return { index, value, valueTwo, op: 'SCMP_CMP_MASKED_EQ' };
}

function letsBwrap(profile: SeccompProfile, except?: string): boolean {
  return Object.values(BWRAP_CALLS).every(
    (call: SystemCall) => call.name === except || evaluate(profile, call, { capabilities: new Set() }).allowed === true,
  );
}

suite('the tailored profile where what is not named is allowed', () => {
  test('of a refused unshare only the plain new user namespace is given', () => {
    const tailored = tailoredProfile(refusing(fail('unshare')), CODEX);
    assert.deepEqual(
      [NEWUSER, 0, NEWNS, NEWNET, NEWUSER | NEWNS, NEWUSER | NEWNET, NEWUSER | 0x80].map((flags) =>
        answer(tailored, 'unshare', flags),
      ),
      ['yes', 'no', 'no', 'no', 'no', 'no', 'no'],
    );
    assert.equal(letsBwrap(tailored), true);
    assert.equal(answer(tailoredProfile(refusing(fail('unshare')), CODEX, true), 'unshare', NEWUSER), 'no', 'for root');
  });

  test('of a refused clone with a user namespace the one without a mount namespace stays refused', () => {
    const tailored = tailoredProfile(refusing(fail('clone', [masked(NEWUSER)])), CODEX);
    assert.deepEqual(
      [NEWUSER, NEWUSER | NEWNET, NEWUSER | NEWNS | NEWNET, NEWNET, FORK].map((flags) =>
        answer(tailored, 'clone', flags),
      ),
      ['no', 'no', 'yes', 'yes', 'yes'],
    );
  });

  test('of a clone that is refused altogether forking is given back, and no namespace by itself', () => {
    const tailored = tailoredProfile(refusing(fail('clone')), CODEX);
    assert.deepEqual(
      [NEWUSER, NEWUSER | NEWNS | NEWNET, NEWNET, NEWNS, FORK].map((flags) => answer(tailored, 'clone', flags)),
      ['no', 'yes', 'no', 'no', 'yes'],
    );
  });

  test('umount2 is given with MNT_DETACH alone, mount without MS_MOVE, MS_SHARED and MS_UNBINDABLE', () => {
    const tailored = tailoredProfile(refusing(fail('umount2'), fail('mount'), fail('pivot_root')), CODEX);
    assert.deepEqual(
      [0, 1, 2, 3, 10].map((flags) => answer(tailored, 'umount2', 0, flags)),
      ['no', 'no', 'yes', 'no', 'no'],
    );
    assert.deepEqual(
      [0x8c000, 0x1000, 0x2000, 0x100000, 0x20000].map((flags) => answer(tailored, 'mount', 0, 0, 0, flags)),
      ['yes', 'yes', 'no', 'no', 'no'],
    );
    assert.equal(answer(tailored, 'pivot_root'), 'yes');
  });

  test('refusals that do not concern bubblewrap stay word for word in effect', () => {
    const own = refusing(
      fail('unshare', [masked(NEWNET)]),
      fail('mount', [masked(0x2000, 0x2000, 3)]),
      fail('clone', [{ index: 0, value: NEWNET, op: 'SCMP_CMP_EQ' }]),
    );
    const tailored = tailoredProfile(own, CODEX);
    assert.equal(answer(tailored, 'unshare', NEWNET), 'no');
    assert.equal(answer(tailored, 'unshare', NEWUSER | NEWNET), 'no');
    assert.equal(answer(tailored, 'mount', 0, 0, 0, 0x2000), 'no');
    assert.equal(answer(tailored, 'clone', NEWNET), 'no');
    assert.equal(answer(tailored, 'clone', NEWNET | 17), 'yes');
  });

  test('answer, errno and conditions of a refusal stay', () => {
    const tailored = tailoredProfile(
      refusing(fail('umount2', undefined, { errnoRet: 38, excludes: { caps: ['CAP_SYS_ADMIN'] }, comment: 'why' })),
      CODEX,
    );
    assert.ok(tailored.syscalls.length > 0);
    for (const rule of tailored.syscalls) {
      assert.equal(rule.errnoRet, 38);
      assert.deepEqual(rule.excludes, { caps: ['CAP_SYS_ADMIN'] });
      assert.match(rule.comment ?? '', /^refused as before/);
    }
  });

  test('what libseccomp could get wrong is given altogether: other answers, comparisons of size, a rule that logs', () => {
    for (const rules of [
      [fail('unshare'), fail('unshare', [masked(NEWNS)], { errnoRet: 38 })],
      [fail('unshare', [{ index: 0, value: 5, op: 'SCMP_CMP_GT' }])],
      [fail('unshare', [masked(NEWNS)]), { names: ['unshare'], action: 'SCMP_ACT_LOG' }],
      [fail('unshare', [masked(0, 0)])],
    ]) {
      const tailored = tailoredProfile(refusing(...rules), CODEX);
      assert.deepEqual(
        tailored.syscalls.filter(({ action }) => action !== 'SCMP_ACT_LOG'),
        [],
      );
    }
  });

  test('two comparisons of one argument are two rules, as runc has it', () => {
    const tailored = tailoredProfile(refusing(fail('unshare', [masked(NEWUSER), masked(NEWNET)])), CODEX);
    assert.equal(answer(tailored, 'unshare', NEWUSER), 'yes');
    assert.equal(answer(tailored, 'unshare', NEWNET), 'no');
    assert.equal(answer(tailored, 'unshare', NEWUSER | NEWNET), 'no');
  });

  test('a default that logs counts as one that allows', () => {
    const own = { ...refusing(fail('unshare')), defaultAction: 'SCMP_ACT_LOG' };
    assert.equal(answer(tailoredProfile(own, CODEX), 'unshare', NEWNET), 'no');
    assert.equal(letsBwrap(tailoredProfile(own, CODEX)), true);
  });

  test('numbers above 2^53 stay exact', () => {
    const own = refusing(fail('unshare', [{ index: 1, value: 1, valueTwo: 1, op: 'SCMP_CMP_EQ' }, masked(NEWNET)]));
    const large: SeccompProfile = {
      ...own,
      syscalls: [
        {
          names: ['unshare'],
          action: 'SCMP_ACT_ERRNO',
          args: [{ index: 0, value: 2n ** 63n + 1n, valueTwo: 2n ** 63n, op: 'SCMP_CMP_MASKED_EQ' }],
        },
      ],
    };
    const values = tailoredProfile(large, CODEX).syscalls.flatMap(({ args = [] }) => args.map(({ value }) => value));
    assert.ok(values.length > 0 && values.every((value) => typeof value === 'bigint' && value >= 2n ** 63n));
  });

  const flags = fc.constantFrom(0, NEWUSER, NEWNS, NEWNET, NEWUSER | NEWNS, NEWUSER | NEWNET, 2, 3, 0x2000, 0x100000);
  const comparison = fc.record({
    index: fc.constantFrom(0, 1, 3),
    value: flags,
    valueTwo: flags,
    op: fc.constantFrom('SCMP_CMP_MASKED_EQ', 'SCMP_CMP_MASKED_EQ', 'SCMP_CMP_EQ', 'SCMP_CMP_NE', 'SCMP_CMP_LT'),
  });
  const call = fc.constantFrom('clone', 'unshare', 'mount', 'umount2', 'pivot_root');
  const rule = fc.record({
    names: fc.uniqueArray(call, { minLength: 1, maxLength: 2 }),
    action: fc.constantFrom('SCMP_ACT_ERRNO', 'SCMP_ACT_ERRNO', 'SCMP_ACT_KILL'),
    args: fc.array(comparison, { maxLength: 2 }),
  });

  test('bubblewrap may do what it needs, and nothing is refused that was allowed', () => {
    let kept = 0;
    const holds = (rules: readonly object[], name: string, one: number, two: number, forRoot: boolean): void => {
      const own = refusing(...rules);
      const tailored = tailoredProfile(own, CODEX, forRoot);
      assert.equal(letsBwrap(tailored, forRoot ? 'unshare' : undefined), true);
      const args = [one, two, 0, one];
      const [before, after] = [answer(own, name, ...args), answer(tailored, name, ...args)];
      if (before === 'yes') assert.equal(after, 'yes');
      if (before === 'no' && after === 'no') kept++;
    };
    fc.assert(fc.property(fc.array(rule, { maxLength: 3 }), call, flags, flags, fc.boolean(), holds), {
      numRuns: cases(2000),
      endOnFailure: true,
    });
    assert.ok(kept > 0);
  });
});

suite('the rules that a tailored profile begins with', () => {
  const begun = tailoredProfile(DOCKER_DEFAULT_PROFILE, CODEX);
  const added = begun.syscalls.slice(0, -DOCKER_DEFAULT_PROFILE.syscalls.length);
  const ended = { ...begun, syscalls: [...DOCKER_DEFAULT_PROFILE.syscalls, ...added] };
  const names = [...new Set(begun.syscalls.flatMap(namesOf)), 'keyctl', 'no_such_call'];

  test('are two, and mean the same at the end (measured with Docker 20.10)', () => {
    assert.equal(added.length, 2);
    const first = fc.constantFrom(0, 1, 17, FORK, NEWUSER, NEWUSER | NEWNS, NEWNS, NEWNET, 38, 40, 0xffffffff);
    const drawn = fc.record({
      name: fc.constantFrom(...names),
      args: fc.tuple(first, fc.constantFrom(0, 2, 0x7e020000)),
      capabilities: fc.subarray(['SYS_ADMIN', 'SYS_PTRACE', 'BPF']),
    });
    fc.assert(
      fc.property(drawn, ({ name, args, capabilities }) => {
        const [one, other] = [begun, ended].map((profile) =>
          evaluate(profile, { name, args }, { capabilities: new Set(capabilities) }),
        );
        assert.deepEqual(one, other);
      }),
      { numRuns: cases(2000) },
    );
  });
});
