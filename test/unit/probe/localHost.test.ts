import assert from 'node:assert/strict';
import { known } from '../../../src/model/container/container.js';
import { predict } from '../../../src/model/sandbox/predict.js';
import { HOSTS, type Host } from '../../../src/model/host.js';
import { readEngineInfo } from '../../../src/probe/engineInfo.js';
import { hostFromFacts, type MachineFacts } from '../../../src/probe/localHost.js';
import type { KernelFacts } from '../../../src/probe/machine.js';
import {
  DEBIAN_12,
  DEBIAN_12_APPARMOR,
  DOCKER_DESKTOP,
  NO_DAEMON,
  PODMAN_DEBIAN_12,
  PODMAN_ROOTFUL,
  PODMAN_ROOTLESS,
  ROOTLESS_DOCKER,
  ROOTLESS_DOCKER_DEBIAN,
  UBUNTU_24_04,
} from './engines.js';
import { bwrap, CODEX, containerWith } from '../containers.js';

function kernel(name: string, changes: Partial<KernelFacts> = {}): KernelFacts {
  return {
    kernel: name,
    apparmor: false,
    apparmorRestrictUnprivilegedUserns: null,
    unprivilegedUsernsClone: null,
    maxUserNamespaces: 96365,
    ...changes,
  };
}

const UBUNTU = kernel('6.8.0-60-generic', { apparmor: true, apparmorRestrictUnprivilegedUserns: 1 });

function hostOf(output: string | undefined, facts: Partial<MachineFacts> = {}): Host {
  const engine = output === undefined ? undefined : readEngineInfo(output);
  return hostFromFacts({ kernel: undefined, appArmor4: undefined, ...facts, engine });
}

/** All that the model judges by, but for what depends on the engine's version and on the profiles that are loaded. */
function behaviour(host: Host): Host {
  const { apparmor } = host;
  return {
    ...host,
    name: 'local',
    displayName: 'this machine',
    description: '',
    filtersPrivileged: undefined,
    apparmor: apparmor && { ...apparmor, loadedProfiles: {}, attachedTo: [] },
  };
}

function assertBehavesAs(host: Host, name: keyof typeof HOSTS): void {
  assert.equal(host.name, 'local');
  assert.deepEqual(behaviour(host), behaviour(HOSTS[name]));
}

