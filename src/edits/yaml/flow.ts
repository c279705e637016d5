import { isPair, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import { editBracketList, type BracketList, type ListPlan, type Trivia } from '../text/bracketList.js';
import type { OffsetEdit } from '../text/textEdits.js';
import type { YamlListChange, YamlMapChange } from './change.js';
import { flowPair, flowValue, type YamlLayout } from './layout.js';
import { keyOf } from './nodes.js';
import { quotingOf, scalarText } from './scalars.js';

/** Edits of a list in flow style: `[a, b]`. */
export function flowListEdits(
  text: string,
  list: YAMLSeq<Node>,
  { remove, replace, add }: YamlListChange,
  layout: YamlLayout,
): readonly OffsetEdit[] | undefined {
  const quoting = quotingOf(list.items.at(-1));
  return bracketEdits(text, list, layout, {
    remove,
    replace: new Map([...replace].map(([at, value]) => [at, scalarText(value, quotingOf(list.items[at]), true)])),
    add: add.map((value) => ({ after: list.items.length - 1, entry: () => scalarText(value, quoting, true) })),
  });
}

/** Edits of a map in flow style: `{ a: 1, b: 2 }`. */
export function flowMapEdits(
  text: string,
  map: YAMLMap<Node, Node | null>,
  { remove, replace, set, neighbours }: YamlMapChange,
  layout: YamlLayout,
): readonly OffsetEdit[] | undefined {
  const quoting = quotingOf(map.items[0]?.key);
  const indexOf = (key: string): number => map.items.findIndex((pair) => keyOf(pair) === key);
  const replaced = new Map<number, string>();
  const add: ListPlan['add'][number][] = [];
  const last = map.items.findLastIndex((pair) => neighbours.has(keyOf(pair) ?? ''));
  for (const [key, other] of replace) replaced.set(indexOf(key), flowPair(other.key, other.value, quoting));
  for (const [key, value] of set) {
    const index = indexOf(key);
    const pair = map.items[index];
    if (!pair) {
      add.push({ after: last < 0 ? map.items.length - 1 : last, entry: () => flowPair(key, value, quoting) });
    } else {
      const written = text.slice(pair.key.range?.[0], pair.key.range?.[1]);
      replaced.set(index, `${written}: ${flowValue(value, quotingOf(pair.value), true)}`);
    }
  }
  const edits = bracketEdits(text, map, layout, {
    remove: new Set([...remove].map(indexOf).filter((index) => index >= 0)),
    replace: replaced,
    add,
  });
  return edits?.filter((edit) => !partsCommentFromComma(text, edit, map.range?.[1]));
}

/**
 * Whether an edit takes the comma away behind which a comment begins a line. yaml 2.9.1 refuses that between the last
 * pair and the brace, although YAML allows it; with the comma, which may stand there, it reads the comment.
 */
function partsCommentFromComma(text: string, { start, end, newText }: OffsetEdit, mapEnd = start): boolean {
  return newText === '' && text.slice(start, end) === ',' && /[\r\n]#/.test(text.slice(start, mapEnd));
}

function bracketEdits(
  text: string,
  node: YAMLSeq<Node> | YAMLMap<Node, Node | null>,
  { eol, unit }: YamlLayout,
  plan: ListPlan,
): readonly OffsetEdit[] | undefined {
  const entries = entriesOf(node);
  if (!node.range || !entries) return undefined;
  const comma = /,(?=\S)/.test(text.slice(node.range[0], node.range[1])) && entries.length > 1 ? ',' : ', ';
  const list = { start: node.range[0], end: node.range[1], entries, growsInLines: false };
  return editBracketList(text, list, plan, { eol, unit, comma }, triviaOf);
}

/** From an anchor or tag of an entry to the end of its value; undefined where the tokens do not tell. */
function entriesOf(node: YAMLSeq<Node> | YAMLMap<Node, Node | null>): BracketList['entries'] | undefined {
  const token = node.srcToken;
  if (token?.type !== 'flow-collection') return undefined;
  const written = token.items.slice(0, node.items.length);
  const entries = node.items.flatMap((item, index) => {
    const { start = [], sep = [] } = written[index] ?? {};
    const marks = [...start, ...sep].filter(({ type }) => PROPERTIES.has(type));
    const nodes = isPair(item) ? [item.key, item.value] : [item];
    const spans = [
      ...nodes.flatMap((each) => (each?.range ? [{ start: each.range[0], end: each.range[1] }] : [])),
      ...marks.map(({ offset, source }) => ({ start: offset, end: offset + source.length })),
    ];
    if (spans.length === 0) return [];
    return [{ start: Math.min(...spans.map((s) => s.start)), end: Math.max(...spans.map((s) => s.end)) }];
  });
  return entries.length === node.items.length ? entries : undefined;
}

const PROPERTIES: ReadonlySet<string> = new Set(['anchor', 'tag', 'map-value-ind', 'explicit-key-ind']);

const TRIVIA: readonly (readonly [Trivia['kind'], RegExp])[] = [
  ['comma', /,/y],
  ['line-break', /\r\n|\n|\r/y],
  ['blank', /[ \t]+/y],
  ['line-comment', /#[^\r\n]*/y],
];

/** What stands between the entries; the parser has seen that a comment has a blank before it. */
function* triviaOf(text: string, offset: number): Iterable<Trivia> {
  for (let at = offset; at < text.length;) {
    const [kind, end] = triviaAt(text, at);
    yield { kind, start: at, end };
    if (kind === 'other') return;
    at = end;
  }
}

function triviaAt(text: string, at: number): readonly [Trivia['kind'], number] {
  for (const [kind, pattern] of TRIVIA) {
    pattern.lastIndex = at;
    const length = pattern.exec(text)?.[0].length;
    if (length !== undefined) return [kind, at + length];
  }
  return ['other', at];
}
