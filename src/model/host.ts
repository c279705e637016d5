import { PACKAGED_BWRAP_PATH } from './bwrapPath.js';

/** The names of the contract, each for a class of similar machines. */
export const HOST_NAMES = [
  'docker-desktop',
  'docker-linux',
  'docker-ubuntu',
  'docker-ubuntu-bwrap-profile',
  'docker-no-unprivileged-userns',
  'docker-no-userns',
  'podman',
  'podman-rootful',
] as const;

export type HostName = (typeof HOST_NAMES)[number];

/** The hosts that are judged when nobody says otherwise. */
export const DEFAULT_HOSTS: readonly HostName[] = [
  'docker-desktop',
  'docker-linux',
  'docker-ubuntu',
  'docker-ubuntu-bwrap-profile',
];

/**
 * Hosts that are judged by default, but decide no severity, exit status or fix unless somebody names them: the sandbox needs
 * more there than most people want to give.
 */
export const ADVISORY_HOSTS: readonly string[] = ['docker-ubuntu', 'docker-ubuntu-bwrap-profile'];

/** What the engine's AppArmor profile denies first: the user namespace with the 4.x ABI, its mounts with the 3.x ABI. */
export type AppArmorDenial = 'userns' | 'mount';

/** What a host-loaded AppArmor profile lets bubblewrap do. */
export type LoadedProfile = 'allows' | 'denies-mount' | 'denies-capabilities';

/**
 * The paths to which profiles attach that grant bubblewrap user namespaces, one entry for each profile. If two profiles have
 * the same path, the kernel uses neither (measured). They also apply in a container whose processes have the label
 * `unconfined`; overlayfs and the mount namespace do not matter (measured). undefined: the loaded profiles are unknown.
 */
export type AttachedProfiles = readonly string[] | undefined;

/** The seccomp profile under which the engine puts a container that names none. `unknown`: one of the administrator's own. */
export type DefaultSeccomp = 'docker-default' | 'podman-default' | 'unconfined' | 'unknown';

/** What the engine and the kernel of a machine allow. */
export interface Host {
  /** As the user selects it; a detected machine is `local`. */
  readonly name: HostName | 'local';
  /** What people read in sentences. */
  readonly displayName: string;
  /** For people: which machines these are. */
  readonly description: string;
  readonly engine: 'docker' | 'podman';
  readonly defaultSeccomp: DefaultSeccomp;
  /** undefined: the kernel has no AppArmor enabled, and the engine ignores apparmor=…. */
  readonly apparmor:
    | {
        readonly defaultDenies: AppArmorDenial;
        /** kernel.apparmor_restrict_unprivileged_userns=1: a task labelled `unconfined` without SYS_ADMIN gets a powerless user namespace. */
        readonly restrictsUnprivilegedUserns: boolean;
        /** Profiles known to be loaded, by name; any other name cannot be judged. */
        readonly loadedProfiles: Readonly<Record<string, LoadedProfile>>;
        readonly attachedTo: AttachedProfiles;
      }
    | undefined;
  /** kernel.unprivileged_userns_clone: false on a Debian that has switched it off. */
  readonly unprivilegedUserns: boolean;
  /** user.max_user_namespaces above 0. */
  readonly anyUserns: boolean;
  /**
   * Under --privileged the engine applies a seccomp profile that is named: Docker 28.5 and Podman 4.3 do, Docker 20.10 does not
   * (measured). undefined: that is not known.
   */
  readonly filtersPrivileged: boolean | undefined;
  /** Podman gives a container that runs as another user than root the capabilities of --cap-add as ambient ones. */
  readonly ambientCapabilities: boolean;
  /** Root in a container is root of the host: the engine puts no user namespace between them (Docker without root, userns-remap, Podman without root do). */
  readonly rootIsHosts: boolean;
  /** Nobody measured what its kernel and its engine let through, so that nothing beyond the container's own is predicted: a clause. */
  readonly unmeasured?: string;
}

const DOCKER = {
  engine: 'docker',
  defaultSeccomp: 'docker-default',
  unprivilegedUserns: true,
  anyUserns: true,
  filtersPrivileged: true,
  ambientCapabilities: false,
  rootIsHosts: true,
} as const;

const PODMAN = {
  ...DOCKER,
  engine: 'podman',
  defaultSeccomp: 'podman-default',
  ambientCapabilities: true,
  rootIsHosts: false,
} as const;

