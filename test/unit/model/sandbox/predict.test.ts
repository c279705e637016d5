import assert from 'node:assert/strict';
import { SETUID_BWRAP_CAPABILITIES } from '../../../../src/model/container/capabilities.js';
import type { AgentRequest } from '../../../../src/model/agent/request.js';
import {
  known,
  unknown,
  type AppArmor,
  type Container,
  type Distro,
  type Seccomp,
} from '../../../../src/model/container/container.js';
import { predict } from '../../../../src/model/sandbox/predict.js';
import { HOSTS, type Host, type LoadedProfile } from '../../../../src/model/host.js';
import { CLONE_NEWUSER } from '../../../../src/model/bwrap/calls.js';
import type { SeccompProfile } from '../../../../src/model/seccomp/profile.js';
import { tailoredProfile } from '../../../../src/model/plan/tailored.js';
import { DOCKER_DEFAULT_PROFILE } from '../../../../src/model/seccomp/engineProfiles.js';
import { bwrap, CODEX, containerWith } from '../../containers.js';

const DESKTOP = HOSTS['docker-desktop'];
const UNCONFINED = { seccomp: known({ kind: 'unconfined' as const }) };

/** `works`, `fails | GATE | ERROR` or `unknown GATE`. */
function outcome(changes: Partial<Container>, codex: AgentRequest = CODEX, host: Host = DESKTOP): string {
  const { outcome, gate, error, undecided } = predict(containerWith(changes), host, codex);
  if (outcome === 'unknown') return `unknown ${undecided ?? ''}`;
  return [outcome, gate, error].filter(Boolean).join(' | ');
}

function under(profile: SeccompProfile): Partial<Container> {
  return { seccomp: known({ kind: 'custom', file: 'p.json', profile }) };
}

function without(call: string): Partial<Container> {
  const all = tailoredProfile(DOCKER_DEFAULT_PROFILE, CODEX);
  return under({
    ...all,
    syscalls: all.syscalls.map((rule, i) =>
      i >= all.syscalls.length - DOCKER_DEFAULT_PROFILE.syscalls.length
        ? rule
        : { ...rule, names: rule.names?.filter((n) => n !== call) ?? [] },
    ),
  });
}

