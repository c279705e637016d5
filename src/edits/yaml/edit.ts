import { isMap, isScalar, isSeq, Pair, Scalar, YAMLMap, type Document, type Node, type YAMLSeq } from 'yaml';
import type { TextEdit } from '../changes/change.js';
import { applyEdits, toTextEdits, type OffsetEdit } from '../text/textEdits.js';
import { blockListEdits, blockMapEdits, emptyMapEdits } from './block.js';
import { flowListEdits, flowMapEdits } from './flow.js';
import type { YamlChange } from './change.js';
import { yamlLayoutOf } from './layout.js';
import { keyOf, nodeAt, pairOf, parseYaml, plainValue, readYaml } from './nodes.js';

/**
 * The edits of a YAML text for all the changes at once. undefined when they cannot be made: the text does not parse, a path
 * leads nowhere or through an alias, or the edited text, read again, is not exactly what the changes make of the document.
 */
export function editYaml(text: string, file: string, changes: readonly YamlChange[]): readonly TextEdit[] | undefined {
  const documents = readYaml(text);
  const expected = documents?.map((document) => document.clone());
  if (
    !documents ||
    !expected?.every((document, index) => of(index, changes).every((each) => applyTo(document, each)))
  ) {
    return undefined;
  }
  // Lists first: what is added behind a list's last entry comes before what is added behind the list.
  const ordered = [...changes].sort((a, b) => a.kind.localeCompare(b.kind));
  const edits: OffsetEdit[] = [];
  for (const change of ordered) {
    const document = documents[change.document];
    const own = document && offsetEdits(text, document, change, of(change.document, changes));
    if (!own) return undefined;
    edits.push(...own);
  }
  const result = toTextEdits(file, text, keepLastLineOpen(text, edits));
  const made = parseYaml(applyEdits(text, result));
  const isMade = (document: Document, index: number): boolean => {
    const [wanted, got] = [plainValue(document), made?.[index] && plainValue(made[index])];
    return wanted !== undefined && got !== undefined && isSame(wanted.value, got.value);
  };
  return made?.length === expected.length && expected.every(isMade) ? result : undefined;
}

function of(document: number, changes: readonly YamlChange[]): readonly YamlChange[] {
  return changes.filter((change) => change.document === document);
}

function offsetEdits(
  text: string,
  document: Document,
  change: YamlChange,
  all: readonly YamlChange[],
): readonly OffsetEdit[] | undefined {
  const node = nodeAt(document, change.path);
  const layout = yamlLayoutOf(text, document);
  if (change.kind === 'list') {
    if (!isSeq(node)) return undefined;
    const list = node as YAMLSeq<Node>;
    return node.flow ? flowListEdits(text, list, change, layout) : blockListEdits(text, list, change, layout);
  }
  const touched = all.flatMap(({ kind, path }) =>
    kind === 'list' && path.length === change.path.length + 1 && startsWith(path, change.path) ? path.slice(-1) : [],
  );
  if (isMap(node)) {
    const map = node as YAMLMap<Node, Node | null>;
    return node.flow
      ? flowMapEdits(text, map, change, layout)
      : blockMapEdits(text, map, change, layout, new Set(touched));
  }
  const parent = nodeAt(document, change.path.slice(0, -1));
  const pair = isMap(parent) && !parent.flow ? pairOf(parent, change.path.at(-1) ?? '') : undefined;
  return pair && isNull(pair.value) ? emptyMapEdits(text, pair, change, layout) : undefined;
}

function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return start.every((key, index) => path[index] === key);
}

function isNull(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null && node.anchor === undefined);
}

/** Makes the change in the document itself; false when it cannot be made. */
function applyTo(document: Document, change: YamlChange): boolean {
  const node = nodeAt(document, change.path);
  if (change.kind === 'list') {
    if (!isSeq(node)) return false;
    const kept = node.items.flatMap((item, index) => {
      const value = change.replace.get(index);
      if (change.remove.has(index)) return [];
      return [value === undefined ? item : new Scalar(value)];
    });
    node.items = [...kept, ...change.add.map((value) => new Scalar(value))];
    return true;
  }
  const map = isMap(node) ? node : emptyMapAt(document, change.path);
  if (!map) return false;
  map.items = map.items.flatMap((pair) => {
    const key = keyOf(pair) ?? '';
    const other = change.replace.get(key);
    if (change.remove.has(key)) return [];
    return [other ? new Pair<unknown, unknown>(other.key, document.createNode(other.value)) : pair];
  });
  for (const [key, value] of change.set) {
    const existing = pairOf(map, key);
    if (existing) existing.value = document.createNode(value);
    else map.items.push(new Pair<unknown, unknown>(new Scalar(key), document.createNode(value)));
  }
  return true;
}

function emptyMapAt(document: Document, path: readonly string[]): YAMLMap | undefined {
  const parent = nodeAt(document, path.slice(0, -1));
  const pair = isMap(parent) ? pairOf(parent, path.at(-1) ?? '') : undefined;
  if (!pair || !isNull(pair.value)) return undefined;
  const map = new YAMLMap();
  pair.value = map;
  return map;
}

/** A text whose last line has no line break keeps it so when that line goes, with the blank ones before it. */
function keepLastLineOpen(text: string, edits: readonly OffsetEdit[]): readonly OffsetEdit[] {
  if (/[\r\n]$/.test(text)) return edits;
  const removals = edits.filter(({ newText }) => newText === '').sort((a, b) => b.end - a.end);
  let start = text.length;
  for (const removal of removals) if (removal.end >= start) start = Math.min(start, removal.start);
  const lineBreak = /(?:(?:\r\n|\n|\r)[ \t]*)*(?:\r\n|\n|\r)$/.exec(text.slice(0, start));
  if (start === text.length || !lineBreak || edits.some((e) => e.newText !== '' && e.end >= start)) return edits;
  return [...edits, { start: start - lineBreak[0].length, end: start, newText: '' }];
}

/** Equal as plain values; the order of keys does not count. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSame(Reflect.get(a, key), Reflect.get(b, key)))
  );
}
