import type { Container, Sourced } from '../model/container.js';
import type { Place } from '../model/place.js';
import type { MetadataLayer } from './metadata.js';

/** Something in the files that keeps them from being read as meant. It becomes a finding where it stands. */
export interface Problem {
  readonly kind:
    /** The text breaks its format's grammar here; what could be read around it is judged. */
    | 'syntax'
    /** A property has a value of the wrong type; it is ignored. */
    | 'type'
    /** A file that is referred to does not exist. */
    | 'missing'
    /** A file that is referred to lies outside the workspace folder (or a link leads there) and is not read. */
    | 'outside'
    /** Larger than the limit, no regular file, or not readable. */
    | 'unreadable'
    /** A part of the format that this program does not read yet: its effect is unknown, which is no error. */
    | 'not-judged';
  readonly place: Place;
  /** A sentence or two: what is wrong, why it matters, what to do. */
  readonly message: string;
}

/** Codex's `sandbox_mode`. */
export type SandboxMode = 'read-only' | 'workspace-write' | 'danger-full-access';

/** One development container configuration and all that was read for it. */
export interface Configuration {
  /** Its devcontainer.json, relative to the workspace folder, with forward slashes. */
  readonly file: string;
  readonly container: Container;
  /** What Codex's policy allows commands, from the workspace's .codex/config.toml; the default is restricted. */
  readonly network: Sourced<'restricted' | 'full'>;
  /** `sandbox_mode` of the workspace's .codex/config.toml; not there: it does not say. */
  readonly sandboxMode?: Sourced<SandboxMode>;
  readonly problems: readonly Problem[];
  /** The dev container metadata that was merged: of the image, the Features in the order of their installation, devcontainer.json. */
  readonly layers: readonly MetadataLayer[];
  /** The text of every file that was read, by path, without its byte order mark: what edits start from. */
  readonly texts: ReadonlyMap<string, string>;
}