suite('gates: measured on 2026-11-21 with Codex 0.169.0 and Docker 20.10', () => {
  const root = { user: known('root') };

  for (const [call, expected] of Object.entries({
    mount: 'fails | pivot-root | bwrap: Failed to make / slave: Operation not permitted',
    umount2: 'fails | pivot-root | bwrap: unmount old root: Operation not permitted',
    pivot_root: 'fails | pivot-root | bwrap: pivot_root: Operation not permitted',
    unshare: 'fails | seccomp-userns | bwrap: unshare user ns: Operation not permitted',
  })) {
    test(`the tailored profile without ${call}`, () => {
      assert.equal(outcome(without(call)), expected);
    });
  }

  test('the tailored profile without clone', () => {
    assert.match(
      outcome(without('clone')),
      /^fails \| seccomp-userns \| bwrap: No permissions to create a new namespace/,
    );
  });

  test('root does without unshare', () => {
    assert.equal(outcome({ ...without('unshare'), ...root }), 'works');
  });

  test('an empty profile filters nothing', () => {
    assert.equal(outcome(under({ syscalls: [] })), 'works');
  });

  test('a read-only root stops Codex before it looks for a bwrap and before seccomp', () => {
    const readOnly = 'fails | writable-paths | error building bubblewrap command: Read-only file system (os error 30)';
    assert.equal(outcome({ readOnlyRoot: known(true) }), readOnly);
    assert.equal(outcome({ readOnlyRoot: known(true) }, { ...CODEX, bundledBwrap: false }), readOnly);
    assert.equal(outcome({ readOnlyRoot: known(true), tmpfs: [known('/home/vscode')], ...UNCONFINED }), readOnly);
  });

  test('a tmpfs on /tmp is enough with the bundled bwrap, not with 0.8', () => {
    const tmp = { readOnlyRoot: known(true), tmpfs: [known('/tmp')], ...UNCONFINED };
    const links = 'fails | writable-paths | bwrap: execvp codex-linux-sandbox: No such file or directory';
    assert.equal(outcome(tmp), 'works');
    assert.equal(outcome({ ...tmp, bwrap: bwrap('0.8.0') }), links);
    assert.equal(outcome({ ...tmp, bwrap: bwrap('0.12.0'), maskedPaths: known(false) }), 'works');
    assert.equal(outcome({ ...tmp, bwrap: bwrap('0.8.0'), tmpfs: [known('/tmp'), known('/home/vscode')] }), links);
    assert.equal(
      outcome({ ...tmp, bwrap: bwrap('0.8.0'), tmpfs: [known('/tmp'), known('/home/vscode:uid=1000')] }),
      'works',
    );
    assert.equal(
      outcome({ ...tmp, bwrap: bwrap('0.8.0'), tmpfs: [known('/tmp'), known('/home/vscode/.codex:mode=1777')] }),
      'works',
    );
    assert.equal(outcome({ ...tmp, ...root, bwrap: bwrap('0.8.0'), tmpfs: [known('/tmp'), known('/root')] }), 'works');
  });

  test('the bare executable needs a bwrap of the distribution that it can use', () => {
    const bare = { ...CODEX, bundledBwrap: false };
    assert.match(outcome(UNCONFINED, bare), /^fails \| bwrap-available \| bubblewrap is unavailable/);
    assert.match(outcome({}, bare), /^fails \| bwrap-available/);
    assert.equal(outcome({ ...UNCONFINED, bwrap: bwrap('0.8.0') }, bare), 'works');
    assert.match(outcome({ ...UNCONFINED, bwrap: bwrap('0.8.0', true) }, bare), /^fails \| bwrap-available/);
    assert.equal(outcome({ ...UNCONFINED, ...root, bwrap: bwrap('0.8.0', true) }, bare), 'works');
  });

  test('a profile under --privileged: ignored by Docker 20.10, applied by Docker 28.5', () => {
    const refused = 'fails | pivot-root | bwrap: pivot_root: Operation not permitted';
    for (const [filtersPrivileged, named, gone] of [
      [true, refused, 'unknown seccomp-userns'],
      [false, 'works', 'works'],
      [undefined, 'unknown pivot-root', 'unknown seccomp-userns'],
    ] as const) {
      const host: Host = { ...DESKTOP, filtersPrivileged };
      const privileged = (changes: Partial<Container>, value = true): string =>
        outcome({ privileged: known(value), ...changes }, CODEX, host);
      assert.equal(privileged(under(DOCKER_DEFAULT_PROFILE)), named);
      assert.equal(privileged(under(tailoredProfile(DOCKER_DEFAULT_PROFILE, CODEX))), 'works');
      assert.equal(privileged({ seccomp: known({ kind: 'custom', file: 'gone.json', profile: undefined }) }), gone);
      assert.match(privileged(under(DOCKER_DEFAULT_PROFILE), false), /^fails \| seccomp-userns/);
    }
    assert.equal(outcome({ privileged: known(true), ...under(DOCKER_DEFAULT_PROFILE) }), refused);
  });
});

suite('gates: what is not known is unknown, unless something before it decides', () => {
  test('an unknown image fails at seccomp all the same', () => {
    const image = {
      bwrap: { presence: unknown<'absent'>('x'), setuid: unknown<boolean>('x'), version: unknown<string>('x') },
    };
    assert.match(outcome(image), /^fails \| seccomp-userns/);
    assert.equal(outcome({ ...image, ...UNCONFINED }), 'unknown proc-mount');
    assert.equal(outcome({ ...image, ...UNCONFINED, maskedPaths: known(false) }), 'works');
  });

  test('an AppArmor profile that nobody knows', () => {
    const named = { ...UNCONFINED, apparmor: known({ kind: 'named' as const, name: 'team-profile' }) };
    assert.equal(outcome(named, CODEX, HOSTS['docker-linux']), 'unknown apparmor');
    assert.equal(outcome(named), 'works');
  });

  test('a capability that something unread may add', () => {
    assert.equal(outcome({ capAdd: [unknown('a Feature')] }), 'unknown seccomp-userns');
  });

  test('an unknown user matters where root passes and others do not', () => {
    const ubuntu = { ...UNCONFINED, apparmor: known({ kind: 'unconfined' as const }), capAdd: [known('SYS_ADMIN')] };
    assert.equal(outcome({ ...ubuntu, user: unknown('x') }, CODEX, HOSTS['docker-ubuntu']), 'unknown loopback');
    assert.equal(outcome({ ...ubuntu, user: known('root') }, CODEX, HOSTS['docker-ubuntu']), 'works');
  });
});

