import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { known } from '../../src/model/container/container.js';
import { ERRORS } from '../../src/model/bwrap/errors.js';
import { predict } from '../../src/model/sandbox/predict.js';
import { HOSTS } from '../../src/model/host.js';
import { CLONE_NEWUSER } from '../../src/model/bwrap/calls.js';
import { parseSeccompProfile } from '../../src/model/seccomp/profile.js';
import { tailoredProfile } from '../../src/model/plan/tailored.js';
import { DOCKER_DEFAULT_PROFILE, PODMAN_DEFAULT_PROFILE } from '../../src/model/seccomp/engineProfiles.js';
import { diagnose } from '../../src/model/sandbox/symptoms.js';
import { bwrap, CODEX as NEWEST, containerWith } from '../unit/containers.js';
import { ensureBaseImages } from './baseImages.js';
import { CODEX_MOUNT, ensureCodex } from './codex.js';
import { docker } from './docker.js';
import { pool } from './pool.js';
import { run } from './process.js';
import { observe, SANDBOX_COMMAND } from './sandbox.js';

/** Debian 13 with its bubblewrap. */
const WITH_BWRAP = `codex-sandbox-check-${process.pid}:seccomp-bwrap`;

/** As the probe would find: a filter is there, and the kernel’s own switch is on. */
const FILTERED = { seccomp: 2, unprivilegedUsernsClone: 1 };

const FIVE = ['clone', 'unshare', 'mount', 'umount2', 'pivot_root'];
const MS_SLAVE = 0x80000;
const masked = (value = CLONE_NEWUSER, valueTwo = value, index = 0): object => ({
  args: [{ index, value, valueTwo, op: 'SCMP_CMP_MASKED_EQ' }],
});
const allow = (names: readonly string[], more: object = {}): object => ({ names, action: 'SCMP_ACT_ALLOW', ...more });
const fail = (name: string, errnoRet: number, more: object = {}): object => ({
  names: [name],
  action: 'SCMP_ACT_ERRNO',
  errnoRet,
  ...more,
});
const plus = (...rules: readonly object[]): object => ({
  ...DOCKER_DEFAULT_PROFILE,
  syscalls: [...DOCKER_DEFAULT_PROFILE.syscalls, ...rules],
});
const but = (...syscalls: readonly object[]): object => ({ defaultAction: 'SCMP_ACT_ALLOW', syscalls });
const deny = (name: string, action: string): object =>
  but({ names: [name], action, ...(name === 'clone' ? masked() : {}) });

/** Where clone is denied, only with the flag: a profile that denies every clone keeps programs from starting. */
const errnos = [1, 38].flatMap((errno) =>
  FIVE.map(
    (name) => [`${name} fails with ${errno}`, but(fail(name, errno, name === 'clone' ? masked() : {}))] as const,
  ),
);

const PROFILES: Readonly<Record<string, object>> = {
  'a copy of Docker’s default': DOCKER_DEFAULT_PROFILE,
  'Podman’s default': PODMAN_DEFAULT_PROFILE,
  'tailored for a user': tailoredProfile(DOCKER_DEFAULT_PROFILE, NEWEST),
  'tailored for root': tailoredProfile(DOCKER_DEFAULT_PROFILE, NEWEST, true),
  'no rules at all': {},
  'only a default that logs': { defaultAction: 'SCMP_ACT_LOG' },
  ...Object.fromEntries(FIVE.map((name) => [`without ${name}`, plus(allow(FIVE.filter((other) => other !== name)))])),
  ...Object.fromEntries(errnos),
  'clone fails with EINVAL': but(fail('clone', 22, masked())),
  'clone fails with ENOSPC': but(fail('clone', 28, masked())),
  'clone is killed': deny('clone', 'SCMP_ACT_KILL_PROCESS'),
  'mount is trapped': deny('mount', 'SCMP_ACT_TRAP'),
  'unshare is traced': deny('unshare', 'SCMP_ACT_TRACE'),
  'mount is logged': deny('mount', 'SCMP_ACT_LOG'),
  'wrong valueTwo': plus(allow(FIVE, masked(CLONE_NEWUSER, 0))),
  'argument of the wrong index': plus(allow(['clone'], masked(CLONE_NEWUSER, CLONE_NEWUSER, 1)), allow(FIVE.slice(1))),
  'capability in includes': plus(allow(FIVE, { includes: { caps: ['CAP_SYS_ADMIN'] } })),
  'capability in excludes': plus(allow(FIVE, { excludes: { caps: ['CAP_CHOWN'] } })),
  'capability without CAP_': plus(allow(FIVE, { includes: { caps: ['CHOWN'] } })),
  'another machine’s': plus(allow(FIVE, { includes: { arches: ['s390x'] } })),
  'old kernel excluded': plus(allow(FIVE, { excludes: { minKernel: '4.8' } })),
  'legacy name': plus(...FIVE.map((name) => ({ name, action: 'SCMP_ACT_ALLOW' }))),
  'allowed, then as the default': plus(allow(FIVE), fail('mount', 1)),
  'as the default, then allowed': plus(fail('mount', 1), allow(FIVE)),
  'allowed, then ENOSYS': plus(allow(FIVE), fail('mount', 38)),
  'ENOSYS, then allowed': plus(fail('mount', 38), allow(FIVE)),
  'ENOSYS on a flag, then allowed': plus(fail('mount', 38, masked(MS_SLAVE, MS_SLAVE, 3)), allow(FIVE)),
  'two flags of mount, different actions': but(
    fail('mount', 38, masked(MS_SLAVE, MS_SLAVE, 3)),
    fail('mount', 22, masked(1, 1, 3)),
  ),
  'a flag masked on both sides': but(fail('mount', 38, masked(MS_SLAVE, MS_SLAVE + 1, 3))),
  'errno above 16 bits': but(fail('mount', 65536 + 38)),
  'allowed, then ENOSYS on a flag': plus(allow(FIVE), fail('mount', 38, masked(MS_SLAVE, MS_SLAVE, 3))),
};

