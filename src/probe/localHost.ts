import type { DefaultSeccomp, Host } from '../model/host.js';
import { PACKAGED_BWRAP_PATH } from '../model/bwrapPath.js';
import { compareVersions } from '../model/versions.js';
import { profilesOf, UBUNTU_PROFILE, type SeenProfiles } from './appArmorProfiles.js';
import type { EngineInfo } from './engineInfo.js';
import { denialOf, machine, ownSeccomp, type KernelFacts } from './machine.js';

/** What can be seen of this machine. */
export interface MachineFacts {
  /** The kernel that this program runs on; undefined without Linux: every engine then runs in a virtual machine. */
  readonly kernel: KernelFacts | undefined;
  /** AppArmor 4 is installed (/etc/apparmor.d/abi/4.0); undefined where AppArmor's files are not here. */
  readonly appArmor4: boolean | undefined;
  /** The engine that answered, Docker before Podman; undefined when none did. */
  readonly engine: EngineInfo | undefined;
  /** The AppArmor profiles of this machine; not there: nothing of them can be seen. */
  readonly profiles?: SeenProfiles | undefined;
}

/** An unknown kernel: as in Docker Desktop, it blocks nothing. */
const UNKNOWN_KERNEL: KernelFacts = {
  kernel: null,
  apparmor: false,
  apparmorRestrictUnprivilegedUserns: null,
  unprivilegedUsernsClone: null,
  maxUserNamespaces: null,
};

/** Ubuntu restricts unprivileged user namespaces since 23.10 (named host docker-ubuntu); its versions count as numbers. */
const UBUNTU_RESTRICTS_SINCE = 23.1;

/** And loads a profile for /usr/bin/bwrap since 25.04 (reported; named host docker-ubuntu-bwrap-profile). */
const UBUNTU_HAS_PROFILE_SINCE = 25.04;

/** 0: not Ubuntu. */
function ubuntuVersion(system: string | null): number {
  return Number(/^ubuntu (\d+\.\d+)/i.exec(system ?? '')?.[1] ?? 0);
}

/**
 * The kernel below the engine. Docker Desktop and its like run theirs in a virtual machine, and Docker may be that of another
 * machine: then the kernel's name differs and what is read here says nothing about it.
 */
function kernelBelow({ kernel: here, engine }: MachineFacts): { readonly kernel: KernelFacts; readonly own: boolean } {
  if (!engine) return { kernel: here ?? UNKNOWN_KERNEL, own: here !== undefined };
  const desktop = engine.system === 'Docker Desktop';
  if (here && !desktop && (engine.kernel === null || engine.kernel === here.kernel)) return { kernel: here, own: true };
  const restricts = ubuntuVersion(engine.system) >= UBUNTU_RESTRICTS_SINCE;
  return {
    kernel: { ...UNKNOWN_KERNEL, kernel: engine.kernel, apparmorRestrictUnprivilegedUserns: restricts ? 1 : null },
    own: false,
  };
}

function engineText(engine: EngineInfo): string {
  const name = engine.engine === 'docker' ? 'Docker' : 'Podman';
  const version = engine.version === null ? '' : ` ${engine.version}`;
  const rootless = engine.rootless ? ' without root' : '';
  const system = engine.system === null ? '' : ` on ${engine.system}`;
  return `${name}${version}${rootless}${system}`;
}

function userNamespacesText({ unprivilegedUserns, anyUserns, apparmor }: Omit<Host, 'description'>): string {
  if (!anyUserns) return 'no user namespaces (user.max_user_namespaces=0)';
  if (!unprivilegedUserns) return 'no unprivileged user namespaces (kernel.unprivileged_userns_clone=0)';
  return apparmor?.restrictsUnprivilegedUserns === true
    ? 'user namespaces restricted by AppArmor'
    : 'user namespaces allowed';
}

/** What engines call the profile that comes with them: Docker 20.10, Docker since 23, Podman's packages. */
const SHIPPED_PROFILES: readonly string[] = ['default', 'builtin', '/usr/share/containers/seccomp.json'];

/** Docker says `unconfined` or a path where its administrator says so (dockerd --seccomp-profile); Docker Desktop is reported to. */
function defaultSeccompOf({ engine, seccomp }: EngineInfo): DefaultSeccomp {
  if (seccomp === null || SHIPPED_PROFILES.includes(seccomp)) return ownSeccomp(engine);
  return seccomp === 'unconfined' ? 'unconfined' : 'unknown';
}