const UBUNTU = HOSTS['docker-ubuntu'];
const LINUX = HOSTS['docker-linux'];
const OPEN = { ...UNCONFINED, apparmor: known({ kind: 'unconfined' as const }) };
const SIX = SETUID_BWRAP_CAPABILITIES.map((name) => known(name));
const NO_NAMESPACE = 'bwrap: No permissions to create a new namespace, likely because the kernel does not allow';

/** The tailored profile that refuses one call with this errno. */
function refusing(call: string, errnoRet: number): Partial<Container> {
  const all: SeccompProfile = { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [] };
  return under({ ...all, syscalls: [{ names: [call], action: 'SCMP_ACT_ERRNO', errnoRet }] });
}

function withLoaded(name: string, profile: LoadedProfile, host = LINUX): Host {
  assert.ok(host.apparmor);
  return { ...host, apparmor: { ...host.apparmor, loadedProfiles: { [name]: profile } } };
}

suite('gates: what is foretold names its case', () => {
  test('host, agent, version and network stand in the prediction, whatever it is', () => {
    for (const [changes, outcome] of [
      [UNCONFINED, 'works'],
      [{}, 'fails'],
      [{ capAdd: [unknown<string>('x')] }, 'unknown'],
    ] as const) {
      const prediction = predict(containerWith(changes), DESKTOP, { ...CODEX, network: 'full' });
      assert.deepEqual(
        [prediction.host, prediction.agent, prediction.version, prediction.network, prediction.outcome],
        ['docker-desktop', 'codex', '0.169.0', 'full', outcome],
      );
    }
  });

  test('Codex before 0.115 needs none of it, but since 0.110 a home to write to', () => {
    const sealed = { readOnlyRoot: known(true), capDrop: [known('ALL')] };
    const on = (version: string, more: Partial<Container> = {}): string =>
      outcome({ ...sealed, ...more }, { ...CODEX, version }, HOSTS['docker-no-userns']);
    assert.equal(on('0.109.0'), 'works');
    assert.equal(on('0.114.0'), 'fails | writable-paths | Error: Read-only file system (os error 30)');
    assert.equal(on('0.114.0', { tmpfs: [known('/home/vscode/.codex:mode=1777')] }), 'works');
  });
});

suite('gates: setuid under Codex 0.120, which takes what is on PATH', () => {
  const old = { ...CODEX, version: '0.120.0' };
  const unreadBit = { ...bwrap('0.8.0'), setuid: unknown<boolean>('x') };
  const unreadVersion = { ...bwrap('', true), version: unknown<string>('x') };

  for (const [what, changes, expected] of [
    [
      'without its capabilities',
      { bwrap: bwrap('0.8.0', true) },
      'fails | bwrap-privileges | bwrap: capset failed: Operation not permitted',
    ],
    [
      'a build that refuses',
      { bwrap: bwrap('0.12.0', true), capAdd: SIX },
      'fails | bwrap-privileges | bwrap: setuid use of bubblewrap is not supported',
    ],
    ['with its capabilities', { bwrap: bwrap('0.8.0', true), capAdd: SIX }, 'works'],
    ['not known whether setuid, without its capabilities', { bwrap: unreadBit }, 'unknown bwrap-privileges'],
    ['not known whether setuid, with its capabilities', { bwrap: unreadBit, capAdd: SIX }, 'unknown bwrap-privileges'],
    ['of a version that is not known, without its capabilities', { bwrap: unreadVersion }, 'unknown bwrap-privileges'],
    [
      'of a version that is not known, with its capabilities',
      { bwrap: unreadVersion, capAdd: SIX },
      'unknown bwrap-privileges',
    ],
    [
      'perhaps with its capabilities',
      { bwrap: bwrap('0.8.0', true), capAdd: [unknown<string>('x')] },
      'unknown bwrap-privileges',
    ],
    ['plain', { bwrap: bwrap('0.8.0') }, 'works'],
  ] as const satisfies readonly (readonly [string, Partial<Container>, string])[]) {
    test(what, () => {
      assert.equal(outcome({ ...UNCONFINED, ...changes }, old), expected);
    });
  }
});