const CAPABILITIES: readonly (readonly string[])[] = [
  [],
  ['--cap-add=SYS_ADMIN'],
  ['--cap-add=NET_ADMIN'],
  ['--cap-drop=ALL'],
];

interface Case {
  readonly title: string;
  readonly text: string;
  readonly args: readonly string[];
  readonly user: string;
  /** Of Debian; 13 has a bubblewrap of its own, 0.12, which needs a /proc without masks. */
  readonly debian: '12' | '13';
}

function caseOf(name: string, args: readonly string[], user: string, debian: Case['debian'] = '12'): Case {
  const title = [name, ...args, user, ...(debian === '13' ? ['Debian 13'] : [])].join(' ');
  return { title, text: JSON.stringify(PROFILES[name]), args, user, debian };
}

const on12 = Object.keys(PROFILES).flatMap((name, index) =>
  CAPABILITIES.slice(0, index === 0 || name === 'capability in includes' ? 4 : 1).flatMap((args) =>
    (name.includes('unshare') || name === 'tailored for root' ? ['1000', 'root'] : ['1000']).map((user) =>
      caseOf(name, args, user),
    ),
  ),
);
const on13 = ['a copy of Docker’s default', 'tailored for a user', 'without unshare', 'clone fails with 38'].flatMap(
  (name) => ['1000', 'root'].map((user) => caseOf(name, ['--security-opt=systempaths=unconfined'], user, '13')),
);
const cases = [...on12, ...on13, caseOf('tailored for a user', [], '1000', '13')];

suite('the seccomp evaluator against the kernel', () => {
  let folder = '';
  let codex = '';
  let version = '';
  let results: readonly Promise<readonly [object, object]>[] = [];
  suiteSetup(async () => {
    await ensureBaseImages();
    codex = await ensureCodex();
    folder = mkdtempSync(join(tmpdir(), 'seccomp-'));
    writeFileSync(
      join(folder, 'Dockerfile'),
      'FROM debian:13\nRUN apt-get update && apt-get install -y --no-install-recommends bubblewrap\n',
    );
    await docker('build', '--quiet', '--network=host', '--tag', WITH_BWRAP, folder);
    version = (await docker('run', '--rm', WITH_BWRAP, 'bwrap', '--version')).replace('bubblewrap ', '');
    results = pool(
      2,
      cases.map((one, index) => () => measure(one, join(folder, `${index}.json`))),
    );
    // Each test reports its own.
    for (const result of results) result.catch(() => undefined);
  });
  suiteTeardown(async () => {
    await rm(folder, { recursive: true, force: true });
    await run('docker', ['rmi', '--force', WITH_BWRAP]);
  });

  /** What was seen and what was foretold, each as outcome, error and gate. */
  async function measure({ text, args, user, debian }: Case, file: string): Promise<readonly [object, object]> {
    writeFileSync(file, text);
    const values = (option: string): ReturnType<typeof known<string>>[] =>
      args.filter((arg) => arg.startsWith(option)).map((arg) => known(arg.slice(option.length)));
    const container = containerWith({
      seccomp: known({ kind: 'custom', file, profile: parseSeccompProfile(text) }),
      user: known(user),
      capAdd: values('--cap-add='),
      capDrop: values('--cap-drop='),
      maskedPaths: known(!args.includes('--security-opt=systempaths=unconfined')),
      distro: known({ id: 'debian', version: debian }),
      ...(debian === '13' ? { bwrap: bwrap(version) } : {}),
    });
    const options = [
      '--rm',
      `--user=${user}`,
      '--env=HOME=/var',
      '--workdir=/project',
      `--tmpfs=/project:uid=${user === 'root' ? '0' : user}`,
    ];
    const mount = ['--volume', `${codex}:${CODEX_MOUNT}:ro`, '--security-opt', `seccomp=${file}`];
    const image = debian === '13' ? WITH_BWRAP : 'debian:12';
    const observed = observe(await run('docker', ['run', ...options, ...mount, ...args, image, ...SANDBOX_COMMAND]));
    const { outcome, error, gate } = predict(container, HOSTS['docker-desktop'], NEWEST);
    // A killed bwrap prints nothing itself, so that nothing tells its gate.
    const silent = error === ERRORS.killed;
    // The last line is the one that stops it.
    const said = observed.error.split('\n').at(-1) ?? '';
    // With ENOSPC the profile has bwrap say what it says where the kernel has no user namespace left: the text misleads.
    const speaksOf = error === ERRORS.usernsNoneLeft ? 'userns-allowed' : gate;
    return [
      { outcome: observed.outcome, error: observed.error, gate: diagnose(said, FILTERED)?.gate },
      { outcome, error: silent ? '' : (error ?? ''), gate: silent ? undefined : speaksOf },
    ];
  }

  for (const [index, { title }] of cases.entries()) {
    test(title, async () => {
      const [observed, foretold] = (await results[index]) ?? [];
      assert.ok(observed);
      assert.deepEqual(observed, foretold);
    });
  }
});
