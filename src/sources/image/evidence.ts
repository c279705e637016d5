import type { Place } from '../../model/place.js';

/** What shows that Codex is used in a development container. */
export type EvidenceKind =
  /** An extension of VS Code that brings or drives Codex. */
  | 'extension'
  /** Codex is installed, or is a dependency of the workspace's package.json. */
  | 'package'
  /** A dev container Feature that is named after Codex or installs it. */
  | 'feature'
  /** Files of Codex's configuration. */
  | 'config'
  /** A mount of Codex's folder. */
  | 'mount'
  /** An environment variable that names Codex's folder. */
  | 'variable'
  /** A Dockerfile, the script of a Feature or of package.json runs Codex. */
  | 'command'
  /** A lifecycle command runs Codex. */
  | 'lifecycle'
  /** The repository says how this check is to judge it. */
  | 'choice';

/** One thing in the files that shows that Codex is used, and where it is. */
export interface Evidence {
  readonly kind: EvidenceKind;
  readonly place: Place;
}

/** More places show nothing new. */
const MOST = 100;

/** The same facts with one more piece of evidence. */
export function withEvidence<T extends { readonly evidence?: readonly Evidence[] }>(
  facts: T,
  kind: EvidenceKind,
  place: Place,
): T {
  const { evidence = [] } = facts;
  return evidence.length < MOST ? { ...facts, evidence: [...evidence, { kind, place }] } : facts;
}

/** The variable that says where Codex keeps its configuration (Codex's configuration reference). */
export const CODEX_HOME = 'CODEX_HOME';

/** Whether a path names Codex's folder, `~/.codex` by default, or something in it. */
export function namesCodexFolder(path: string): boolean {
  return path.split(/[\\/]/).includes('.codex');
}

/** Whether a name, such as that of a Feature or an extension, has Codex as one of its words. */
export function namesCodex(name: string): boolean {
  return name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .includes('codex');
}
