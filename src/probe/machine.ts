import { profilesOf } from './appArmorProfiles.js';
import type { AppArmorDenial, DefaultSeccomp, Host } from '../model/host.js';

/** What a kernel says about user namespaces and AppArmor. null: there is no such switch, or it cannot be read. */
export interface KernelFacts {
  /** `uname -r`, for instance 6.1.0-40-amd64. */
  readonly kernel: string | null;
  /** The kernel runs AppArmor (/sys/module/apparmor/parameters/enabled is Y). */
  readonly apparmor: boolean;
  readonly apparmorRestrictUnprivilegedUserns: number | null;
  readonly unprivilegedUsernsClone: number | null;
  readonly maxUserNamespaces: number | null;
}

/** What is known of the engine beside its kernel. */
export interface Engine {
  readonly engine: Host['engine'];
  readonly description: string;
  /** Whether it confines containers by AppArmor. */
  readonly confines: boolean;
  readonly denies: AppArmorDenial;
  /** Unless given, the engine's own. */
  readonly defaultSeccomp?: DefaultSeccomp;
  /** Host.rootIsHosts; unless given, it is. */
  readonly rootIsHosts?: boolean;
  /** Host.filtersPrivileged; unless given, not known. */
  readonly filtersPrivileged?: boolean | undefined;
  /** What its AppArmor profiles do for bubblewrap; unless given, not known. */
  readonly profiles?: ReturnType<typeof profilesOf>;
}

/** Since this kernel AppArmor can mediate the creation of user namespaces; Ubuntu's kernels could earlier (6.5). */
const MEDIATES_SINCE: readonly [number, number] = [6, 7];

function mediatesUserNamespaces({ kernel, apparmorRestrictUnprivilegedUserns }: KernelFacts): boolean {
  // The switch exists only where the kernel mediates them.
  if (apparmorRestrictUnprivilegedUserns !== null) return true;
  const version = /^(\d+)\.(\d+)/.exec(kernel ?? '');
  if (!version) return true;
  const [major, minor] = [Number(version[1]), Number(version[2])];
  return major > MEDIATES_SINCE[0] || (major === MEDIATES_SINCE[0] && minor >= MEDIATES_SINCE[1]);
}

/**
 * What docker-default denies first. Measured: with kernel 6.1 and AppArmor 3.0 (Debian 12) bwrap's mounts, with kernel 6.12 and
 * AppArmor 4.1 (Debian 13) its user namespace. It takes both: a kernel that mediates user namespaces and a parser that knows them.
 * What is not known counts as new.
 * @param parserKnows whether the parser is AppArmor 4; undefined where that cannot be seen
 */
export function denialOf(kernel: KernelFacts, parserKnows: boolean | undefined): AppArmorDenial {
  return mediatesUserNamespaces(kernel) && parserKnows !== false ? 'userns' : 'mount';
}

/** The seccomp profile that comes with an engine. */
export function ownSeccomp(engine: Host['engine']): DefaultSeccomp {
  return engine === 'podman' ? 'podman-default' : 'docker-default';
}

/** The host `local` of the model: an engine on a kernel. */
export function machine(kernel: KernelFacts, facts: Engine): Host {
  const { engine, description, confines, denies, defaultSeccomp = ownSeccomp(engine), rootIsHosts = true } = facts;
  const { filtersPrivileged, profiles = profilesOf(undefined) } = facts;
  return {
    name: 'local',
    displayName: 'this machine',
    description,
    engine,
    defaultSeccomp,
    apparmor: confines
      ? {
          defaultDenies: denies,
          restrictsUnprivilegedUserns: kernel.apparmorRestrictUnprivilegedUserns === 1,
          ...profiles,
        }
      : undefined,
    unprivilegedUserns: kernel.unprivilegedUsernsClone !== 0,
    anyUserns: kernel.maxUserNamespaces !== 0,
    filtersPrivileged,
    ambientCapabilities: engine === 'podman',
    rootIsHosts,
  };
}
