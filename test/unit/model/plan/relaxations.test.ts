import assert from 'node:assert/strict';
import { boundingSet } from '../../../../src/model/container/capabilities.js';
import { known, unknown, type Container } from '../../../../src/model/container/container.js';
import { HOST_NAMES, HOSTS } from '../../../../src/model/host.js';
import { GATES } from '../../../../src/model/gates.js';
import type { RelaxationId } from '../../../../src/model/plan/relaxation.js';
import { tailoredFor } from '../../../../src/model/plan/tailored.js';
import { givenAway, relaxation } from '../../../../src/model/plan/relaxations.js';
import { evaluate } from '../../../../src/model/seccomp/filter.js';
import type { SeccompProfile } from '../../../../src/model/seccomp/profile.js';
import { tailoredProfile } from '../../../../src/model/plan/tailored.js';
import { DOCKER_DEFAULT_PROFILE } from '../../../../src/model/seccomp/engineProfiles.js';
import { bwrap, containerWith, BWRAP_CALLS, CODEX, RELAXATIONS } from '../../containers.js';

const place = { file: 'x', range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } } };
const UNCONFINED = known({ kind: 'unconfined' } as const);
const RUNC = known({ kind: 'named', name: 'runc' } as const);
const ABSENT = { presence: known('absent' as const), setuid: known(false), version: known('') };

const NEEDS_SETUID_BWRAP = ['bwrap-available', 'bwrap-privileges', 'userns-allowed', 'loopback', 'uid-map'];

/** What is promised of each, the cheapest first: id, title, what it gives away, cost, and against which gates. */
const TABLE: readonly (readonly [RelaxationId, string, string, number, readonly string[]])[] = [
  [
    'bwrap-not-setuid',
    'bubblewrap without setuid',
    '',
    1,
    ['bwrap-available', 'bwrap-privileges', 'loopback', 'uid-map'],
  ],
  ['capabilities-removed', 'the added capabilities removed', '', 2, ['bwrap-privileges']],
  ['bwrap-installed', 'bubblewrap from the distribution', '', 2, ['bwrap-available', 'loopback', 'uid-map']],
  ['tmpfs-tmp', 'a tmpfs on /tmp', '', 2, ['writable-paths']],
  ['tmpfs-codex-home', 'a tmpfs on ~/.codex', '', 3, ['writable-paths']],
  ['cap-SETFCAP', 'capability SETFCAP', '', 3, ['uid-map']],
  ['cap-SETUID', 'capability SETUID', '', 3, NEEDS_SETUID_BWRAP],
  ['cap-SETGID', 'capability SETGID', '', 3, NEEDS_SETUID_BWRAP],
  ['cap-SYS_CHROOT', 'capability SYS_CHROOT', '', 3, NEEDS_SETUID_BWRAP],
  [
    'bwrap-copied',
    'the bubblewrap of Codex copied to /usr/bin/bwrap',
    "replaces the distribution's updates of bubblewrap: only a rebuild renews the copy",
    4,
    ['writable-paths', 'bwrap-privileges', 'loopback', 'uid-map', 'proc-mount'],
  ],
  [
    'bwrap-removed',
    "the bubblewrap that comes with Codex instead of the distribution's",
    "uses the bubblewrap that comes with Codex, which may lack the distribution's latest fixes",
    5,
    ['writable-paths', 'bwrap-available', 'bwrap-privileges', 'pivot-root', 'proc-mount'],
  ],
  [
    'no-new-privileges-removed',
    'no-new-privileges removed',
    'lets setuid programs gain privileges',
    8,
    ['bwrap-privileges', 'userns-allowed', 'loopback', 'uid-map'],
  ],
  [
    'seccomp-tailored',
    'a tailored seccomp profile',
    'lets programs in this container create user namespaces',
    10,
    ['seccomp-userns', 'pivot-root'],
  ],
  [
    'apparmor-unconfined',
    'apparmor=unconfined',
    "disables Docker's AppArmor profile for this container",
    20,
    ['userns-allowed', 'apparmor'],
  ],
  [
    'bwrap-setuid',
    'a setuid bubblewrap',
    'adds a program that runs as root, within reach of the agent',
    25,
    NEEDS_SETUID_BWRAP,
  ],
  [
    'apparmor-runc',
    'apparmor=runc',
    'needs the AppArmor profile runc on the host: Debian 12 has none and refuses to start the container',
    26,
    ['userns-allowed', 'apparmor', 'loopback', 'uid-map'],
  ],
  [
    'systempaths-unconfined',
    'systempaths=unconfined',
    'removes the masks of /proc and /sys in this container',
    30,
    ['proc-mount'],
  ],
  [
    'seccomp-unconfined',
    'seccomp=unconfined',
    "disables Docker's system-call filter (seccomp) for this container",
    40,
    ['seccomp-userns', 'pivot-root'],
  ],
  ['cap-SYS_PTRACE', 'capability SYS_PTRACE', 'lets root trace every process in the container', 50, NEEDS_SETUID_BWRAP],
  [
    'cap-NET_ADMIN',
    'capability NET_ADMIN',
    "lets root change the container's network configuration",
    50,
    NEEDS_SETUID_BWRAP,
  ],
  [
    'cap-SYS_ADMIN',
    'capability SYS_ADMIN',
    'makes root in the container nearly root on the host',
    300,
    NEEDS_SETUID_BWRAP,
  ],
  ['privileged', 'privileged', 'makes root in the container root on the host', 10_000, GATES],
];

