import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { arch, tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLONE_NEWUSER } from '../../src/model/bwrap/calls.js';
import { evaluate } from '../../src/model/seccomp/filter.js';
import { parseSeccompProfile, type SeccompProfile } from '../../src/model/seccomp/profile.js';
import { tailoredProfile } from '../../src/model/plan/tailored.js';
import { seccompProfileText } from '../../src/edits/seccompProfileText.js';
import { ensureBaseImages } from './baseImages.js';
import { CODEX_MOUNT, ensureCodex } from './codex.js';
import { docker } from './docker.js';
import { pool } from './pool.js';
import { run, succeed } from './process.js';
import { observe, SANDBOX_COMMAND, type Observation } from './sandbox.js';
import { CODEX } from '../unit/containers.js';

/** Debian 12 and 13 with their bubblewrap, which Codex takes where it is: 0.8, and 0.12, which needs a /proc without masks. */
const WITH_BWRAP = `codex-sandbox-check-${process.pid}:seccomp-narrow`;
const WITH_NEW_BWRAP = `${WITH_BWRAP}-13`;

/** What a refused call fails with: an error that the kernel gives none of them. */
const REFUSED = 100;

const NEWNS = 0x20000;
const NEWNET = 0x40000000;
const SIGCHLD = 17;

const masked = (value: number, index = 0): object => ({ index, value, valueTwo: value, op: 'SCMP_CMP_MASKED_EQ' });
const fail = (names: readonly string[], ...args: readonly object[]): object => ({
  names,
  action: 'SCMP_ACT_ERRNO',
  errnoRet: REFUSED,
  ...(args.length > 0 && { args }),
});

/** Profiles that allow what they do not name, and refuse something that bubblewrap needs. */
const PROFILES: Readonly<Record<string, readonly object[]>> = {
  'unshare altogether': [fail(['unshare'])],
  'clone with a user namespace': [fail(['clone'], masked(CLONE_NEWUSER))],
  'clone altogether': [fail(['clone'])],
  'the five calls, and others': [
    fail(['unshare', 'mount', 'umount2', 'pivot_root', 'keyctl']),
    fail(['clone'], masked(CLONE_NEWUSER)),
  ],
  'unshare with either of two namespaces': [fail(['unshare'], masked(CLONE_NEWUSER), masked(NEWNET))],
  'mount where it moves, unshare without a user namespace too': [
    fail(['mount'], masked(0x2000, 3)),
    fail(['unshare', 'pivot_root']),
  ],
};

interface Call {
  readonly name: 'clone' | 'unshare' | 'mount' | 'umount2' | 'keyctl';
  readonly args: readonly number[];
}

const CALLS: readonly Call[] = [
  { name: 'clone', args: [CLONE_NEWUSER | SIGCHLD] },
  { name: 'clone', args: [CLONE_NEWUSER | NEWNET | SIGCHLD] },
  { name: 'clone', args: [CLONE_NEWUSER | NEWNS | SIGCHLD] },
  { name: 'clone', args: [NEWNET | SIGCHLD] },
  { name: 'clone', args: [SIGCHLD] },
  { name: 'unshare', args: [CLONE_NEWUSER] },
  { name: 'unshare', args: [CLONE_NEWUSER | NEWNET] },
  { name: 'unshare', args: [NEWNS] },
  { name: 'unshare', args: [0x400] },
  { name: 'umount2', args: [0, 0] },
  { name: 'umount2', args: [0, 2] },
  { name: 'umount2', args: [0, 3] },
  { name: 'mount', args: [0, 0, 0, 0x1000] },
  { name: 'mount', args: [0, 0, 0, 0x2000] },
  { name: 'mount', args: [0, 0, 0, 0x100000] },
  { name: 'keyctl', args: [0, 0] },
];

/** Of asm/unistd.h. */
const NUMBERS: Readonly<Record<Call['name'], number>> =
  arch() === 'arm64'
    ? { clone: 220, unshare: 97, mount: 40, umount2: 39, keyctl: 219 }
    : { clone: 56, unshare: 272, mount: 165, umount2: 166, keyctl: 250 };

/** Makes each call in a process of its own and prints the error number, 0 where it succeeds. */
const PERL = `$| = 1;
for (@ARGV) {
  my ($number, @call) = map { $_ + 0 } split /,/;
  my $child = fork;
  if (!defined $child) { print $! + 0, "\\n"; next }
  if ($child == 0) { my $result = syscall($number, @call, (0) x (6 - @call)); exit($result == -1 ? $! + 0 : 0) }
  waitpid $child, 0;
  print $? >> 8, "\\n";
}`;

interface Case {
  readonly title: string;
  readonly profile: SeccompProfile;
  readonly user: string;
  readonly image: string;
}

const BWRAPS: Readonly<Record<string, string>> = {
  [WITH_BWRAP]: 'bubblewrap 0.8',
  [WITH_NEW_BWRAP]: 'bubblewrap 0.12',
};