suite('gates: Podman', () => {
  const podman = HOSTS.podman;
  const ambient = 'fails | bwrap-privileges | bwrap: Unexpected capabilities but not setuid, old file caps config?';

  for (const [what, changes, expected] of [
    ['its default profile lets bwrap through', {}, 'works'],
    ['a capability for a user other than root', { capAdd: [known('NET_ADMIN')] }, ambient],
    ['a capability for root', { capAdd: [known('NET_ADMIN')], user: known('root') }, 'works'],
    ['a capability under --privileged', { capAdd: [known('NET_ADMIN')], privileged: known(true) }, ambient],
    [
      'a capability, and a user who comes in through exec',
      { capAdd: [known('NET_ADMIN')], containerUser: known('root') },
      'works',
    ],
    [
      'a capability, and one who is told by number',
      { capAdd: [known('NET_ADMIN')], containerUser: known('1000') },
      'works',
    ],
    [
      'a capability, and a container that runs as the user itself',
      { capAdd: [known('NET_ADMIN')], containerUser: known('vscode') },
      ambient,
    ],
    [
      'a capability, and a container of which it is not known who runs in it',
      { capAdd: [known('NET_ADMIN')], containerUser: unknown<string>('x') },
      'unknown bwrap-privileges',
    ],
    ['no capability, and the same', { containerUser: unknown<string>('x') }, 'works'],
    [
      'a capability for a user who is not known',
      { capAdd: [known('NET_ADMIN')], user: unknown<string>('x') },
      'unknown bwrap-privileges',
    ],
    ['a setuid bwrap is not told of them', { capAdd: SIX, bwrap: bwrap('0.8.0', true) }, 'works'],
    [
      'Docker’s profile in its place',
      under(DOCKER_DEFAULT_PROFILE),
      `fails | seccomp-userns | ${NO_NAMESPACE} non-privileged user namespaces. On e.g. debian this can be enabled with 'sysctl kernel.unprivileged_userns_clone=1'.`,
    ],
    [
      'Docker’s profile in its place, under --privileged, which has SYS_ADMIN',
      { ...under(DOCKER_DEFAULT_PROFILE), privileged: known(true) },
      'fails | pivot-root | bwrap: pivot_root: Operation not permitted',
    ],
    ['a read-only root: /tmp is a tmpfs', { readOnlyRoot: known(true) }, 'works'],
    [
      'a read-only root, and a bubblewrap that needs the helper links',
      { readOnlyRoot: known(true), bwrap: bwrap('0.8.0') },
      'fails | writable-paths | bwrap: execvp codex-linux-sandbox: No such file or directory',
    ],
  ] as const satisfies readonly (readonly [string, Partial<Container>, string])[]) {
    test(what, () => {
      assert.equal(outcome(changes, CODEX, podman), expected);
    });
  }
});