const placed = <T>(value: T): { value: T; places: [typeof place] } => ({ value, places: [place] });
const INSTALLED = { ...bwrap('0.8.0'), presence: placed('present' as const) };
const READ_ONLY = { readOnlyRoot: known(true) };
/** The files say that Codex comes from npm, or by its bare executable. */
const FROM_NPM = { agents: { codex: placed({ version: undefined, bundledBwrap: true }) } };
const BARE = { agents: { codex: placed({ version: undefined, bundledBwrap: false }) } };
const COPY = bwrap('0.11.2');
const CLAUDE = { otherSandboxes: [known('Claude Code’s sandbox')] };
const DEBIAN_13 = { distro: known({ id: 'debian', version: '13' }) };
const NO_DISTRO = { distro: unknown<{ id: string; version: string }>('x') };

/** What it changes in which container; undefined where it does not apply. */
const EFFECTS: readonly (readonly [RelaxationId, string, Partial<Container>, Partial<Container> | undefined])[] = [
  [
    'bwrap-not-setuid',
    'made setuid by the files',
    { bwrap: { ...INSTALLED, setuid: placed(true) } },
    { bwrap: { ...INSTALLED, setuid: known(false) } },
  ],
  ['bwrap-not-setuid', 'setuid in the base image', { bwrap: bwrap('0.8.0', true) }, undefined],
  ['bwrap-not-setuid', 'plain', { bwrap: { ...INSTALLED, setuid: placed(false) } }, undefined],
  ['capabilities-removed', 'added by the files', { capAdd: [placed('BPF'), placed('NET_RAW')] }, { capAdd: [] }],
  ['capabilities-removed', 'none', { capAdd: [] }, undefined],
  ['capabilities-removed', 'one by something else', { capAdd: [placed('BPF'), known('NET_RAW')] }, undefined],
  ['capabilities-removed', 'one not known', { capAdd: [placed('BPF'), unknown('x', place)] }, undefined],
  ['capabilities-removed', 'one needed', { capAdd: [placed('NET_ADMIN')], programs: [known('ipset')] }, undefined],
  ['bwrap-installed', 'none', {}, { bwrap: { ...bwrap('0.8.0') } }],
  ['bwrap-installed', 'Debian 13', DEBIAN_13, { bwrap: { ...bwrap('0.12.0') } }],
  [
    'bwrap-installed',
    'another distribution',
    { distro: known({ id: 'alpine', version: '3' }) },
    { bwrap: { ...bwrap(''), version: { value: undefined, places: [] } } },
  ],
  ['bwrap-installed', 'distribution not known', NO_DISTRO, undefined],
  ['bwrap-installed', 'one', { bwrap: bwrap('0.8.0') }, undefined],
  ['bwrap-installed', 'not known', { bwrap: { ...ABSENT, presence: unknown('x') } }, undefined],
  ['tmpfs-tmp', 'read-only root', READ_ONLY, { tmpfs: [known('/tmp')] }],
  ['tmpfs-tmp', 'another tmpfs', { ...READ_ONLY, tmpfs: [known('/run')] }, { tmpfs: [known('/run'), known('/tmp')] }],
  ['tmpfs-tmp', 'writable', { ...READ_ONLY, tmpfs: [known('/tmp')] }, undefined],
  ['tmpfs-tmp', 'writable root', {}, undefined],
  ['tmpfs-tmp', 'not known', { readOnlyRoot: unknown('x') }, undefined],
  ['tmpfs-codex-home', 'read-only root', READ_ONLY, { tmpfs: [known('/home/vscode/.codex:mode=1777')] }],
  [
    'tmpfs-codex-home',
    'of root',
    { ...READ_ONLY, user: known('root'), tmpfs: [known('/tmp')] },
    { tmpfs: [known('/tmp'), known('/root/.codex:mode=1777')] },
  ],
  ['tmpfs-codex-home', 'writable', { ...READ_ONLY, user: known('root'), tmpfs: [known('/root')] }, undefined],
  ['tmpfs-codex-home', 'writable root', {}, undefined],
  ['tmpfs-codex-home', 'not known', { readOnlyRoot: unknown('x') }, undefined],
  ['tmpfs-codex-home', 'user not known', { ...READ_ONLY, user: unknown('x') }, undefined],
  ['bwrap-copied', 'none', FROM_NPM, { bwrap: COPY }],
  ['bwrap-copied', 'of the base image', { ...FROM_NPM, bwrap: bwrap('0.12.0') }, { bwrap: COPY }],
  ['bwrap-copied', 'setuid', { ...FROM_NPM, bwrap: bwrap('0.8.0', true) }, { bwrap: COPY }],
  ['bwrap-copied', 'the copy setuid', { ...FROM_NPM, bwrap: bwrap('0.11.2', true) }, { bwrap: COPY }],
  ['bwrap-copied', 'not known', { ...FROM_NPM, bwrap: { ...COPY, presence: unknown('x') } }, { bwrap: COPY }],
  [
    'bwrap-copied',
    'a link to it',
    { ...FROM_NPM, bwrap: { ...COPY, path: known('/**/codex-resources/bwrap') } },
    { bwrap: COPY },
  ],
  ['bwrap-copied', 'there', { ...FROM_NPM, bwrap: COPY }, undefined],
  [
    'bwrap-copied',
    'another before it on PATH',
    { ...FROM_NPM, bwrap: { ...bwrap('0.12.0'), path: known('/usr/local/bin/bwrap') } },
    undefined,
  ],
  ['bwrap-copied', 'none for another agent either', { ...FROM_NPM, ...CLAUDE }, { bwrap: COPY }],
  ['bwrap-copied', 'needed by another agent', { ...FROM_NPM, ...CLAUDE, bwrap: bwrap('0.12.0') }, undefined],
  [
    'bwrap-copied',
    'perhaps needed by another agent',
    { ...FROM_NPM, ...CLAUDE, bwrap: { ...COPY, presence: unknown('x') } },
    undefined,
  ],
  ['bwrap-copied', 'Codex without one', BARE, undefined],
  ['bwrap-copied', 'Codex from nobody knows where', {}, undefined],
  ['bwrap-copied', 'how is not known', { agents: { codex: unknown('x', place) } }, undefined],
  ['bwrap-removed', 'installed by the files', { bwrap: INSTALLED }, { bwrap: ABSENT }],
  ['bwrap-removed', 'of the base image', { bwrap: bwrap('0.8.0') }, undefined],
  ['bwrap-removed', 'absent by the files', { bwrap: { ...ABSENT, presence: placed('absent') } }, undefined],
  ['no-new-privileges-removed', 'set', { noNewPrivileges: placed(true) }, { noNewPrivileges: known(false) }],
  ['no-new-privileges-removed', 'not set', { noNewPrivileges: placed(false) }, undefined],
  ['no-new-privileges-removed', 'not known', { noNewPrivileges: unknown('x') }, undefined],
  ['seccomp-tailored', 'unconfined', { seccomp: UNCONFINED }, undefined],
  ['seccomp-tailored', 'not known', { seccomp: unknown('x') }, undefined],
  [
    'seccomp-tailored',
    'default',
    {},
    {
      seccomp: known({
        kind: 'custom',
        file: '.devcontainer/seccomp-bwrap.json',
        profile: tailoredProfile(DOCKER_DEFAULT_PROFILE, CODEX),
      }),
    },
  ],
  ['apparmor-unconfined', 'default', {}, { apparmor: UNCONFINED }],
  ['apparmor-unconfined', 'named', { apparmor: known({ kind: 'named', name: 'x' }) }, { apparmor: UNCONFINED }],
  ['apparmor-unconfined', 'unconfined', { apparmor: UNCONFINED }, undefined],
  ['apparmor-unconfined', 'not known', { apparmor: unknown('x') }, undefined],
  ['apparmor-runc', 'default', {}, { apparmor: RUNC }],
  ['apparmor-runc', 'unconfined', { apparmor: UNCONFINED }, { apparmor: RUNC }],
  ['apparmor-runc', 'another', { apparmor: known({ kind: 'named', name: 'x' }) }, { apparmor: RUNC }],
  ['apparmor-runc', 'that one', { apparmor: RUNC }, undefined],
  ['apparmor-runc', 'not known', { apparmor: unknown('x') }, undefined],
  ['bwrap-setuid', 'root', { user: known('root') }, undefined],
  ['bwrap-setuid', 'a user who is not known', { user: unknown('x') }, { bwrap: bwrap('0.8.0', true) }],
  ['bwrap-setuid', 'under no-new-privileges', { noNewPrivileges: known(true) }, undefined],
  [
    'bwrap-setuid',
    'perhaps under no-new-privileges',
    { noNewPrivileges: unknown('x') },
    { bwrap: bwrap('0.8.0', true) },
  ],
  ['bwrap-setuid', 'none', {}, { bwrap: bwrap('0.8.0', true) }],
  ['bwrap-setuid', 'plain', { ...DEBIAN_13, bwrap: bwrap('0.9.0') }, { bwrap: bwrap('0.9.0', true) }],
  ['bwrap-setuid', 'setuid', { bwrap: bwrap('0.8.0', true) }, undefined],
  ['bwrap-setuid', 'refused', { bwrap: bwrap('0.12.0') }, undefined],
  ['bwrap-setuid', 'refused by the package', DEBIAN_13, undefined],
  ['bwrap-setuid', 'distribution not known', { ...NO_DISTRO, bwrap: bwrap('0.8.0') }, undefined],
  ['bwrap-setuid', 'none, distribution not known', NO_DISTRO, undefined],
  ['bwrap-setuid', 'setuid not known', { bwrap: { ...bwrap('0.8.0'), setuid: unknown('x') } }, undefined],
  ['systempaths-unconfined', 'masked', {}, { maskedPaths: known(false) }],
  ['systempaths-unconfined', 'not known', { maskedPaths: unknown('x') }, { maskedPaths: known(false) }],
  ['systempaths-unconfined', 'unmasked', { maskedPaths: known(false) }, undefined],
  ['systempaths-unconfined', 'root', { user: known('root') }, undefined],
  ['systempaths-unconfined', 'root as a number', { user: known('0:0') }, undefined],
  ['systempaths-unconfined', 'root in another spelling', { user: known('00') }, undefined],
  ['systempaths-unconfined', 'a user that may be another', { user: { ...known('node'), why: 'x' } }, undefined],
  ['systempaths-unconfined', 'a user that is not known', { user: unknown('x') }, undefined],
  ['seccomp-unconfined', 'default', {}, { seccomp: UNCONFINED }],
  ['seccomp-unconfined', 'not known', { seccomp: unknown('x') }, { seccomp: UNCONFINED }],
  ['seccomp-unconfined', 'unconfined', { seccomp: UNCONFINED }, undefined],
  ['privileged', 'not', {}, { privileged: known(true) }],
  ['privileged', 'not known', { privileged: unknown('x') }, { privileged: known(true) }],
  ['privileged', 'already', { privileged: known(true) }, undefined],
  ['cap-SYS_ADMIN', 'by default', { capAdd: [known('BPF')] }, { capAdd: [known('BPF'), known('SYS_ADMIN')] }],
  ['cap-SYS_ADMIN', 'added', { capAdd: [known('SYS_ADMIN')] }, undefined],
  ['cap-SYS_ADMIN', 'not known', { capAdd: [unknown('x')] }, undefined],
  ['cap-SETFCAP', 'by default', {}, undefined],
  ['cap-SETFCAP', 'dropped', { capDrop: [known('SETFCAP'), known('KILL')] }, { capDrop: [known('KILL')] }],
  ['cap-SETFCAP', 'all dropped', { capDrop: [known('ALL')] }, { capAdd: [known('SETFCAP')] }],
  [
    'cap-SETFCAP',
    'dropped twice',
    { capDrop: [known('SETFCAP'), known('ALL')], capAdd: [known('KILL')] },
    { capDrop: [known('ALL')], capAdd: [known('KILL'), known('SETFCAP')] },
  ],
  ['cap-SYS_ADMIN', 'dropped out of all', { capAdd: [known('ALL')], capDrop: [known('SYS_ADMIN')] }, { capDrop: [] }],
];

