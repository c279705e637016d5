import type { Place } from '../place.js';
import type { SeccompProfile } from '../seccomp/profile.js';

/**
 * A value of the container and the places that made it so.
 * `value` undefined: the files do not show it; `why` then says why, in words that complete
 * "It is not known … because". `why` beside a value: why it may be another one. No places: the value is the engine's or the image's default.
 */
export interface Sourced<T> {
  readonly value: T | undefined;
  readonly places: readonly Place[];
  readonly why?: string;
}

/** What the seccomp filter of the container is. `problem` says why a profile file cannot be used: Docker then refuses to start. */
export type Seccomp =
  | { readonly kind: 'default' }
  | { readonly kind: 'unconfined' }
  | {
      readonly kind: 'custom';
      readonly file: string;
      readonly profile: SeccompProfile | undefined;
      readonly problem?: string;
    };

/** The AppArmor profile: the engine's own (`default`), none (`unconfined`), or the host-loaded one of that name. */
export type AppArmor =
  { readonly kind: 'default' } | { readonly kind: 'unconfined' } | { readonly kind: 'named'; readonly name: string };

/** A distribution as in /etc/os-release, lower case: `{ id: 'debian', version: '12' }`. */
export interface Distro {
  readonly id: string;
  readonly version: string | undefined;
}

/** The first bubblewrap on PATH in the image. */
export interface Bwrap {
  readonly presence: Sourced<'absent' | 'present'>;
  readonly setuid: Sourced<boolean>;
  /** As `bwrap --version` prints it, for instance 0.8.0. */
  readonly version: Sourced<string>;
  /** Where it is, links resolved; not there: where packages put it (bwrapPath). */
  readonly path?: Sourced<string>;
  /** What was there before a package was installed, where that is not known: removing the installation brings it back. */
  readonly beneath?: Bwrap;
}

/** How an agent comes into the image. `bundledBwrap`: a bubblewrap of its own comes with it (with Codex's npm package, for instance). */
export interface AgentInstall {
  readonly version: string | undefined;
  readonly bundledBwrap: boolean;
  /** The extension of the editor that brings it and starts it, for people ("the ChatGPT extension"); not there: it is on PATH. */
  readonly extension?: string;
}

/** The part of a Dockerfile that the final image is built from, for the edits that add to it. */
export interface DockerfileDefinition {
  readonly kind: 'dockerfile';
  readonly file: string;
  /** The `FROM` line of the stage that is built. */
  readonly stage: Place;
  readonly target: string | undefined;
  /** The build arguments that are given; undefined: to what depends on the machine. */
  readonly args: Readonly<Record<string, string | undefined>>;
}

/** A service of a Compose project, for the edits that change it. All paths are relative to the workspace folder. */
export interface ComposeDefinition {
  readonly kind: 'compose';
  /** What the service's image is made of. */
  readonly image:
    | { readonly kind: 'image'; readonly image: string; readonly place: Place }
    /** `build` with a Dockerfile that was read. `place` is `build` in the Compose file. */
    | { readonly kind: 'build'; readonly dockerfile: DockerfileDefinition; readonly place: Place }
    /** `build.dockerfile_inline`: the Dockerfile is in the Compose file at `place`. */
    | { readonly kind: 'inline'; readonly place: Place }
    /** Not to be known: no such service, a Dockerfile that is not read, … */
    | { readonly kind: 'unknown' };
}

/** What the configuration makes the container of. `place` is where devcontainer.json says so. */
export type Definition = (
  | { readonly kind: 'image'; readonly image: string }
  | DockerfileDefinition
  | ComposeDefinition
  | { readonly kind: 'unknown' }
) & { readonly place: Place };

/** Why nothing can be created in a folder: this user may not write to it, or it is mounted read-only. */
export type Refusal = 'EACCES' | 'EROFS';

/**
 * The folder in which the agent runs, as the agent's user finds it. The files show only links in it: the probe sees the rest.
 */