suite('gates: the seccomp profile in force', () => {
  const unread = { seccomp: unknown<Seccomp>('x') };
  const missing = { seccomp: known({ kind: 'custom' as const, file: 'gone.json', profile: undefined }) };
  const perhapsPrivileged = { privileged: unknown<boolean>('x') };

  for (const [what, changes, host, expected] of [
    ['not known', unread, DESKTOP, 'unknown seccomp-userns'],
    ['not known, under --privileged', { ...unread, privileged: known(true) }, DESKTOP, 'works'],
    ['a file that cannot be read', missing, DESKTOP, 'unknown seccomp-userns'],
    [
      'a file that cannot be read, under --privileged',
      { ...missing, privileged: known(true) },
      DESKTOP,
      'unknown seccomp-userns',
    ],
    ['the default, under --privileged', { privileged: known(true) }, DESKTOP, 'works'],
    ['the default, perhaps under --privileged', perhapsPrivileged, DESKTOP, 'unknown seccomp-userns'],
    ['unconfined, perhaps under --privileged', { ...perhapsPrivileged, ...UNCONFINED }, DESKTOP, 'works'],
    // docker/for-win #13851 (reported): Docker Desktop on WSL 2.
    ['the default of an engine that filters nothing', {}, { ...DESKTOP, defaultSeccomp: 'unconfined' }, 'works'],
    [
      'the default of an engine with a profile of its administrator',
      {},
      { ...DESKTOP, defaultSeccomp: 'unknown' },
      'unknown seccomp-userns',
    ],
    ['unconfined there', UNCONFINED, { ...DESKTOP, defaultSeccomp: 'unknown' }, 'works'],
    [
      'the default there, under --privileged',
      { privileged: known(true) },
      { ...DESKTOP, defaultSeccomp: 'unknown' },
      'works',
    ],
    ['the tailored one there', without(''), { ...DESKTOP, defaultSeccomp: 'unknown' }, 'works'],
    ['Podman’s under Docker', {}, { ...DESKTOP, defaultSeccomp: 'podman-default' }, 'works'],
  ] as const satisfies readonly (readonly [string, Partial<Container>, Host, string])[]) {
    test(what, () => {
      assert.equal(outcome(changes, CODEX, host), expected);
    });
  }

  test('SYS_ADMIN decides what Docker’s default says of clone, whatever else may be added', () => {
    const more = { capAdd: [known('SYS_ADMIN'), unknown<string>('x')] };
    assert.equal(outcome(more), 'fails | pivot-root | bwrap: pivot_root: Operation not permitted');
  });

  test('the errno of the profile shows in what bwrap says', () => {
    const said = (call: string, errno: number) => outcome(refusing(call, errno)).split(' | ').slice(1).join(' | ');
    assert.match(said('clone', 1), /^seccomp-userns \| bwrap: No permissions to create a new namespace/);
    assert.equal(said('clone', 38), 'seccomp-userns | bwrap: Creating new namespace failed: Function not implemented');
    assert.equal(said('mount', 38), 'pivot-root | bwrap: Failed to make / slave: Function not implemented');
    assert.equal(said('unshare', 38), 'seccomp-userns | bwrap: unshare user ns: Function not implemented');
  });

  test('a profile without unshare: root passes, others do not, so a user who is not known decides', () => {
    assert.equal(outcome({ ...without('unshare'), user: unknown('x') }), 'unknown seccomp-userns');
    assert.equal(outcome({ ...without(''), user: unknown('x') }), 'works');
  });
});

suite('gates: bubblewrap’s words for a refused namespace', () => {
  // The packages of Debian have a text of their own; what comes with Codex and other distributions' have bubblewrap's.
  const own = / On e\.g\. debian this can be enabled with 'sysctl kernel\.unprivileged_userns_clone=1'\.$/;
  const debian = /No permissions to create a new namespace.* See <https:\/\/deb\.li\/bubblewrap>/;
  const debian12 = /No permissions to create new namespace.* See <https:\/\/deb\.li\/bubblewrap>/;

  for (const [what, changes, words] of [
    ['the one that comes with Codex on Debian', {}, own],
    ['Debian 12', { bwrap: bwrap('0.8.0') }, debian12],
    ['Debian 13', { bwrap: bwrap('0.12.0'), distro: known({ id: 'debian', version: '13' }) }, debian],
    ['Ubuntu', { bwrap: bwrap('0.9.0'), distro: known({ id: 'ubuntu', version: '24.04' }) }, own],
    ['Ubuntu 12', { bwrap: bwrap('0.9.0'), distro: known({ id: 'ubuntu', version: '12' }) }, own],
    ['a distribution that is not known', { bwrap: bwrap('0.9.0'), distro: unknown<Distro>('x') }, own],
  ] as const satisfies readonly (readonly [string, Partial<Container>, RegExp])[]) {
    test(what, () => {
      assert.match(outcome(changes), words);
    });
  }
});