interface Measured {
  readonly before: Observation;
  readonly after: Observation;
  /** Of each call, whether the filter refuses it: before and with the tailored profile. */
  readonly refused: readonly (readonly [before: boolean, after: boolean])[];
}

const cases = Object.entries(PROFILES).flatMap(([title, syscalls]) =>
  [
    { user: '1000', image: 'debian:12' },
    { user: 'root', image: 'debian:12' },
    { user: '1000', image: WITH_BWRAP },
    { user: '1000', image: WITH_NEW_BWRAP },
  ].map((rest): Case => ({
    ...rest,
    title: `${title}, ${rest.user}, ${BWRAPS[rest.image] ?? 'the bundled bubblewrap'}`,
    profile: parseSeccompProfile(JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW', syscalls })),
  })),
);

suite('the tailored profile where what is not named is allowed, against the kernel', () => {
  let folder = '';
  let codex = '';
  let results: readonly Promise<Measured>[] = [];

  suiteSetup(async () => {
    await ensureBaseImages();
    codex = await ensureCodex();
    folder = mkdtempSync(join(tmpdir(), 'seccomp-narrow-'));
    for (const [tag, base] of [
      [WITH_BWRAP, 'debian:12'],
      [WITH_NEW_BWRAP, 'debian:13'],
    ] as const) {
      const install = 'apt-get update && apt-get install -y --no-install-recommends bubblewrap';
      writeFileSync(join(folder, 'Dockerfile'), `FROM ${base}\nRUN ${install}\n`);
      await docker('build', '--quiet', '--network=host', '--tag', tag, folder);
    }
    results = pool(
      2,
      cases.map((one, index) => () => measure(one, join(folder, String(index)))),
    );
    // Each test reports its own.
    for (const result of results) result.catch(() => undefined);
  });
  suiteTeardown(async () => {
    await rm(folder, { recursive: true, force: true });
    await run('docker', ['rmi', '--force', WITH_BWRAP, WITH_NEW_BWRAP]);
  });

  function options(profile: string, user: string): readonly string[] {
    return [
      ...['run', '--rm', `--user=${user}`, '--env=HOME=/var', '--workdir=/project'],
      ...['project', 'var'].map((name) => `--tmpfs=/${name}:uid=${user === 'root' ? '0' : user}`),
      ...['--volume', `${codex}:${CODEX_MOUNT}:ro`, '--security-opt', `seccomp=${profile}`],
      '--security-opt=systempaths=unconfined',
    ];
  }

  async function measure({ profile, user, image }: Case, file: string): Promise<Measured> {
    const files = [`${file}.json`, `${file}-tailored.json`] as const;
    writeFileSync(files[0], JSON.stringify(profile));
    writeFileSync(files[1], seccompProfileText(tailoredProfile(profile, CODEX, user === 'root')));
    const codexUnder = async (path: string): Promise<Observation> =>
      observe(await run('docker', [...options(path, user), image, ...SANDBOX_COMMAND]));
    const before = await codexUnder(files[0]);
    const after = await codexUnder(files[1]);
    const [was, is] = [await refusedUnder(files[0], user, image), await refusedUnder(files[1], user, image)];
    return { before, after, refused: CALLS.map((_, index) => [was[index] ?? true, is[index] ?? true]) };
  }

  async function refusedUnder(profile: string, user: string, image: string): Promise<readonly boolean[]> {
    const calls = CALLS.map(({ name, args }) => [NUMBERS[name], ...args].join());
    const printed = await succeed('docker', [...options(profile, user), image, 'perl', '-e', PERL, ...calls]);
    const errors = printed.trim().split('\n').map(Number);
    assert.equal(errors.length, CALLS.length, printed);
    return errors.map((error) => error === REFUSED);
  }

  for (const [index, { title, profile, user }] of cases.entries()) {
    test(title, async () => {
      const measured = await results[index];
      assert.ok(measured);
      const { before, after, refused } = measured;
      assert.equal(after.outcome, 'works', after.error);
      const tailored = tailoredProfile(profile, CODEX, user === 'root');
      // What the filter of the kernel says, in the model's words.
      const saysNo = (of: SeccompProfile, call: Call): boolean =>
        evaluate(of, call, { capabilities: new Set() }).allowed === false;
      const forksAtAll = !saysNo(profile, { name: 'clone', args: [SIGCHLD] });
      for (const [at, call] of CALLS.entries()) {
        const [was, is] = refused[at] ?? [];
        const shown = `${call.name} ${call.args.map((arg) => arg.toString(16)).join(' ')}`;
        assert.equal(is, saysNo(tailored, call), `${shown} with the tailored profile`);
        // Where nothing can be forked, the first call tells as much of the others.
        if (forksAtAll) assert.equal(was, saysNo(profile, call), `${shown} with the author’s own`);
        if (is) assert.ok(was, `${shown} was not refused before`);
      }
      const isNeeded = user === '1000' || !title.startsWith('unshare');
      if (isNeeded) assert.equal(before.outcome, 'fails');
    });
  }
});