const DEBIAN_APPARMOR = {
  defaultDenies: 'userns',
  restrictsUnprivilegedUserns: false,
  loadedProfiles: {},
  attachedTo: [],
} as const;

/** Ubuntu's AppArmor 4 ships a profile of the name runc (reported); the one of Debian 13 was measured under the emulation. */
const UBUNTU_APPARMOR = {
  ...DEBIAN_APPARMOR,
  restrictsUnprivilegedUserns: true,
  loadedProfiles: { runc: 'allows' },
} as const;

/**
 * The named hosts. Each was measured (test/ground-truth/rows) except where the description says otherwise;
 * the restriction of the two Ubuntus was measured under an emulation and agrees with the reported texts.
 */
export const HOSTS: Readonly<Record<HostName, Host>> = {
  'docker-desktop': {
    ...DOCKER,
    name: 'docker-desktop',
    displayName: 'Docker Desktop',
    description: 'Docker Desktop, OrbStack, Colima, WSL2 or Fedora (no AppArmor)',
    apparmor: undefined,
  },
  'docker-linux': {
    ...DOCKER,
    name: 'docker-linux',
    displayName: 'Linux (Debian)',
    description: 'Docker on Debian and similar hosts (AppArmor profile docker-default)',
    apparmor: DEBIAN_APPARMOR,
  },
  'docker-ubuntu': {
    ...DOCKER,
    name: 'docker-ubuntu',
    displayName: 'Ubuntu 24.04',
    description: 'Docker on Ubuntu 23.10 to 24.10 (AppArmor also restricts user namespaces)',
    apparmor: UBUNTU_APPARMOR,
  },
  'docker-ubuntu-bwrap-profile': {
    ...DOCKER,
    name: 'docker-ubuntu-bwrap-profile',
    displayName: 'Ubuntu 25.04 and later',
    description: 'Docker on Ubuntu 25.04 and later (the same, but /usr/bin/bwrap may use them)',
    apparmor: {
      ...UBUNTU_APPARMOR,
      // bwrap-userns-restrict names its profile bwrap: as a container's own it lets no program have a user namespace.
      loadedProfiles: { ...UBUNTU_APPARMOR.loadedProfiles, bwrap: 'denies-capabilities' },
      attachedTo: [PACKAGED_BWRAP_PATH],
    },
  },
  'docker-no-unprivileged-userns': {
    ...DOCKER,
    name: 'docker-no-unprivileged-userns',
    displayName: 'Linux without unprivileged user namespaces',
    description: 'Docker on Debian with kernel.unprivileged_userns_clone=0',
    apparmor: DEBIAN_APPARMOR,
    unprivilegedUserns: false,
  },
  'docker-no-userns': {
    ...DOCKER,
    name: 'docker-no-userns',
    displayName: 'Linux without user namespaces',
    description: 'Docker on a host with user.max_user_namespaces=0',
    apparmor: DEBIAN_APPARMOR,
    anyUserns: false,
  },
  podman: {
    ...PODMAN,
    name: 'podman',
    displayName: 'Podman (rootless)',
    description: 'Podman without root',
    apparmor: undefined,
  },
  'podman-rootful': {
    ...PODMAN,
    name: 'podman-rootful',
    displayName: 'Podman (rootful)',
    rootIsHosts: true,
    description: 'Podman as root on a host with AppArmor',
    apparmor: DEBIAN_APPARMOR,
  },
};

/** What people choose hosts from, with what they read of each. */
export const HOST_CHOICES: readonly Pick<Host, 'name' | 'displayName' | 'description'>[] = [
  ...HOST_NAMES.map((name) => HOSTS[name]),
  {
    name: 'local',
    displayName: 'this machine',
    description: 'this machine (detected from its kernel and its Docker or Podman)',
  },
];

/** The name that people have for both Ubuntus. */
const BOTH_UBUNTUS = 'Ubuntu';

/** The display names of hosts, each once, in their order: both Ubuntus together are "Ubuntu". A name that is not known stays as it is. */
export function displayNames(names: readonly string[]): readonly string[] {
  const areBoth = ADVISORY_HOSTS.every((name) => names.includes(name));
  const shown = names.map((name) =>
    areBoth && ADVISORY_HOSTS.includes(name)
      ? BOTH_UBUNTUS
      : (HOST_CHOICES.find((choice) => choice.name === name)?.displayName ?? name),
  );
  return [...new Set(shown)];
}