/** Docker 28.5 applies a profile that is named under --privileged, 20.10 ignores it (measured), and so does 25.0 (moby/moby #47499). */
function filtersPrivileged(engine: EngineInfo | undefined): boolean | undefined {
  if (!engine) return true;
  if (engine.engine === 'podman') return true;
  const { version } = engine;
  if (version === null) return undefined;
  return compareVersions(version, '28') >= 0 ? true : compareVersions(version, '26') < 0 ? false : undefined;
}

/** The profiles below the engine: on another machine's Ubuntu what its version comes with. */
function profilesBelow({ engine, profiles }: MachineFacts, own: boolean): SeenProfiles | undefined {
  if (own) return profiles;
  const version = ubuntuVersion(engine?.system ?? null);
  if (version < UBUNTU_RESTRICTS_SINCE) return undefined;
  return { loaded: false, names: version >= UBUNTU_HAS_PROFILE_SINCE ? [UBUNTU_PROFILE] : [] };
}

/** What follows from the profiles for a plain bubblewrap where user namespaces are restricted; undefined: nothing has to be said. */
function profileClause({ attachedTo }: NonNullable<Host['apparmor']>, seen: SeenProfiles | undefined): string {
  if (!attachedTo) {
    return `the loaded AppArmor profiles are unknown, so a bubblewrap at ${PACKAGED_BWRAP_PATH} cannot be judged (run the probe, or look as root)`;
  }
  const how = seen?.loaded === true ? 'loaded' : 'assumed to be loaded';
  return attachedTo.includes(PACKAGED_BWRAP_PATH)
    ? `an AppArmor profile for ${PACKAGED_BWRAP_PATH} is ${how}, as on Ubuntu 25.04 and later: a plain bubblewrap in the image works`
    : `no AppArmor profile for ${PACKAGED_BWRAP_PATH} is ${how}, as on Ubuntu 24.04`;
}

/** What was not seen and is assumed, a clause each. */
function assumptions(facts: MachineFacts, own: boolean): readonly string[] {
  const { engine } = facts;
  if (!engine) {
    const rest = facts.kernel ? 'what this kernel does not show' : 'its kernel';
    return [`no engine answered, so Docker and ${rest} are assumed as in Docker Desktop`];
  }
  const clauses: string[] = [];
  if (!own && engine.system !== 'Docker Desktop') {
    clauses.push(
      "it runs on another kernel than this machine's, with settings that are assumed to be its system's defaults",
    );
  }
  // Measured (test/ground-truth/rows/docker-userns-remap.jsonl): everything else is as without it.
  if (engine.remapped) clauses.push('userns-remap is on, so Docker refuses --privileged (this is not judged)');
  const seccomp = defaultSeccompOf(engine);
  if (seccomp === 'unconfined')
    clauses.push('it has no system-call filter (seccomp) unless a container names a profile');
  if (seccomp === 'unknown') {
    clauses.push(
      `a container without a seccomp profile of its own gets ${engine.seccomp ?? ''}, which is not read, so it cannot be judged`,
    );
  }
  return clauses;
}

/**
 * This machine as a host, from what can be seen of it. AppArmor counts where the engine says that it uses it; an engine without
 * root cannot. Where no engine answers it counts where the kernel runs it. What is missing is assumed and said in `description`.
 */
export function hostFromFacts(facts: MachineFacts): Host {
  const { engine, appArmor4 } = facts;
  const { kernel, own } = kernelBelow(facts);
  const confines = engine ? engine.apparmor && !engine.rootless : kernel.apparmor;
  const profiles = profilesBelow(facts, own);
  const host = machine(kernel, {
    engine: engine?.engine ?? 'docker',
    description: '',
    confines,
    denies: denialOf(kernel, own ? appArmor4 : undefined),
    filtersPrivileged: filtersPrivileged(engine),
    profiles: profilesOf(profiles),
    ...(engine && {
      defaultSeccomp: defaultSeccompOf(engine),
      rootIsHosts: !engine.rootless && !engine.remapped,
    }),
  });
  const seen = [
    ...(engine ? [engineText(engine)] : []),
    confines ? 'AppArmor' : 'no AppArmor',
    userNamespacesText(host),
  ].join(', ');
  const { apparmor } = host;
  const restricted = apparmor?.restrictsUnprivilegedUserns ? [profileClause(apparmor, profiles)] : [];
  return { ...host, description: `This machine: ${[seen, ...restricted, ...assumptions(facts, own)].join('; ')}` };
}
