import type { BwrapChoice } from '../bwrap/bwrap.js';
import type { Namespace } from '../bwrap/calls.js';
import type { Container } from '../container/container.js';
import type { SystemCall } from '../seccomp/filter.js';
import type { AgentSymptoms } from './symptom.js';

/** A folder that an agent may have to write to: its own below the user's home, or /tmp. */
export type Folder = 'home' | 'tmp';

/** A folder that has to be writable. */
export interface NeededFolder {
  readonly folder: Folder;
  /** What is printed where it is not. A function where the text depends on the user. */
  readonly error: string | ((container: Container) => string);
  /** It is written to only after the entries of the workspace have been looked at. */
  readonly late?: true;
}

/** A program beside bubblewrap without which no sandbox starts. */
export interface NeededProgram {
  readonly name: string;
  /** What the agent prints where it is not there. */
  readonly error: string;
}

/** How an agent comes to the sandbox's /proc where the kernel refuses bubblewrap a fresh one. */
export type ProcMount =
  /** It needs none: the container's own is bound. */
  | 'bound'
  /** It has no way out. */
  | 'insists'
  /** It tries again without one where bubblewrap words its refusal as before 0.12, and knows no other words. */
  | 'retries-on-old-words'
  /** It tries again without one. */
  | 'retries';

/** What an agent shields in the workspace folder: what is missing there bubblewrap has to create, to mount over it. */
export interface Shielded {
  /** In the order in which bubblewrap meets them. */
  readonly names: readonly string[];
  /** As what a missing one is created; 0.12 of bubblewrap words both alike. */
  readonly as: 'file' | 'folder';
  /** What it makes of entries that are symbolic links; not there: links do no harm. */
  readonly links?: ShieldedLinks;
}

/** Which entries of the workspace folder may not be symbolic links. */
export interface ShieldedLinks {
  /** In the order in which the agent meets them. */
  readonly names: readonly string[];
  /**
   * What it prints before it starts bubblewrap, which refuses nothing then; not there: bubblewrap mounts over the link, and
   * what comes of it depends on what the link leads to.
   */
  readonly error?: (path: string) => string;
}

/** A file of the workspace that an agent reads first, whatever its sandbox may do. */
export interface ProjectFile {
  /** Relative to the workspace folder. */
  readonly path: string;
  /** What is printed where its user may not read it. */
  readonly unreadable: (path: string) => string;
}

/** Calls that an agent makes in the sandbox when bubblewrap has set it up, before the command runs. */
export interface CallsAfterwards {
  readonly calls: readonly SystemCall[];
  /** What is printed where a seccomp profile refuses one with EPERM. */
  readonly error: string;
}

/** What a version of an agent needs from the container and the kernel for its sandbox. */
export interface Demands {
  readonly bwrap: BwrapChoice;
  /** Its executable holds a bubblewrap, so that a package is not needed for one. */
  readonly bwrapBuiltIn: boolean;
  /**
   * The version of bubblewrap as which the one behaves that comes with it in a file of its own; not there: it has no such file. A
   * copy of that file at /usr/bin/bwrap takes the place of the distribution's.
   */
  readonly bundledBwrap?: string;
  /** It passes --argv0 to a bubblewrap that has no such option as well. */
  readonly insistsOnArgv0: boolean;
  /** `net` only where the network is restricted. */
  readonly namespaces: readonly Namespace[];
  readonly proc: ProcMount;
  readonly afterwards?: CallsAfterwards;
  /** What it writes to before it looks for a bubblewrap, in its order. */
  readonly writes: readonly NeededFolder[];
  /** What it has to write to only where its bubblewrap lacks --argv0: it shows when all else is done. */
  readonly writesWithoutArgv0?: NeededFolder & { readonly error: string };
  readonly shields: Shielded;
  readonly projectFile?: ProjectFile;
  readonly programs: readonly NeededProgram[];
}

/** A program that runs commands in a sandbox of bubblewrap's: all that the model has to know of it. */
export interface Agent {
  /** As Container.agents names it. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Assumed where the container does not say which version it installs. */
  readonly newestVersion: string;
  /** Where it is installed in the usual way, a bubblewrap comes with it. */
  readonly bundlesBwrap: boolean;
  /** The end of that bubblewrap's path as an AppArmor profile names it, wherever the agent is installed. */
  readonly bundledBwrapPath: string;
  /** The name of its own folder in the user's home. */
  readonly homeFolder: string;
  /** What it prints where there is no bubblewrap that it could start. */
  readonly bwrapMissing: string;
  readonly symptoms: AgentSymptoms;
  /** What a version of it needs; an unreadable version counts as the newest. */
  demands(version: string): Demands;
}