export interface WorkspaceFolder {
  /** In the container. */
  readonly path: string;
  /**
   * The error when something is created there; undefined: none. In the sandbox only the mode bits, the user and the groups
   * count: root and capabilities have no power there over the files of other users (measured).
   */
  readonly refuses: Refusal | undefined;
  /** The protected entries (Demands.shields) that are there. */
  readonly present: readonly string[];
  /** The protected entries that are symbolic links, whatever their target. */
  readonly links?: readonly string[];
  /** Files in it that the agent reads (Demands.projectFile), but its user may not. */
  readonly unreadable?: readonly string[];
}

/** A development container as far as the sandbox is concerned. Everything in it is plain readonly data. */
export interface Container {
  readonly definition: Definition;
  readonly privileged: Sourced<boolean>;
  /** Upper case, without CAP_; may contain ALL. An entry of unknown value: something that cannot be read may add more. */
  readonly capAdd: readonly Sourced<string>[];
  readonly capDrop: readonly Sourced<string>[];
  readonly seccomp: Sourced<Seccomp>;
  readonly apparmor: Sourced<AppArmor>;
  readonly noNewPrivileges: Sourced<boolean>;
  /** /proc and /sys carry Docker's masks and read-only mounts (false with systempaths=unconfined). */
  readonly maskedPaths: Sourced<boolean>;
  readonly readOnlyRoot: Sourced<boolean>;
  /** tmpfs mounts as `--tmpfs` spells them, PATH[:OPTIONS], and volumes that can be written to, as PATH:volume. */
  readonly tmpfs: readonly Sourced<string>[];
  /** Devices of the host given to the container, for instance /dev/fuse: a reason for SYS_ADMIN. */
  readonly devices: readonly Sourced<string>[];
  /** Who the agent runs as: remoteUser, else containerUser, else the image's USER. A name, or a number as the files give it. */
  readonly user: Sourced<string>;
  /**
   * Who the container itself runs as: `--user`, containerUser, else the image's USER. The agent's user comes in through exec where
   * it is another; undefined: it is not.
   */
  readonly containerUser?: Sourced<string>;
  readonly distro: Sourced<Distro>;
  readonly bwrap: Bwrap;
  /** By the agent's id (Agent.id); null, or not there: the files do not install it. */
  readonly agents: Readonly<Record<string, Sourced<AgentInstall | null>>>;
  /** What is installed of an agent beside that, by its id; not there: nothing. Each is judged. */
  readonly otherInstalls?: Readonly<Record<string, readonly Sourced<AgentInstall>[]>>;
  /** Programs that the image or its lifecycle commands run and that explain a capability: iptables, nft, fusermount, … */
  readonly programs: readonly Sourced<string>[];
  /**
   * Whether programs that an agent needs beside bubblewrap are there, by name; what is not named is not known. Only a request
   * that needs one asks, and none does of an agent that is judged today.
   */
  readonly installed?: Readonly<Record<string, Sourced<boolean>>>;
  /** What starts the image's bubblewrap beside the agent, for people ("Claude Code's sandbox"), with what shows it; not there: nothing. */
  readonly otherSandboxes?: readonly Sourced<string>[];
  /** Not known unless something looked into the running container: it is then taken to be writable. */
  readonly workspace?: WorkspaceFolder;
}

/** Known from the files, or a default where no place is given. */
export function known<T>(value: T, ...places: readonly Place[]): Sourced<T> {
  return { value, places };
}

/** Not to be known from the files; `why` completes "It is not known … because". */
export function unknown<T>(why: string, ...places: readonly Place[]): Sourced<T> {
  return { value: undefined, places, why };
}

/** True for root in any spelling that Docker takes (root, 0, 00, +0, 0:0, :1000; measured); undefined when the user is not known. */
export function isRoot(container: Pick<Container, 'user'>): boolean | undefined {
  const user = container.user.value;
  return user === undefined ? undefined : /^(root|[+-]?0+)?(:|$)/.test(user);
}

/**
 * Whether the agent's user is the one that the container itself runs as, in the same spelling: what comes in through `podman exec`
 * as another gets none of the added capabilities (podman libpod/oci_conmon_exec_linux.go, which compares the text; measured).
 */
export function isContainerUser({ user, containerUser = user }: Container): boolean | undefined {
  if (user.value === undefined || containerUser.value === undefined) return undefined;
  return user.value === containerUser.value;
}