suite('gates: AppArmor', () => {
  const named = { ...UNCONFINED, apparmor: known({ kind: 'named' as const, name: 'team' }) };
  const unread = { ...UNCONFINED, apparmor: unknown<AppArmor>('x') };
  const userns = 'fails | apparmor | bwrap: Creating new namespace failed: Permission denied';
  const mounts = 'fails | apparmor | bwrap: Failed to make / slave: Permission denied';
  const debian12: Host = {
    ...LINUX,
    apparmor: { defaultDenies: 'mount', restrictsUnprivilegedUserns: false, loadedProfiles: {}, attachedTo: [] },
  };

  for (const [what, changes, host, expected] of [
    ['Debian 13 denies the user namespace', UNCONFINED, LINUX, userns],
    ['Debian 12 denies the mounts', UNCONFINED, debian12, mounts],
    [
      'docker-default by name',
      { ...UNCONFINED, apparmor: known({ kind: 'named', name: 'docker-default' }) },
      LINUX,
      userns,
    ],
    [
      'docker-default by name, under --privileged',
      { apparmor: known({ kind: 'named', name: 'docker-default' }), privileged: known(true) },
      LINUX,
      userns,
    ],
    ['capabilities do not help', { ...UNCONFINED, capAdd: SIX }, LINUX, userns],
    ['--privileged takes it away', { privileged: known(true) }, LINUX, 'works'],
    ['perhaps --privileged', { ...UNCONFINED, privileged: unknown<boolean>('x') }, LINUX, 'unknown apparmor'],
    ['unconfined, perhaps --privileged', { ...OPEN, privileged: unknown<boolean>('x') }, LINUX, 'works'],
    ['not known', unread, LINUX, 'unknown apparmor'],
    ['not known, under --privileged', { ...unread, privileged: known(true) }, LINUX, 'works'],
    ['not known, on a host without it', unread, DESKTOP, 'works'],
    ['a host-loaded profile that allows all', named, withLoaded('team', 'allows'), 'works'],
    ['one that denies the mounts', named, withLoaded('team', 'denies-mount'), mounts],
    ['the name of one that is not loaded there', named, withLoaded('other', 'allows'), 'unknown apparmor'],
    ['a name that a host without AppArmor ignores', named, DESKTOP, 'works'],
    // Ubuntu's restriction strikes only a task labelled exactly `unconfined` (docs/how-it-works.md, "AppArmor").
    ['a profile that is unconfined but for its name, on Ubuntu', named, withLoaded('team', 'allows', UBUNTU), 'works'],
  ] as const satisfies readonly (readonly [string, Partial<Container>, Host, string])[]) {
    test(what, () => {
      assert.equal(outcome(changes, CODEX, host), expected);
    });
  }

  test('a profile that takes capabilities in the user namespace away, as Ubuntu’s unprivileged_userns', () => {
    const host = withLoaded('team', 'denies-capabilities');
    assert.match(outcome(named, CODEX, host), /^fails \| userns-allowed \| bwrap: No permissions to create/);
  });
});

suite('gates: hosts that restrict user namespaces', () => {
  const setuid = { ...OPEN, bwrap: bwrap('0.8.0', true), capAdd: SIX };
  const rtm = 'fails | loopback | bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted';
  const full = { ...CODEX, network: 'full' as const };

  for (const [what, changes, codex, host, expected] of [
    ['Ubuntu, all open, network restricted', OPEN, CODEX, UBUNTU, rtm],
    [
      'Ubuntu, all open, network allowed',
      OPEN,
      full,
      UBUNTU,
      'fails | uid-map | bwrap: setting up uid map: Permission denied',
    ],
    ['Ubuntu, --privileged for a user other than root', { privileged: known(true) }, CODEX, UBUNTU, rtm],
    ['Ubuntu, --privileged for root', { privileged: known(true), user: known('root') }, CODEX, UBUNTU, 'works'],
    [
      'Ubuntu, --privileged for a user who is not known',
      { privileged: known(true), user: unknown<string>('x') },
      CODEX,
      UBUNTU,
      'unknown loopback',
    ],
    [
      'Ubuntu, the same with the network allowed',
      { privileged: known(true), user: unknown<string>('x') },
      full,
      UBUNTU,
      'unknown uid-map',
    ],
    ['Ubuntu, setuid with its capabilities', setuid, CODEX, UBUNTU, 'works'],
    ['Ubuntu, setuid 0.12', { ...setuid, bwrap: bwrap('0.12.0', true) }, CODEX, UBUNTU, rtm],
    ['Ubuntu, setuid, but Codex 0.115 starts its own', setuid, { ...CODEX, version: '0.115.0' }, UBUNTU, rtm],
    ['Ubuntu, SYS_ADMIN with a plain bwrap', { ...OPEN, capAdd: [known('SYS_ADMIN')] }, CODEX, UBUNTU, rtm],
    [
      'Debian without unprivileged user namespaces, setuid',
      setuid,
      CODEX,
      HOSTS['docker-no-unprivileged-userns'],
      'works',
    ],
    [
      'the same, root with SYS_ADMIN',
      { ...OPEN, user: known('root'), capAdd: [known('SYS_ADMIN')] },
      CODEX,
      HOSTS['docker-no-unprivileged-userns'],
      'works',
    ],
    [
      'root without SETFCAP',
      { ...UNCONFINED, user: known('root'), capDrop: [known('ALL')] },
      CODEX,
      DESKTOP,
      'fails | uid-map | bwrap: setting up uid map: Operation not permitted',
    ],
    [
      'root with SETFCAP alone',
      { ...UNCONFINED, user: known('root'), capDrop: [known('ALL')], capAdd: [known('SETFCAP')] },
      CODEX,
      DESKTOP,
      'works',
    ],
    ['another user needs no SETFCAP', { ...UNCONFINED, capDrop: [known('ALL')] }, CODEX, DESKTOP, 'works'],
    [
      'perhaps root without SETFCAP',
      { ...UNCONFINED, user: unknown<string>('x'), capDrop: [known('ALL')] },
      CODEX,
      DESKTOP,
      'unknown uid-map',
    ],
  ] as const satisfies readonly (readonly [string, Partial<Container>, AgentRequest, Host, string])[]) {
    test(what, () => {
      assert.equal(outcome(changes, codex, host), expected);
    });
  }

  test('no user namespaces at all: nothing in the container helps', () => {
    const none =
      /^fails \| userns-allowed \| .*nesting depth or \/proc\/sys\/user\/max_\*_namespaces exceeded \(ENOSPC\)$/;
    for (const changes of [OPEN, setuid, { privileged: known(true), user: known('root') }]) {
      assert.match(outcome(changes, CODEX, HOSTS['docker-no-userns']), none);
    }
  });

  test('switched off for the unprivileged: a plain bwrap of a user other than root', () => {
    assert.match(outcome(OPEN, CODEX, HOSTS['docker-no-unprivileged-userns']), /^fails \| userns-allowed \| .*sysctl/);
  });
});