suite('relaxations', () => {
  test('each is what it says', () => {
    assert.deepEqual(
      RELAXATIONS.map((r) => [r.id, r.title, r.givesAway, r.cost, r.against]),
      TABLE,
    );
  });

  test('a version of Codex that has its bubblewrap in its executable has none to copy', () => {
    const container = containerWith({ agents: { codex: placed({ version: '0.128.0', bundledBwrap: true }) } });
    const applies = (version: string): boolean => relaxation('bwrap-copied', { ...CODEX, version }).applies(container);
    assert.deepEqual(['0.128.0', '0.129.0', '0.169.0'].map(applies), [false, true, true]);
  });

  test('a plan takes none for which something narrower does', () => {
    assert.deepEqual(
      RELAXATIONS.filter((r) => r.neverPlanned).map((r) => r.id),
      ['seccomp-unconfined', 'privileged'],
    );
  });

  test('all but one let the container start on every host', () => {
    const refusing = RELAXATIONS.filter(({ startsOn }) => startsOn);
    assert.deepEqual(
      refusing.map(({ id }) => id),
      ['apparmor-runc'],
    );
    assert.deepEqual(
      HOST_NAMES.filter((name) => refusing[0]?.startsOn?.(HOSTS[name])),
      ['docker-desktop', 'docker-ubuntu', 'docker-ubuntu-bwrap-profile', 'podman'],
    );
  });

  for (const [id, title, before, effect] of EFFECTS) {
    test(`${id}: ${title}`, () => {
      const container = containerWith(before);
      assert.equal(relaxation(id, CODEX).applies(container), effect !== undefined);
      if (effect) assert.deepEqual(relaxation(id, CODEX).apply(container), { ...container, ...effect });
    });
  }

  test('one that does not exist is an error that names it', () => {
    assert.throws(() => relaxation('cap-BPF', CODEX), /^Error: no relaxation cap-BPF$/);
  });

  test('what a set gives away: the dearest first, each once, nothing for what gives nothing away', () => {
    assert.deepEqual(givenAway(['bwrap-not-setuid', 'tmpfs-tmp'], CODEX), []);
    assert.deepEqual(givenAway(['seccomp-tailored', 'cap-SETFCAP', 'cap-SYS_ADMIN', 'seccomp-tailored'], CODEX), [
      'makes root in the container nearly root on the host',
      'lets programs in this container create user namespaces',
    ]);
  });
});

