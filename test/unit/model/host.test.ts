import assert from 'node:assert/strict';
import {
  ADVISORY_HOSTS,
  DEFAULT_HOSTS,
  HOST_CHOICES,
  HOST_NAMES,
  HOSTS,
  type HostName,
  type LoadedProfile,
} from '../../../src/model/host.js';

/** What the machines of a name have in common (docs/how-it-works.md, "Hosts"; test/ground-truth/rows). */
interface Facts {
  readonly appArmor: boolean;
  /** Ubuntu's kernel.apparmor_restrict_unprivileged_userns=1. */
  readonly restricts: boolean;
  readonly unprivilegedUserns: boolean;
  readonly anyUserns: boolean;
  readonly podman: boolean;
  /** Names that are known besides docker-default. */
  readonly loadedProfiles?: Readonly<Record<string, LoadedProfile>>;
  /** What profiles attach to by path. */
  readonly attachedTo?: readonly string[];
  readonly machines: RegExp;
}

const PLAIN: Facts = {
  appArmor: true,
  restricts: false,
  unprivilegedUserns: true,
  anyUserns: true,
  podman: false,
  machines: /Docker/,
};

const FACTS: Readonly<Record<HostName, Facts>> = {
  'docker-desktop': {
    ...PLAIN,
    appArmor: false,
    machines: /Docker Desktop.*WSL2.*no AppArmor/,
  },
  'docker-linux': { ...PLAIN, machines: /Debian.*AppArmor.*docker-default/ },
  'docker-ubuntu': {
    ...PLAIN,
    restricts: true,
    loadedProfiles: { runc: 'allows' },
    machines: /Ubuntu 23\.10 to 24\.10.*restricts user namespaces/,
  },
  'docker-ubuntu-bwrap-profile': {
    ...PLAIN,
    restricts: true,
    loadedProfiles: { runc: 'allows', bwrap: 'denies-capabilities' },
    attachedTo: ['/usr/bin/bwrap'],
    machines: /Ubuntu 25\.04 and later.*\/usr\/bin\/bwrap/,
  },
  'docker-no-unprivileged-userns': {
    ...PLAIN,
    unprivilegedUserns: false,
    machines: /Debian.*kernel\.unprivileged_userns_clone=0/,
  },
  'docker-no-userns': { ...PLAIN, anyUserns: false, machines: /user\.max_user_namespaces=0/ },
  podman: { ...PLAIN, appArmor: false, podman: true, machines: /Podman without root/ },
  'podman-rootful': { ...PLAIN, podman: true, machines: /Podman as root.*AppArmor/ },
};

suite('host', () => {
  for (const name of HOST_NAMES) {
    test(name, () => {
      const { appArmor, restricts, unprivilegedUserns, anyUserns, podman, machines } = FACTS[name];
      const { loadedProfiles = {}, attachedTo = [] } = FACTS[name];
      const { description, displayName, ...host } = HOSTS[name];
      assert.deepEqual(host, {
        name,
        engine: podman ? 'podman' : 'docker',
        defaultSeccomp: podman ? 'podman-default' : 'docker-default',
        // Measured on Debian 13: AppArmor 4 denies the user namespace before any mount.
        apparmor: appArmor
          ? { defaultDenies: 'userns', restrictsUnprivilegedUserns: restricts, loadedProfiles, attachedTo }
          : undefined,
        unprivilegedUserns,
        anyUserns,
        // Docker 28.5 does, and Podman 4.3: the commonest. Docker 20.10 does not.
        filtersPrivileged: true,
        ambientCapabilities: podman,
        rootIsHosts: name !== 'podman',
      });
      assert.match(description, machines);
      assert.ok(!displayName.includes(name) || !name.includes('-'), 'people read a name, not an id');
    });
  }

  test('there are no others, and four of Docker’s count when nobody says otherwise', () => {
    assert.deepEqual([...HOST_NAMES].sort(), Object.keys(FACTS).sort());
    assert.deepEqual(Object.keys(HOSTS), [...HOST_NAMES]);
    assert.deepEqual(DEFAULT_HOSTS, ['docker-desktop', 'docker-linux', ...ADVISORY_HOSTS]);
    assert.deepEqual(ADVISORY_HOSTS, ['docker-ubuntu', 'docker-ubuntu-bwrap-profile']);
  });

  test('people choose among them and this machine, each with its description', () => {
    const [local, ...named] = [...HOST_CHOICES].reverse();
    assert.deepEqual(named.reverse(), Object.values(HOSTS));
    assert.equal(local?.name, 'local');
    assert.match(local.description, /^this machine /);
  });
});