suite('gates: /proc', () => {
  const closed = "fails | proc-mount | bwrap: Can't mount proc on /proc: Operation not permitted";
  const unreadSetuid = { ...bwrap('0.8.0'), setuid: unknown<boolean>('x') };

  for (const [what, changes, expected] of [
    ['bwrap 0.12 and masked paths', { bwrap: bwrap('0.12.0') }, closed],
    ['bwrap 0.12 without masks', { bwrap: bwrap('0.12.0'), maskedPaths: known(false) }, 'works'],
    [
      'bwrap 0.12, perhaps masked',
      { bwrap: bwrap('0.12.0'), maskedPaths: unknown<boolean>('x') },
      'unknown proc-mount',
    ],
    ['bwrap 0.12 under --privileged', { bwrap: bwrap('0.12.0'), privileged: known(true) }, 'works'],
    ['bwrap 0.8: AgentRequest tries again', { bwrap: bwrap('0.8.0') }, 'works'],
    ['0.8, or the one that comes with Codex', { bwrap: unreadSetuid }, 'works'],
    [
      '0.12, or the one that comes with Codex',
      { bwrap: { ...unreadSetuid, version: known('0.12.0') } },
      'unknown proc-mount',
    ],
  ] as const satisfies readonly (readonly [string, Partial<Container>, string])[]) {
    test(what, () => {
      assert.equal(outcome({ ...UNCONFINED, ...changes }), expected);
    });
  }
});

