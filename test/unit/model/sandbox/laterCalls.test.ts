import assert from 'node:assert/strict';
import { known, unknown, type Container } from '../../../../src/model/container/container.js';
import { HOSTS, type Host } from '../../../../src/model/host.js';
import { tailoredProfile } from '../../../../src/model/plan/tailored.js';
import { predict } from '../../../../src/model/sandbox/predict.js';
import { DOCKER_DEFAULT_PROFILE } from '../../../../src/model/seccomp/engineProfiles.js';
import type { SeccompProfile } from '../../../../src/model/seccomp/profile.js';
import { bwrap, CODEX, containerWith } from '../../containers.js';

const SIX = tailoredProfile(DOCKER_DEFAULT_PROFILE, CODEX);

/** The profile of six calls with another answer to one of them. */
function answering(call: string, errnoRet: number): SeccompProfile {
  const syscalls = SIX.syscalls.map((rule) => ({ ...rule, names: (rule.names ?? []).filter((name) => name !== call) }));
  return { ...SIX, syscalls: [...syscalls, { names: [call], action: 'SCMP_ACT_ERRNO', errnoRet }] };
}

const MASKED = { maskedPaths: known(true) };

/** What happens on a host without AppArmor, /proc being unmasked. */
function outcome(
  profile: SeccompProfile,
  changes: Partial<Container> = {},
  host: Host = HOSTS['docker-desktop'],
): string {
  const container = containerWith({
    seccomp: known({ kind: 'custom', file: 'p.json', profile }),
    maskedPaths: known(false),
    ...changes,
  });
  const { outcome, gate, error, undecided } = predict(container, host, CODEX);
  return [outcome, gate ?? undecided, error].filter(Boolean).join(' | ');
}

// Measured with Codex 0.169, Docker 20.10 and bubblewrap 0.12.0 of Debian 13 and 0.13.1 of Debian unstable.
suite('calls that newer bubblewraps make', () => {
  const openat2 = "fails | pivot-root | bwrap: Can't open source /: Function not implemented";
  const mountSetattr =
    'fails | pivot-root | bwrap: Can\'t bind mount / on /: mount_setattr() failed at "/newroot": Operation not permitted';
  const five = tailoredProfile(DOCKER_DEFAULT_PROFILE, CODEX, false, 'before-0.13');

  for (const [what, profile, changes, expected] of [
    ['0.13 under the six calls', SIX, { bwrap: bwrap('0.13.1') }, 'works'],
    ['0.13 under the five', five, { bwrap: bwrap('0.13.1') }, mountSetattr],
    ['0.13 under the five, as root', five, { bwrap: bwrap('0.13.1'), user: known('root') }, mountSetattr],
    ['0.13 under the five: before /proc', five, { bwrap: bwrap('0.13.1'), ...MASKED }, mountSetattr],
    ['0.13 under the six: then /proc', SIX, { bwrap: bwrap('0.13.1'), ...MASKED }, /^fails \| proc-mount/],
    ['0.12 under the five', five, { bwrap: bwrap('0.12.0') }, 'works'],
    [
      '0.13 without mount_setattr in the kernel’s words',
      answering('mount_setattr', 38),
      { bwrap: bwrap('0.13.1') },
      'works',
    ],
    ['0.12 without openat2', answering('openat2', 1), { bwrap: bwrap('0.12.0') }, openat2],
    ['0.11 without openat2', answering('openat2', 1), { bwrap: bwrap('0.11.1') }, 'works'],
    ['the one that comes with Codex, without openat2', answering('openat2', 1), {}, 'works'],
    ['0.13 without openat2, which comes first', answering('openat2', 1), { bwrap: bwrap('0.13.1') }, openat2],
    [
      'one of a version that is not known, under the five',
      five,
      { bwrap: { ...bwrap(''), version: unknown<string>('x') } },
      'unknown | pivot-root',
    ],
    [
      'one of a version that is not known, under the six',
      SIX,
      { bwrap: { ...bwrap(''), version: unknown<string>('x') } },
      'works',
    ],
    [
      'perhaps the one that comes with Codex',
      five,
      { bwrap: { ...bwrap('0.13.1'), setuid: unknown<boolean>('x') } },
      'unknown | pivot-root',
    ],
    [
      'perhaps the one that comes with Codex, else an older one',
      five,
      { bwrap: { ...bwrap('0.9.0'), setuid: unknown<boolean>('x') } },
      'works',
    ],
  ] as const satisfies readonly (readonly [string, SeccompProfile, Partial<Container>, string | RegExp])[]) {
    test(what, () => {
      if (typeof expected === 'string') assert.equal(outcome(profile, changes), expected);
      else assert.match(outcome(profile, changes), expected);
    });
  }

  test('Codex that always starts its own makes neither', () => {
    const container = containerWith({
      seccomp: known({ kind: 'custom', file: 'p.json', profile: answering('openat2', 1) }),
      bwrap: bwrap('0.13.1'),
    });
    assert.equal(predict(container, HOSTS['docker-desktop'], { ...CODEX, version: '0.115.0' }).outcome, 'works');
  });
});