suite('this machine as a host', () => {
  test('Docker on a kernel without AppArmor behaves as docker-desktop', () => {
    const host = hostOf(DEBIAN_12, { kernel: kernel('6.18.44') });
    assertBehavesAs(host, 'docker-desktop');
    assert.equal(
      host.description,
      'This machine: Docker 20.10.24+dfsg1 on Debian GNU/Linux 12 (bookworm), no AppArmor, user namespaces allowed',
    );
  });

  test('Docker Desktop: the kernel of this machine is not below the containers', () => {
    const output = DOCKER_DESKTOP.replace('profile=unconfined', 'profile=builtin');
    assertBehavesAs(hostOf(output), 'docker-desktop');
    const host = hostOf(output, { kernel: { ...UBUNTU, maxUserNamespaces: 0, unprivilegedUsernsClone: 0 } });
    assertBehavesAs(host, 'docker-desktop');
    assert.doesNotMatch(host.description, /another kernel than this machine's/);
  });

  test('WSL: the kernel is the same, and Docker Desktop counts', () => {
    const host = hostOf(DOCKER_DESKTOP, { kernel: kernel('6.10.14-linuxkit', { maxUserNamespaces: 0 }) });
    assert.equal(host.anyUserns, true);
  });

  test('Ubuntu 24.04', () => {
    const host = hostOf(UBUNTU_24_04, { kernel: UBUNTU, appArmor4: true });
    assertBehavesAs(host, 'docker-ubuntu');
    assert.match(
      host.description,
      /Ubuntu 24\.04\.2 LTS, AppArmor, user namespaces restricted by AppArmor; the loaded AppArmor profiles are unknown, .*\/usr\/bin\/bwrap/,
    );
  });

  test('Ubuntu 24.04 or 25.04: the profiles that are loaded tell, else their files are a hint', () => {
    const open = { seccomp: known({ kind: 'unconfined' as const }), apparmor: known({ kind: 'unconfined' as const }) };
    const plain = containerWith({ ...open, bwrap: bwrap('0.8.0') });
    for (const [profiles, outcome, said] of [
      [undefined, 'unknown', /the loaded AppArmor profiles are unknown/],
      [
        { loaded: true, names: ['docker-default'] },
        'fails',
        /; no AppArmor profile for \/usr\/bin\/bwrap is loaded, as on Ubuntu 24\.04$/,
      ],
      [
        { loaded: true, names: ['bwrap', 'unpriv_bwrap'] },
        'works',
        /; an AppArmor profile for \/usr\/bin\/bwrap is loaded, as on Ubuntu 25\.04 and later: a plain bubblewrap in the image works$/,
      ],
      [
        { loaded: false, names: ['bwrap-userns-restrict'] },
        'works',
        /; an AppArmor profile for \/usr\/bin\/bwrap is assumed to be loaded, as on/,
      ],
      [
        { loaded: false, names: [] },
        'fails',
        /; no AppArmor profile for \/usr\/bin\/bwrap is assumed to be loaded, as on/,
      ],
    ] as const) {
      const host = hostOf(UBUNTU_24_04, { kernel: UBUNTU, appArmor4: true, profiles });
      assert.equal(predict(plain, host, CODEX).outcome, outcome);
      assert.match(host.description, said);
    }
    const runc = hostOf(UBUNTU_24_04, { kernel: UBUNTU, appArmor4: true, profiles: { loaded: true, names: ['runc'] } });
    const under = containerWith({ ...open, apparmor: known({ kind: 'named', name: 'runc' }) });
    assert.equal(predict(under, runc, CODEX).outcome, 'works');
    assert.equal(predict(under, hostOf(UBUNTU_24_04, { kernel: UBUNTU }), CODEX).outcome, 'unknown');
  });

  test('an Ubuntu elsewhere is taken to have the profiles that its version comes with; nothing is said of others', () => {
    for (const [system, attachedTo] of [
      ['24.04.2 LTS', []],
      ['24.10', []],
      ['25.04', ['/usr/bin/bwrap']],
      ['26.04 LTS', ['/usr/bin/bwrap']],
    ] as const) {
      const output = UBUNTU_24_04.replace('24.04.2 LTS', system);
      // What this machine has loaded says nothing of it.
      const host = hostOf(output, { kernel: kernel('6.1.0'), profiles: { loaded: true, names: ['codex-bwrap'] } });
      assert.deepEqual(host.apparmor?.attachedTo, attachedTo, system);
    }
    const before = hostOf(UBUNTU_24_04.replace('24.04.2', '22.04.5'), { kernel: kernel('6.1.0') });
    assert.equal(before.apparmor?.attachedTo, undefined);
    assert.doesNotMatch(before.description, /profile/);
    assert.equal(hostOf(DEBIAN_12_APPARMOR, { kernel: kernel('6.1.0') }).apparmor?.attachedTo, undefined);
  });

  test('a seccomp profile under --privileged: Docker 28 applies it, 20.10 and 25.0 ignore it, between it is not known', () => {
    const filters = (version: string): boolean | undefined =>
      hostOf(DEBIAN_12.replace('20.10.24+dfsg1', version)).filtersPrivileged;
    assert.deepEqual(['20.10.24+dfsg1', '25.0.2', '26.1.5', '27.5.1', '28.0.0', '28.5.2', '29.4.2'].map(filters), [
      false,
      false,
      undefined,
      undefined,
      true,
      true,
      true,
    ]);
    const nameless = readEngineInfo(DEBIAN_12);
    assert.ok(nameless);
    const unread = hostFromFacts({ kernel: undefined, appArmor4: undefined, engine: { ...nameless, version: null } });
    assert.equal(unread.filtersPrivileged, undefined);
    assert.equal(hostOf(PODMAN_DEBIAN_12).filtersPrivileged, true);
    assert.equal(hostOf(undefined).filtersPrivileged, true);
  });

  test('Ubuntu whose administrator has lifted the restriction behaves as docker-linux', () => {
    const lifted = { ...UBUNTU, apparmorRestrictUnprivilegedUserns: 0 };
    assertBehavesAs(hostOf(UBUNTU_24_04, { kernel: lifted, appArmor4: true }), 'docker-linux');
  });

  test('a Docker on another Ubuntu: its switches are taken to be as Ubuntu sets them, and that is said', () => {
    const host = hostOf(UBUNTU_24_04, { kernel: kernel('6.1.0', { maxUserNamespaces: 0 }), appArmor4: false });
    assertBehavesAs(host, 'docker-ubuntu');
    assert.match(host.description, /another kernel than this machine's/);
    const before = UBUNTU_24_04.replace('24.04.2', '22.04.5');
    assert.equal(hostOf(before).apparmor?.restrictsUnprivilegedUserns, false);
    assert.equal(hostOf(UBUNTU_24_04.replace('24.04.2 LTS', '23.10')).apparmor?.restrictsUnprivilegedUserns, true);
    assert.equal(hostOf(UBUNTU_24_04.replace('24.04.2 LTS', '23.04')).apparmor?.restrictsUnprivilegedUserns, false);
  });

  test('what docker-default denies first follows from the kernel and from AppArmor’s version', () => {
    const denies = (name: string, appArmor4: boolean | undefined, changes: Partial<KernelFacts> = {}) => {
      const output = DEBIAN_12_APPARMOR.replace('6.1.0-40-amd64', name);
      return hostOf(output, { kernel: kernel(name, { apparmor: true, ...changes }), appArmor4 }).apparmor
        ?.defaultDenies;
    };
    assert.equal(denies('6.1.0-40-amd64', false), 'mount');
    assert.equal(denies('6.1.0-40-amd64', undefined), 'mount');
    assert.equal(denies('6.6.9', true), 'mount');
    assert.equal(denies('6.7.0', true), 'userns');
    assert.equal(denies('6.12.0', undefined), 'userns');
    assert.equal(denies('6.12.0', false), 'mount');
    assert.equal(denies('7.0.0', true), 'userns');
    assert.equal(denies('6.5.0-ubuntu', true, { apparmorRestrictUnprivilegedUserns: 0 }), 'userns');
  });

  test('Docker that filters nothing by default: a report of Docker Desktop on WSL 2, docker/for-win #13851', () => {
    const host = hostOf(DOCKER_DESKTOP);
    assert.deepEqual(behaviour(host), behaviour({ ...HOSTS['docker-desktop'], defaultSeccomp: 'unconfined' }));
    assert.match(host.description, /; it has no system-call filter \(seccomp\) unless a container names a profile$/);
    assert.equal(predict(containerWith(), host, CODEX).outcome, 'works');
  });

  test('Docker with a profile of its administrator: a container that names none is not judged by Docker’s default', () => {
    // Measured with Docker 20.10 and dockerd --seccomp-profile: a default container could create a user namespace.
    const host = hostOf(DEBIAN_12.replace('profile=default', 'profile=/etc/docker/team.json'));
    assert.equal(host.defaultSeccomp, 'unknown');
    assert.match(host.description, /gets \/etc\/docker\/team\.json, which is not read/);
    assert.equal(predict(containerWith(), host, CODEX).undecided, 'seccomp-userns');
    const unconfined = containerWith({ seccomp: known({ kind: 'unconfined' }) });
    assert.equal(predict(unconfined, host, CODEX).outcome, 'works');
  });

  test('Podman says the path of its profile: the one of its package is its default', () => {
    const withPath = (path: string) =>
      hostOf(PODMAN_ROOTLESS.replace('"rootless"', `"seccompProfilePath":"${path}","rootless"`)).defaultSeccomp;
    assert.equal(withPath('/usr/share/containers/seccomp.json'), 'podman-default');
    assert.equal(withPath(''), 'podman-default');
    assert.equal(withPath('/etc/containers/seccomp.json'), 'unknown');
    const without = PODMAN_ROOTLESS.replace('"seccompEnabled":true', '"seccompEnabled":false');
    assert.equal(hostOf(without).defaultSeccomp, 'unconfined');
  });

  test('Podman as root on a kernel without AppArmor, in its own words', () => {
    const host = hostOf(PODMAN_DEBIAN_12, { kernel: kernel('6.18.44-fc-v595') });
    assert.deepEqual(behaviour(host), behaviour({ ...HOSTS['podman-rootful'], apparmor: undefined }));
    assert.equal(host.description, 'This machine: Podman 4.3.1 on debian 12, no AppArmor, user namespaces allowed');
  });

  test('userns-remap: Docker then refuses --privileged, which is not judged, and that is said', () => {
    assert.match(hostOf(DEBIAN_12_APPARMOR).description, /userns-remap is on, so Docker refuses --privileged/);
    assert.doesNotMatch(hostOf(UBUNTU_24_04).description, /userns-remap/);
  });

  test('Docker without root cannot use AppArmor', () => {
    const host = hostOf(ROOTLESS_DOCKER, { kernel: UBUNTU, appArmor4: true });
    assert.deepEqual(behaviour(host), behaviour({ ...HOSTS['docker-desktop'], rootIsHosts: false }));
    assert.match(host.description, /^This machine: Docker 28\.2\.2 without root on Ubuntu/);
  });

  test('Docker without root on a kernel without AppArmor (test/ground-truth/rows/docker-rootless.jsonl)', () => {
    const host = hostOf(ROOTLESS_DOCKER_DEBIAN, { kernel: kernel('6.18.44') });
    assert.deepEqual(behaviour(host), behaviour({ ...HOSTS['docker-desktop'], rootIsHosts: false }));
    assert.match(host.description, /^This machine: Docker 28\.5\.2\+dfsg4 without root on Debian.*, no AppArmor/);
  });

  test('Podman without root and as root', () => {
    const below = kernel('6.12.0-amd64', { apparmor: true, unprivilegedUsernsClone: 1 });
    assertBehavesAs(hostOf(PODMAN_ROOTLESS, { kernel: below, appArmor4: true }), 'podman');
    assertBehavesAs(hostOf(PODMAN_ROOTFUL, { kernel: below, appArmor4: true }), 'podman-rootful');
    assert.match(
      hostOf(PODMAN_ROOTLESS).description,
      /^This machine: Podman 5\.4\.2 without root on debian 13, no AppArmor/,
    );
  });

  test('the switches of the kernel', () => {
    const off = kernel('6.18.44', { unprivilegedUsernsClone: 0 });
    const host = hostOf(DEBIAN_12, { kernel: off });
    assert.deepEqual([host.unprivilegedUserns, host.anyUserns], [false, true]);
    assert.match(host.description, /kernel\.unprivileged_userns_clone=0/);
    const none = hostOf(DEBIAN_12, { kernel: kernel('6.18.44', { maxUserNamespaces: 0 }) });
    assert.equal(none.anyUserns, false);
    assert.match(none.description, /user\.max_user_namespaces=0/);
  });

  test('an engine that does not name its kernel is taken to run on this one', () => {
    const nameless = DEBIAN_12.replace('"KernelVersion":"6.18.44",', '');
    assert.equal(hostOf(nameless, { kernel: kernel('6.18.44', { maxUserNamespaces: 0 }) }).anyUserns, false);
  });

  test('nothing installed, no Linux: docker-desktop, and that is said', () => {
    const host = hostOf(undefined);
    assertBehavesAs(host, 'docker-desktop');
    assert.match(host.description, /no engine answered, so Docker and its kernel are assumed as in Docker Desktop$/);
  });

  test('nothing installed on Linux: what the kernel says counts', () => {
    assertBehavesAs(hostOf(undefined, { kernel: UBUNTU, appArmor4: true }), 'docker-ubuntu');
    assertBehavesAs(hostOf(undefined, { kernel: kernel('6.18.44') }), 'docker-desktop');
  });
});

suite('what an engine says', () => {
  test('Docker', () => {
    assert.deepEqual(readEngineInfo(DEBIAN_12_APPARMOR), {
      engine: 'docker',
      version: '20.10.24+dfsg1',
      system: 'Debian GNU/Linux 12 (bookworm)',
      kernel: '6.1.0-40-amd64',
      apparmor: true,
      rootless: false,
      remapped: true,
      seccomp: 'default',
    });
  });

  test('Podman is known by its shape, whatever it was called by', () => {
    assert.deepEqual(readEngineInfo(PODMAN_ROOTLESS), {
      engine: 'podman',
      version: '5.4.2',
      system: 'debian 13',
      kernel: '6.12.0-amd64',
      apparmor: false,
      rootless: true,
      remapped: false,
      seccomp: null,
    });
  });

  for (const [what, output] of [
    ['a client without a daemon', NO_DAEMON],
    ['nothing', ''],
    ['half an answer', DEBIAN_12.slice(0, 40)],
    ['an array', '[]'],
    ['null', 'null'],
    ['a number', '7'],
    ['other words', 'Cannot connect to the Docker daemon.'],
  ] as const) {
    test(`no answer: ${what}`, () => {
      assert.equal(readEngineInfo(output), undefined);
    });
  }

  test('parts of the wrong kind are not there', () => {
    const info = readEngineInfo(
      '{"ServerVersion":"1","SecurityOptions":[null,{},"name=seccomp","name=apparmored"],"OperatingSystem":7}',
    );
    assert.deepEqual([info?.apparmor, info?.seccomp, info?.system, info?.kernel], [false, null, null, null]);
    assert.equal(readEngineInfo('{"ServerVersion":"1","SecurityOptions":"name=apparmor"}')?.apparmor, false);
    const podman = readEngineInfo('{"host":{"security":null,"distribution":[]},"version":7}');
    assert.deepEqual([podman?.engine, podman?.version, podman?.system], ['podman', null, null]);
  });
});
