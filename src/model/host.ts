/** The names of the contract, each a class of machines that behave alike. */
export const HOST_NAMES = [
  'docker-desktop',
  'docker-linux',
  'docker-ubuntu',
  'docker-no-unprivileged-userns',
  'docker-no-userns',
  'podman',
  'podman-rootful',
] as const;

export type HostName = (typeof HOST_NAMES)[number];

/** The hosts that are judged when nobody says otherwise. */
export const DEFAULT_HOSTS: readonly HostName[] = ['docker-desktop', 'docker-linux', 'docker-ubuntu'];

/**
 * Hosts that are judged by default and decide neither the exit status nor what a repair does unless they are named:
 * what the sandbox needs there is more than anybody asked for.
 */
export const ADVISORY_HOSTS: readonly string[] = ['docker-ubuntu'];

/** What AppArmor's profile of the engine denies first: compiled with the 4.x ABI the user namespace itself, with 3.x its mounts. */
export type AppArmorDenial = 'userns' | 'mount';

/** What a host-loaded AppArmor profile lets bubblewrap do. */
export type LoadedProfile = 'allows' | 'denies-mount' | 'denies-capabilities';

/** The seccomp profile under which the engine puts a container that names none. `unknown`: one of the administrator's own. */
export type DefaultSeccomp = 'docker-default' | 'podman-default' | 'unconfined' | 'unknown';

/** What the engine and the kernel of a machine allow. */
export interface Host {
  /** As the user selects it; a detected machine is `local`. */
  readonly name: HostName | 'local';
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
      }
    | undefined;
  /** kernel.unprivileged_userns_clone: false on a Debian that has switched it off. */
  readonly unprivilegedUserns: boolean;
  /** user.max_user_namespaces above 0. */
  readonly anyUserns: boolean;
  /** Podman gives a container that runs as another user than root the capabilities of --cap-add as ambient ones. */
  readonly ambientCapabilities: boolean;
  /** Root in a container is root of the host: the engine puts no user namespace between them (Docker without root, userns-remap, Podman without root do). */
  readonly rootIsHosts: boolean;
  /** Nobody measured what its kernel and its engine let through, so that nothing beyond the container's own is foretold: a clause. */
  readonly unmeasured?: string;
}

const DOCKER = {
  engine: 'docker',
  defaultSeccomp: 'docker-default',
  unprivilegedUserns: true,
  anyUserns: true,
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
} as const;

/**
 * The named hosts. Each was measured (test/ground-truth/rows) except where the description says otherwise;
 * the restriction of docker-ubuntu was measured under an emulation and agrees with the reported texts.
 */
export const HOSTS: Readonly<Record<HostName, Host>> = {
  'docker-desktop': {
    ...DOCKER,
    name: 'docker-desktop',
    description: 'Docker Desktop, OrbStack, Colima, WSL2, Fedora: no AppArmor, user namespaces allowed',
    apparmor: undefined,
  },
  'docker-linux': {
    ...DOCKER,
    name: 'docker-linux',
    description: 'Docker on Debian and alike: AppArmor docker-default, user namespaces allowed',
    apparmor: DEBIAN_APPARMOR,
  },
  'docker-ubuntu': {
    ...DOCKER,
    name: 'docker-ubuntu',
    description: 'Docker on Ubuntu 23.10 and later: AppArmor, which also restricts unprivileged user namespaces',
    apparmor: { ...DEBIAN_APPARMOR, restrictsUnprivilegedUserns: true },
  },
  'docker-no-unprivileged-userns': {
    ...DOCKER,
    name: 'docker-no-unprivileged-userns',
    description: 'Docker on a Debian with kernel.unprivileged_userns_clone=0',
    apparmor: DEBIAN_APPARMOR,
    unprivilegedUserns: false,
  },
  'docker-no-userns': {
    ...DOCKER,
    name: 'docker-no-userns',
    description: 'Docker where user.max_user_namespaces is 0',
    apparmor: DEBIAN_APPARMOR,
    anyUserns: false,
  },
  podman: { ...PODMAN, name: 'podman', description: 'Podman without root', apparmor: undefined },
  'podman-rootful': {
    ...PODMAN,
    name: 'podman-rootful',
    rootIsHosts: true,
    description: 'Podman as root on a host with AppArmor',
    apparmor: DEBIAN_APPARMOR,
  },
};

/** What people choose hosts from, with what they read of each. */
export const HOST_CHOICES: readonly Pick<Host, 'name' | 'description'>[] = [
  ...HOST_NAMES.map((name) => HOSTS[name]),
  { name: 'local', description: 'this machine: its kernel and its Docker, else its Podman, are asked' },
];
