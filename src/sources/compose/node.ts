import type { Place } from '../../model/place.js';

/** What the text of a Compose file is read with. */
export interface ComposeScope {
  /**
   * The folder that paths such as `build.context` are relative to: the project directory, or the folder of the file that
   * `extends` names. Relative to the workspace folder; undefined: outside it.
   */
  readonly folder: string | undefined;
  /** Variables of the `.env` files, by name. */
  readonly variables: ReadonlyMap<string, string>;
}

interface Node {
  /** The value alone, where it is written: an alias has the place of its anchor's value. */
  readonly place: Place;
  /** `!reset` takes what earlier files say away, `!override` replaces it. */
  readonly tag: 'reset' | 'override' | undefined;
}

/** A string, number, boolean or null. */
export interface ComposeScalar extends Node {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** The value as a string; variables are still in it. */
  readonly text: string;
  /** Of a literal block (`|`) how far its lines are indented in the file, where they else stand as in the value; undefined: none. */
  readonly indentation: number | undefined;
  readonly scope: ComposeScope;
}

/** A list. */
export interface ComposeSequence extends Node {
  readonly kind: 'sequence';
  readonly items: readonly ComposeNode[];
}

/** A name and its value. */
export interface ComposeEntry {
  readonly key: string;
  readonly keyPlace: Place;
  readonly value: ComposeNode;
  /** The one of an earlier file, or of a service that this one extends, whose place it takes. */
  readonly over?: ComposeEntry;
  /** A merge key of its map has the key as well: it would hold if this entry were not there. */
  readonly hides?: true;
}

/** A map, anchors and `<<` put in. */
export interface ComposeMapping extends Node {
  readonly kind: 'mapping';
  readonly entries: ReadonlyMap<string, ComposeEntry>;
}

/** A value of a Compose file. Aliases share their anchor's node. */
export type ComposeNode = ComposeScalar | ComposeSequence | ComposeMapping;

/** Whether it is a value that says nothing. */
export function isNull(node: ComposeNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** The entry of a mapping; one without a value counts as not there. */
export function entryOf(node: ComposeNode | undefined, key: string): ComposeEntry | undefined {
  const entry = node?.kind === 'mapping' ? node.entries.get(key) : undefined;
  return entry && !isNull(entry.value) ? entry : undefined;
}

/** The elements of a list; none where it is something else. */
export function itemsOf(node: ComposeMapping, key: string): readonly ComposeNode[] {
  const value = entryOf(node, key)?.value;
  return value?.kind === 'sequence' ? value.items : [];
}

/** The service of that name in one document, whatever its value. */
export function serviceIn(document: ComposeMapping, name: string): ComposeEntry | undefined {
  const services = entryOf(document, 'services')?.value;
  return services?.kind === 'mapping' ? services.entries.get(name) : undefined;
}

/** Name and value together; the name alone where they take several lines, for a long underline hides more than it shows. */
export function entryPlace({ keyPlace, value }: ComposeEntry): Place {
  const { file, range } = value.place;
  const oneLine =
    file === keyPlace.file && range.start.line === keyPlace.range.start.line && range.end.line === range.start.line;
  return oneLine ? { file, range: { start: keyPlace.range.start, end: range.end } } : keyPlace;
}

/** What kind of value it is, for people: "a list", "a map", "true or false", … */
export function kindOf(node: ComposeNode): string {
  if (node.kind !== 'scalar') return node.kind === 'sequence' ? 'a list' : 'a map';
  switch (typeof node.value) {
    case 'boolean':
      return 'true or false';
    case 'number':
      return 'a number';
    default:
      return node.value === null ? 'empty' : 'a string';
  }
}
