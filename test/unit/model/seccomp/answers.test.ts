import assert from 'node:assert/strict';
import { evaluate } from '../../../../src/model/seccomp/filter.js';
import type { SeccompProfile } from '../../../../src/model/seccomp/profile.js';
import { answerTo } from '../../../../src/model/seccomp/answers.js';

suite('answers of a seccomp profile, remembered', () => {
  const profile: SeccompProfile = {
    defaultAction: 'SCMP_ACT_ERRNO',
    syscalls: [
      { names: ['mount'], action: 'SCMP_ACT_ALLOW', includes: { caps: ['CAP_SYS_ADMIN'] } },
      { names: ['clone'], action: 'SCMP_ACT_ALLOW', args: [{ index: 0, value: 7, op: 'SCMP_CMP_EQ' }] },
    ],
  };
  const NONE: ReadonlySet<string> = new Set();

  test('are those of the profile, for each call, its arguments and the capabilities', () => {
    for (let twice = 0; twice < 2; twice++) {
      for (const call of [
        { name: 'mount' },
        { name: 'read' },
        { name: 'clone', args: [7] },
        { name: 'clone', args: [0] },
        { name: 'clone', args: [0, 7] },
        { name: 'clone' },
      ]) {
        for (const capabilities of [NONE, new Set(['SYS_ADMIN']), new Set(['KILL'])]) {
          assert.deepEqual(answerTo(profile, call, capabilities), evaluate(profile, call, { capabilities }));
        }
      }
    }
  });

  test('of one question are not taken for those of another', () => {
    const admin = answerTo(profile, { name: 'mount' }, new Set(['SYS_ADMIN']));
    assert.notEqual(answerTo(profile, { name: 'mount' }, new Set(['SYS_', 'ADMIN'])), admin);
    assert.notEqual(
      answerTo(profile, { name: 'clone', args: [1, 2] }, NONE),
      answerTo(profile, { name: 'clone', args: [12] }, NONE),
    );
  });

  test('are worked out once, and for each profile anew', () => {
    const first = answerTo(profile, { name: 'read' }, NONE);
    assert.equal(answerTo(profile, { name: 'read' }, new Set()), first);
    assert.equal(answerTo({ syscalls: [], defaultAction: 'SCMP_ACT_ALLOW' }, { name: 'read' }, NONE).allowed, true);
  });
});
