import type { Place } from '../../model/place.js';
import type { ComposeEntry, ComposeMapping, ComposeScope } from './node.js';
import type { ResolvedPath } from '../text/paths.js';

/** A Compose file that something names. */
export interface ComposeFileReference {
  readonly path: ResolvedPath;
  /** As written, for people. */
  readonly written: string;
  readonly place: Place;
}

/** Compose files that are merged, and what they are read with. */
export interface ComposeFiles {
  readonly references: readonly ComposeFileReference[];
  readonly scope: ComposeScope;
  /** The files that include these, from the outermost on. */
  readonly includers: readonly string[];
}

/** One document of a Compose file. */
export interface ComposeDocument {
  readonly root: ComposeMapping;
  readonly path: ResolvedPath;
  readonly files: ComposeFiles;
}

/** A service in the document that has it. */
export interface ServiceInDocument {
  readonly entry: ComposeEntry;
  readonly document: ComposeDocument;
}

/** A service with what it extends, and each document that has it. */
export interface FoundService {
  readonly node: ComposeMapping;
  readonly entries: readonly ServiceInDocument[];
}
