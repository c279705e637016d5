import type { YamlValue } from './scalars.js';

/** What is to happen to a list. In block style something stays in it or comes in: one that becomes empty is its map's affair. */
export interface YamlListChange {
  readonly kind: 'list';
  /** The index of its document in the text. */
  readonly document: number;
  /** The keys that lead to it from the top. */
  readonly path: readonly string[];
  readonly remove: ReadonlySet<number>;
  readonly replace: ReadonlyMap<number, string>;
  /** New entries, which come last. */
  readonly add: readonly string[];
}

/** What is to happen to the pairs of a map. */
export interface YamlMapChange {
  readonly kind: 'map';
  readonly document: number;
  readonly path: readonly string[];
  readonly remove: ReadonlySet<string>;
  /** Pairs that take the place of others, by the key that goes. */
  readonly replace: ReadonlyMap<string, { readonly key: string; readonly value: YamlValue }>;
  /** New values, by key; a key that is not there yet comes behind the last of its neighbours, else at the end. */
  readonly set: ReadonlyMap<string, YamlValue>;
  readonly neighbours: ReadonlySet<string>;
}

/** What is to happen to one collection of a YAML document. */
export type YamlChange = YamlListChange | YamlMapChange;
