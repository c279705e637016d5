import type { Evidence } from './evidence.js';
import type { Bwrap, AgentInstall, Distro, Sourced } from '../../model/container/container.js';

/** What an image says that matters to the sandbox: from its Dockerfile, or from the table of public images (publicImages.ts). */
export interface ImageFacts {
  /** The image's USER, root by default. */
  readonly user: Sourced<string>;
  /**
   * Other names of root, by what makes them so; of unknown value where only the run finds out. Docker and the kernel go by the number:
   * such a user has root's home, and writes /proc/sys where root does (measured).
   */
  readonly rootNames?: Readonly<Record<string, Sourced<true>>>;
  readonly distro: Sourced<Distro>;
  readonly bwrap: Bwrap;
  /** What lies at the path of the package's bwrap was put there by hand and no package of it is installed; not there: no such thing. */
  readonly bwrapIsNoPackage?: true;
  /** null: the image does not install Codex. */
  readonly codex: Sourced<AgentInstall | null>;
  /** Programs it installs that explain a capability: iptables, nftables, ipset, fuse, gdb, … */
  readonly programs: readonly Sourced<string>[];
  /** What is installed or run in it that starts bubblewrap beside the agent (otherSandboxes.ts); not there: nothing. */
  readonly otherSandboxes?: readonly Sourced<string>[];
  /** What shows that Codex is used in it (evidence.ts); not there: nothing. */
  readonly evidence?: readonly Evidence[];
  /** What the image's devcontainer.metadata label adds, where the table knows it. */
  readonly metadata: ImageMetadata;
}

/** The part of the dev container image metadata that matters here (containers.dev, "Image Metadata"). */
export interface ImageMetadata {
  /** Nothing is known of the label, which may then set anything: completes "It is not known … because". */
  readonly unreadable?: string;
  /** It is not known because the image is in no table: most likely it sets nothing. */
  readonly unlisted?: true;
  readonly privileged?: boolean;
  readonly init?: boolean;
  readonly capAdd?: readonly string[];
  readonly securityOpt?: readonly string[];
  readonly remoteUser?: string;
  readonly containerUser?: string;
  /** Of VS Code (customizations.vscode.extensions). */
  readonly extensions?: readonly string[];
}
