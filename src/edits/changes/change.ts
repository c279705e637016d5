import type { Range } from '../../model/place.js';
import type { Tailoring } from '../../model/plan/tailored.js';

/** One replacement in a file. A file that the edit creates has the empty range at 0:0. */
export interface TextEdit {
  /** Relative to the workspace folder, with forward slashes. */
  readonly file: string;
  readonly range: Range;
  readonly newText: string;
}

/** What edits come to, for people. */
export interface Effects {
  /** Each change that is made, a line each. */
  readonly details: readonly string[];
  /** What the container gets that it did not have: "capability SYS_ADMIN". */
  readonly adds: readonly string[];
  readonly removes: readonly string[];
}

/** The edits that make changes, with what they come to. */
export interface Compiled extends Effects {
  readonly edits: readonly TextEdit[];
}

const START = { line: 0, character: 0 };

/** The edit that creates a file. */
export function creationOf(file: string, newText: string): TextEdit {
  return { file, range: { start: START, end: START }, newText };
}

/**
 * What is to be different in the container, free of any format; the options and the Dockerfile of a configuration are changed by
 * all of them at once (compile.ts).
 */
export type Change =
  /** `--security-opt KEY=VALUE`; replaces every other value of that key that would win over it. */
  | { readonly kind: 'security-opt'; readonly key: 'seccomp' | 'apparmor' | 'systempaths'; readonly value: string }
  /** Removes `KEY` or `KEY=…` everywhere. */
  | { readonly kind: 'remove-security-opt'; readonly key: 'seccomp' | 'apparmor' | 'systempaths' | 'no-new-privileges' }
  | { readonly kind: 'add-capability'; readonly capability: string }
  | { readonly kind: 'remove-capability'; readonly capability: string }
  /** Removes a capability from the dropped ones. */
  | { readonly kind: 'keep-capability'; readonly capability: string }
  | { readonly kind: 'remove-privileged' }
  /** `--tmpfs PATH[:OPTIONS]` in runArgs, `tmpfs` in a Compose file. */
  | { readonly kind: 'tmpfs'; readonly path: string; readonly options?: string }
  /** Moves options of runArgs, which Compose ignores, to where they have an effect; what has no such place stays. */
  | { readonly kind: 'move-run-args' }
  /** A file that does not exist yet. */
  | { readonly kind: 'create-file'; readonly file: string; readonly text: string }
  /** Calls that a seccomp profile of the workspace allows, beside pivot_root and without conditions. */
  | { readonly kind: 'allow-calls'; readonly file: string; readonly calls: readonly string[] }
  /** A seccomp profile of the workspace becomes the tailored one, in its own file. */
  | { readonly kind: 'tailor-profile'; readonly file: string; readonly tailoring: Tailoring }
  /** bubblewrap from the distribution's packages in the image that is built; an image-only configuration gets a Dockerfile. */
  | { readonly kind: 'install-bwrap'; readonly setuid: boolean }
  /**
   * The bubblewrap that comes with Codex copied to /usr/bin/bwrap, by the Dockerfile or the lifecycle command that installs Codex;
   * it takes the place of one that the Dockerfile installs. `version`: as which it is then read.
   */
  | { readonly kind: 'copy-bwrap'; readonly version: string }
  /** Removes the installation of bubblewrap (and its chmod) from the Dockerfile. */
  | { readonly kind: 'remove-bwrap' }
  /** Removes `chmod u+s …/bwrap` and its like from the Dockerfile. */
  | { readonly kind: 'remove-setuid' };