suite('gates: a read-only root', () => {
  const tmp = { ...UNCONFINED, readOnlyRoot: known(true), tmpfs: [known('/tmp')] };
  const home = {
    ...tmp,
    tmpfs: ['/home/vscode', '/root', '/home/77'].map((path) => known(`${path}/.codex:mode=1777`)),
  };
  const unread = { readOnlyRoot: unknown<boolean>('x') };
  const old = (version: string): AgentRequest => ({ ...CODEX, version });
  const HOME = 'fails | writable-paths | Error: Read-only file system (os error 30)';
  const REGISTRY =
    'fails | writable-paths | failed to create synthetic bubblewrap mount registry /tmp/codex-bwrap-synthetic-mount-targets-UID: Read-only file system (os error 30)';

  for (const [what, changes, codex, expected] of [
    ['bwrap 0.9 has --argv0, so Codex needs no helper links', { ...tmp, bwrap: bwrap('0.9.0') }, CODEX, 'works'],
    ['perhaps read-only', { ...UNCONFINED, ...unread }, CODEX, 'unknown writable-paths'],
    ['perhaps read-only, /tmp writable', { ...tmp, ...unread }, CODEX, 'works'],
    [
      'perhaps read-only, /tmp writable, bwrap 0.8',
      { ...tmp, ...unread, bwrap: bwrap('0.8.0') },
      CODEX,
      'unknown writable-paths',
    ],
    [
      'a tmpfs on /tmp of a root that is not read-only',
      { ...tmp, readOnlyRoot: known(false), bwrap: bwrap('0.8.0') },
      CODEX,
      'works',
    ],
    [
      'bwrap 0.8 needs ~/.codex only when all else is done',
      { ...tmp, bwrap: bwrap('0.8.0'), seccomp: known({ kind: 'default' }) },
      CODEX,
      'fails | seccomp-userns | bwrap: No permissions to create new namespace, likely because the kernel does not allow non-privileged user namespaces. See <https://deb.li/bubblewrap> or <file:///usr/share/doc/bubblewrap/README.Debian.gz>.',
    ],
    // Measured with these versions (test/container/generated.test.ts).
    ['0.115 needs ~/.codex', tmp, old('0.115.0'), HOME],
    ['0.115 does not need /tmp, and starts its own bwrap', { ...home, bwrap: bwrap('0.8.0') }, old('0.115.0'), 'works'],
    ['0.120 needs ~/.codex', tmp, old('0.120.0'), HOME],
    ['0.120 does not need /tmp', home, old('0.120.0'), 'works'],
    ['0.130 needs ~/.codex first', { ...tmp, tmpfs: [] }, old('0.130.0'), HOME],
    ['0.130 needs /tmp too', home, old('0.130.0'), REGISTRY.replace('UID', '1000')],
    ['0.130 as root', { ...home, user: known('root') }, old('0.130.0'), REGISTRY.replace('UID', '0')],
    ['0.128 names no user', home, old('0.128.0'), REGISTRY.replace('-UID', '')],
    ['0.136 needs /tmp only', tmp, old('0.136.0'), 'works'],
    ['0.136 says it as 0.130', home, old('0.136.0'), REGISTRY.replace('UID', '1000')],
    ['0.130 as a number', { ...home, user: known('77:88') }, old('0.130.0'), REGISTRY.replace('UID', '77')],
    ['0.130 with both', { ...tmp, tmpfs: [...tmp.tmpfs, ...home.tmpfs] }, old('0.130.0'), 'works'],
    ['0.130, perhaps read-only', { ...tmp, ...unread }, old('0.130.0'), 'unknown writable-paths'],
    ['0.98 needs nothing', { ...UNCONFINED, readOnlyRoot: known(true) }, old('0.98.0'), 'works'],
    ['0.169 needs /tmp only', tmp, CODEX, 'works'],
  ] as const satisfies readonly (readonly [string, Partial<Container>, AgentRequest, string])[]) {
    test(what, () => {
      assert.equal(outcome(changes, codex), expected);
    });
  }
});

suite('tailored profile', () => {
  test('adds nothing but the six calls, two of them only with CLONE_NEWUSER', () => {
    const added = tailoredProfile(DOCKER_DEFAULT_PROFILE, CODEX).syscalls.slice(
      0,
      -DOCKER_DEFAULT_PROFILE.syscalls.length,
    );
    assert.deepEqual(
      added.map((r) => [r.names, r.args?.map((a) => [a.index, a.value, a.valueTwo, a.op])]),
      [
        [['clone', 'unshare'], [[0, CLONE_NEWUSER, CLONE_NEWUSER, 'SCMP_CMP_MASKED_EQ']]],
        [['mount', 'mount_setattr', 'pivot_root', 'umount2'], undefined],
      ],
    );
  });

  test('one of the five calls, as this program wrote it before bubblewrap 0.13, stays valid', () => {
    const five = tailoredProfile(DOCKER_DEFAULT_PROFILE, CODEX, false, 'before-0.13');
    const added = five.syscalls.slice(0, -DOCKER_DEFAULT_PROFILE.syscalls.length).flatMap(({ names }) => names);
    assert.deepEqual(added, ['clone', 'unshare', 'mount', 'pivot_root', 'umount2']);
    const container = { seccomp: known<Seccomp>({ kind: 'custom', file: 'five.json', profile: five }) };
    for (const version of ['0.8.0', '0.12.0']) {
      const { outcome, gate } = predict(
        containerWith({ ...container, bwrap: bwrap(version) }),
        HOSTS['docker-desktop'],
        CODEX,
      );
      assert.deepEqual([outcome, gate], version === '0.8.0' ? ['works', undefined] : ['fails', 'proc-mount']);
    }
  });
});