suite('the tailored profile of a container', () => {
  const custom = (profile: SeccompProfile | undefined, user = 'vscode'): Container =>
    containerWith({ user: known(user), seccomp: known({ kind: 'custom', file: 'x', profile }) });
  const letsBwrap = (profile: SeccompProfile): boolean =>
    Object.values(BWRAP_CALLS).every((call) => evaluate(profile, call, { capabilities: new Set() }).allowed);

  test('starts from the engine’s default where the author has none that can be read', () => {
    const expected = tailoredProfile(DOCKER_DEFAULT_PROFILE, CODEX);
    assert.deepEqual(tailoredFor(containerWith(), CODEX), expected);
    assert.deepEqual(tailoredFor(custom(undefined), CODEX), expected);
    assert.deepEqual(tailoredFor(containerWith({ seccomp: unknown('x') }), CODEX), expected);
  });

  test('of root lacks what only other users need', () => {
    assert.deepEqual(
      tailoredFor(containerWith({ user: known('root') }), CODEX),
      tailoredProfile(DOCKER_DEFAULT_PROFILE, CODEX, true),
    );
    assert.deepEqual(
      tailoredFor(containerWith({ user: unknown('x') }), CODEX),
      tailoredProfile(DOCKER_DEFAULT_PROFILE, CODEX),
    );
  });

  test('is made once for a base and a kind of user', () => {
    assert.equal(tailoredFor(containerWith(), CODEX), tailoredFor(containerWith({ user: known('node') }), CODEX));
    assert.equal(
      tailoredFor(containerWith({ user: known('root') }), CODEX),
      tailoredFor(containerWith({ user: known('0') }), CODEX),
    );
  });

  test('keeps what the author’s own says of other calls', () => {
    const own: SeccompProfile = {
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [
        { names: ['read', 'clone'], action: 'SCMP_ACT_ALLOW' },
        { names: ['mount'], action: 'SCMP_ACT_LOG' },
        { names: ['keyctl'], action: 'SCMP_ACT_KILL' },
        { name: 'bpf', action: 'SCMP_ACT_TRACE' },
        { action: 'SCMP_ACT_TRAP' },
      ],
    };
    assert.deepEqual(tailoredFor(custom(own), CODEX), tailoredProfile(own, CODEX));
  });

  test('takes the author’s refusals of what bubblewrap calls out: they would win over a permission', () => {
    const own: SeccompProfile = {
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [
        { names: ['unshare', 'bpf', 'pivot_root'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 },
        { name: 'clone', action: 'SCMP_ACT_KILL' },
        { names: ['mount', 'keyctl'], action: 'SCMP_ACT_KILL' },
      ],
    };
    assert.equal(letsBwrap(own), false);
    const tailored = tailoredFor(custom(own), CODEX);
    assert.deepEqual(tailored.syscalls.slice(0, 2), [
      { names: ['bpf'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 },
      { names: ['keyctl'], action: 'SCMP_ACT_KILL' },
    ]);
    assert.equal(letsBwrap(tailored), true);
  });
});

suite('a capability that a relaxation adds', () => {
  test('is in the bounding set after it, whatever was dropped', () => {
    for (const added of RELAXATIONS.filter((r) => r.id.startsWith('cap-'))) {
      const name = added.id.slice('cap-'.length);
      for (const capDrop of [[name], ['ALL'], [name, 'ALL'], [name, name]]) {
        const container = containerWith({ capDrop: capDrop.map((c) => known(c)) });
        assert.equal(added.applies(container), true);
        assert.ok(boundingSet(added.apply(container)).has(name), `${added.id} after ${capDrop.join()}`);
      }
    }
  });
});
