import { isAlias, isCollection, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';
import type { Document, Node, Pair, YAMLMap } from 'yaml';
import { isSafeYaml } from '../../sources/compose/yamlTokens.js';

/** Deeper nesting than this is no Compose file of a person. */
const MAX_ALIASES = 100;

/** The last document that was read, as long as nothing else needs the memory: each fix of a judgement reads the same one. */
let latest: { readonly text: string; readonly document: WeakRef<Document> } | undefined;

/** As parseYaml, of a text that is asked for again and again: the document is shared, so it must not be changed. */
export function readYaml(text: string): Readonly<Document> | undefined {
  const known = latest?.text === text ? latest.document.deref() : undefined;
  const document = known ?? parseYaml(text);
  if (document) latest = { text, document: new WeakRef(document) };
  return document;
}

/** The only document of a YAML text; undefined when there are errors or several documents. Offsets are UTF-16 units. */
export function parseYaml(text: string): Document | undefined {
  if (!isSafeYaml(text)) return undefined;
  let documents: ReturnType<typeof parseAllDocuments>;
  try {
    documents = parseAllDocuments(text, { merge: true, keepSourceTokens: true, logLevel: 'silent' });
  } catch {
    // The parser recurses: very deep nesting overflows its stack. What it cannot read is not edited.
    return undefined;
  }
  if (!Array.isArray(documents)) return undefined;
  const [document, ...others] = documents;
  return document && others.length === 0 && document.errors.length === 0 ? document : undefined;
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

/** Whether a node is shared: something else in the document stands for it by an alias. */
export function aliasesOf(document: Document, node: Node): number {
  let count = 0;
  const visit = (each: unknown): void => {
    if (isAlias(each)) {
      if (each.resolve(document) === node) count++;
    } else if (isMap(each)) {
      for (const { key, value } of each.items) {
        visit(key);
        visit(value);
      }
    } else if (isSeq(each)) {
      each.items.forEach(visit);
    }
  };
  visit(document.contents);
  return count;
}
