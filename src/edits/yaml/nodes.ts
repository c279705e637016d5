import { isAlias, isCollection, isMap, isNode, isPair, isScalar, isSeq, parseAllDocuments } from 'yaml';
import type { Document, Node, Pair, YAMLMap } from 'yaml';
import { isSafeYaml } from '../../sources/compose/yamlTokens.js';

/** Deeper nesting than this is no Compose file of a person. */
const MAX_ALIASES = 100;

/** The last text that was read, as long as nothing else needs the memory: each fix of a judgement reads the same one. */
let latest: { readonly text: string; readonly documents: WeakRef<readonly Document[]> } | undefined;

/** As parseYaml, of a text that is asked for again and again: the documents are shared, so they must not be changed. */
export function readYaml(text: string): readonly Readonly<Document>[] | undefined {
  const known = latest?.text === text ? latest.documents.deref() : undefined;
  const documents = known ?? parseYaml(text);
  if (documents) latest = { text, documents: new WeakRef(documents) };
  return documents;
}

/** The documents of a YAML text; undefined when there are errors. Offsets are UTF-16 units of the whole text. */
export function parseYaml(text: string): readonly Document[] | undefined {
  if (!isSafeYaml(text)) return undefined;
  let documents: ReturnType<typeof parseAllDocuments>;
  try {
    documents = parseAllDocuments(text, { merge: true, keepSourceTokens: true, logLevel: 'silent' });
  } catch {
    // The parser recurses: very deep nesting overflows its stack. What it cannot read is not edited.
    return undefined;
  }
  if (!Array.isArray(documents)) return undefined;
  return documents.every(({ errors }) => errors.length === 0) ? documents : undefined;
}

/** The plain value of a document, merge keys and aliases resolved; undefined when it refers to itself or expands too far. */
export function plainValue(document: Document): { readonly value: unknown } | undefined {
  try {
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }) };
  } catch {
    // An alias bomb, or an alias without its anchor: nothing that edits are made for.
    return undefined;
  }
}

/** The pair of a map that has this key itself, not by a merge. */
export function pairOf(map: YAMLMap, key: string): Pair<Node, Node | null> | undefined {
  const pair = map.items.find((item) => keyOf(item) === key);
  return pair as Pair<Node, Node | null> | undefined;
}

/** The key of a pair as a string; undefined for a merge key and for keys that are no scalars. */
export function keyOf(pair: Pair): string | undefined {
  const { key } = pair;
  if (!isScalar(key) || typeof key.value === 'symbol') return undefined;
  return String(key.value);
}

/** The node that a path of keys leads to, without following aliases or merges. */
export function nodeAt(document: Document, path: readonly string[]): Node | null | undefined {
  let node: Node | null | undefined = document.contents;
  for (const key of path) {
    if (!isMap(node)) return undefined;
    node = pairOf(node, key)?.value;
  }
  return node;
}

/** The keys that lead to a node without an alias; undefined when a list or a merge key is on the way. */
export function pathTo(document: Document, isIt: (node: Node) => boolean): readonly string[] | undefined {
  const search = (node: unknown, path: readonly string[]): readonly string[] | undefined => {
    if (isNode(node) && isIt(node)) return path;
    if (!isMap(node)) return undefined;
    for (const pair of node.items) {
      const key = keyOf(pair);
      const found = key === undefined ? undefined : search(pair.value, [...path, key]);
      if (found) return found;
    }
    return undefined;
  };
  return search(document.contents, []);
}

/** An alias: what it stands for, and the keys that lead to it, to the map that merges it, or to the list that it is in. */
interface PlacedAlias {
  readonly target: Node | undefined;
  readonly path: readonly string[];
}

function aliasesIn(document: Document): readonly PlacedAlias[] {
  const found: PlacedAlias[] = [];
  const walk = (node: unknown, path: readonly string[]): void => {
    if (isAlias(node)) found.push({ target: node.resolve(document), path });
    else if (isSeq(node)) for (const item of node.items) walk(isPair(item) ? item.value : item, path);
    else if (isMap(node)) {
      for (const pair of node.items) {
        const key = keyOf(pair);
        walk(pair.key, path);
        walk(pair.value, key === undefined ? path : [...path, key]);
      }
    }
  };
  walk(document.contents, []);
  return found;
}

/** More links than this are a circle. */
const MAX_CHAIN = 100;

/**
 * Whether nothing but the map at `owner` has a say in what stands at a path: it is in that map and no alias stands for it, or it is
 * in an extension (`x-…`) and one alias leads there, which in turn is the map's alone.
 */
export function isOnlyOf(owner: readonly string[], document: Document, path: readonly string[]): boolean {
  const aliases = aliasesIn(document);
  let at = path;
  for (let links = 0; links < MAX_CHAIN; links++) {
    const nodes = at.map((_, index) => nodeAt(document, at.slice(0, index + 1)));
    const leading = aliases.filter(({ target }) => target !== undefined && nodes.includes(target));
    const isInside = owner.every((key, index) => at[index] === key);
    if (isInside) return leading.length === 0;
    const [alias, ...others] = leading;
    if (!alias || others.length > 0 || at[0]?.startsWith('x-') !== true) return false;
    at = alias.path;
  }
  return false;
}

/** Where what a node says ends: behind its last character that is no blank, line break or comment. */
export function contentEnd(text: string, node: Node): number {
  const [start = 0, end = 0] = node.range ?? [];
  if (isCollection(node) && node.flow !== true) {
    const last: unknown = node.items.at(-1);
    if (last !== undefined) {
      return isMap(node) ? pairEnd(text, last as Pair<Node, Node | null>) : contentEnd(text, last as Node);
    }
  }
  const written = text.slice(start, end);
  return start + written.trimEnd().length;
}

/** Where a pair ends: as contentEnd of its value, or behind the colon. */
export function pairEnd(text: string, { key, value }: Pair<Node, Node | null>): number {
  const colon = (key.range?.[1] ?? 0) + (/^[ \t]*:/.exec(text.slice(key.range?.[1] ?? 0))?.[0].length ?? 0);
  // A value that is not written has its place wherever the parser noticed.
  return value?.range && value.range[1] > value.range[0] ? Math.max(colon, contentEnd(text, value)) : colon;
}

export function lineStart(text: string, offset: number): number {
  const before = text.slice(0, offset);
  return Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1;
}

/** Before the line break that follows, or the end of the text. */
export function lineEnd(text: string, offset: number): number {
  const found = /[\r\n]/.exec(text.slice(offset));
  return found ? offset + found.index : text.length;
}
