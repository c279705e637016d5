import { isAlias, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import type { OffsetEdit } from '../text/textEdits.js';
import type { YamlListChange, YamlMapChange } from './change.js';
import { blockPair, flowValue, type YamlLayout } from './layout.js';
import { contentEnd, keyOf, lineEnd, lineStart, pairEnd } from './nodes.js';
import { quotingOf, scalarText, type YamlValue } from './scalars.js';

type BlockMap = YAMLMap<Node, Node | null>;
type BlockPair = Pair<Node, Node | null>;

/** Edits of a list in block style. undefined: an entry shares its line with something else. */
export function blockListEdits(
  text: string,
  list: YAMLSeq<Node>,
  { remove, replace, add }: YamlListChange,
  layout: YamlLayout,
): readonly OffsetEdit[] | undefined {
  const dashes = dashesOf(list);
  const [first] = dashes;
  if (first === undefined || dashes.length !== list.items.length) return undefined;
  const indentation = leading(text, first);
  const edits: OffsetEdit[] = [];
  const quoting = quotingOf(list.items.at(-1));
  const kept = list.items.findLastIndex((_, index) => !remove.has(index));
  // Nothing stays: the first new entry takes the place of the first old one.
  const rest = kept < 0 ? add.slice(1) : add;
  for (const [index, item] of list.items.entries()) {
    const end = contentEnd(text, item);
    const [start = end] = item.range ?? [];
    const newText = replace.get(index) ?? (kept < 0 && index === 0 ? add[0] : undefined);
    if (newText !== undefined) {
      edits.push({ start, end, newText: scalarText(newText, quotingOf(item), false) });
    } else if (remove.has(index)) {
      const line = wholeLines(text, dashes[index] ?? start, end);
      if (!line) return undefined;
      edits.push(line);
    }
    if (index === Math.max(kept, 0) && rest.length > 0) {
      const lines = rest.map((value) => `${layout.eol}${indentation}- ${scalarText(value, quoting, false)}`).join('');
      const at = lineEnd(text, end);
      edits.push({ start: at, end: at, newText: lines });
    }
  }
  return edits;
}

/** Where the dashes of the entries are. */
function dashesOf(list: YAMLSeq): readonly number[] {
  const token = list.srcToken;
  if (token?.type !== 'block-seq') return [];
  return token.items.flatMap(({ start }) => start.find(({ type }) => type === 'seq-item-ind')?.offset ?? []);
}

/** The white space in front of an offset that is the first of its line, else as many blanks. */
function leading(text: string, offset: number): string {
  const before = text.slice(lineStart(text, offset), offset);
  return /^[ \t]*$/.test(before) ? before : ' '.repeat(before.length);
}

/** The lines from one offset to another with the line break behind them and a comment at the end of the last. */
function wholeLines(text: string, start: number, end: number): OffsetEdit | undefined {
  const from = lineStart(text, start);
  if (!/^\uFEFF?[ \t]*$/.test(text.slice(from, start))) return undefined;
  const last = lineEnd(text, end);
  return { start: from, end: last + (/^(?:\r\n|\n|\r)/.exec(text.slice(last))?.[0].length ?? 0), newText: '' };
}

/**
 * Edits of a map in block style. undefined: a pair shares its line with something else.
 * @param touched keys of lists that change in the same go, next to which nothing is inserted
 */
export function blockMapEdits(
  text: string,
  map: BlockMap,
  { remove, replace, set, neighbours }: YamlMapChange,
  layout: YamlLayout,
  touched: ReadonlySet<string>,
): readonly OffsetEdit[] | undefined {
  const [first] = map.items;
  const firstStart = first?.key.range?.[0];
  if (!first || firstStart === undefined) return undefined;
  const indentation = leading(text, firstStart);
  const edits: OffsetEdit[] = [];
  for (const pair of map.items) {
    const key = keyOf(pair) ?? '';
    const [start = 0] = pair.key.range ?? [];
    const other = replace.get(key);
    const value = set.get(key);
    if (remove.has(key)) {
      const lines = wholeLines(text, start, pairEnd(text, pair));
      if (!lines) return undefined;
      edits.push(lines);
    } else if (other) {
      const newText = blockPair(other.key, other.value, indentation, layout);
      edits.push({ start, end: pairEnd(text, pair), newText });
    } else if (value !== undefined) {
      const own = valueEdits(text, pair, value);
      if (!own) return undefined;
      edits.push(...own);
    }
  }
  const added = [...set].filter(([key]) => !map.items.some((pair) => keyOf(pair) === key));
  if (added.length === 0) return edits;
  const texts = added.map(([key, value]) => blockPair(key, value, indentation, layout));
  const stays = (pair: BlockPair): boolean => !remove.has(keyOf(pair) ?? '');
  const isFree = (pair: BlockPair): boolean =>
    stays(pair) && !touched.has(keyOf(pair) ?? '') && !replace.has(keyOf(pair) ?? '') && !keepsBlankLines(text, pair);
  const behind =
    map.items.findLast((pair) => isFree(pair) && neighbours.has(keyOf(pair) ?? '')) ?? map.items.findLast(isFree);
  if (behind) {
    const at = behindComments(text, lineEnd(text, pairEnd(text, behind)), indentation, isSeq(behind.value));
    return [...edits, { start: at, end: at, newText: texts.map((each) => layout.eol + indentation + each).join('') }];
  }
  const before = map.items.find(stays);
  if (before) {
    const at = aboveComments(text, map, before);
    if (at === undefined) return undefined;
    return [...edits, { start: at, end: at, newText: texts.map((each) => indentation + each + layout.eol).join('') }];
  }
  // Nothing stays: the new pairs take the place of the first.
  const newText = texts.join(layout.eol + indentation);
  return [{ start: firstStart, end: pairEnd(text, first), newText }, ...edits.slice(1)];
}

/** The start of a pair's line, or of the first of the comment lines above it, which belong to it. undefined: it shares its line. */
function aboveComments(text: string, map: BlockMap, pair: BlockPair): number | undefined {
  const [start = 0] = pair.key.range ?? [];
  const previous = map.items[map.items.indexOf(pair) - 1];
  const floor = previous ? pairEnd(text, previous) : 0;
  let at = lineStart(text, start);
  if (!/^[ \t]*$/.test(text.slice(at, start))) return undefined;
  while (at > 0) {
    const above = lineStart(text, at - (text.slice(0, at).endsWith('\r\n') ? 2 : 1));
    if (above < floor || !/^[ \t]*#/.test(text.slice(above, at))) break;
    at = above;
  }
  return at;
}

/**
 * The end of the last of the comment lines below a pair that belong to it: indented deeper than its key, or, below a list, entries
 * that are commented out.
 */
function behindComments(text: string, end: number, indentation: string, isList: boolean): number {
  const line = /(?:\r\n|\n|\r)([ \t]*)(#[^\r\n]*)/y;
  let behind = end;
  for (;;) {
    line.lastIndex = behind;
    const [whole = '', blanks = '', comment = ''] = line.exec(text) ?? [];
    const isEntry = isList && blanks === indentation && /^#\s*- /.test(comment);
    if (whole === '' || !(blanks.length > indentation.length || isEntry)) return behind;
    behind += whole.length;
  }
}

/** Blank lines behind a block scalar with `+` are part of it. */
function keepsBlankLines(text: string, { value }: BlockPair): boolean {
  return isScalar(value) && value.range !== undefined && /^[|>]\S*\+/.test(text.slice(value.range?.[0]));
}

/** Another value for a pair that is there; a list in block style can only become empty. */
function valueEdits(text: string, pair: BlockPair, value: YamlValue): readonly OffsetEdit[] | undefined {
  const node = pair.value;
  const keyEnd = pair.key.range?.[1] ?? 0;
  const colon = /^[ \t]*:/.exec(text.slice(keyEnd));
  if (!colon) return undefined;
  const behindColon = keyEnd + colon[0].length;
  if (isSeq(node) && node.flow !== true) {
    if (!Array.isArray(value) || value.length > 0) return undefined;
    const lines = node.items.map((item, index) =>
      wholeLines(text, dashesOf(node)[index] ?? 0, contentEnd(text, item as Node)),
    );
    if (lines.includes(undefined)) return undefined;
    const removed = lines.filter((line) => line !== undefined);
    return [{ start: behindColon, end: behindColon, newText: ' []' }, ...removed];
  }
  const newText = flowValue(value, quotingOf(node), typeof value !== 'string');
  const isSimple = node === null || isScalar(node) || isAlias(node) || isSeq(node);
  const [start = behindColon] = node?.range ?? [];
  const end = node ? contentEnd(text, node) : behindColon;
  if (!isSimple) return undefined;
  return end <= behindColon || start === end
    ? [{ start: behindColon, end: behindColon, newText: ` ${newText}` }]
    : [{ start, end, newText }];
}

/** Gives a key that has no value yet its first pairs. */
export function emptyMapEdits(
  text: string,
  pair: BlockPair,
  { set }: YamlMapChange,
  layout: YamlLayout,
): readonly OffsetEdit[] {
  const [start = 0, keyEnd = 0] = pair.key.range ?? [];
  const behindColon = keyEnd + (/^[ \t]*:/.exec(text.slice(keyEnd))?.[0].length ?? 0);
  const indentation = leading(text, start) + layout.unit;
  const end = pairEnd(text, pair);
  const at = lineEnd(text, end);
  const lines = [...set].map(([key, value]) => layout.eol + indentation + blockPair(key, value, indentation, layout));
  return [
    { start: behindColon, end, newText: '' },
    { start: at, end: at, newText: lines.join('') },
  ];
}
