import { beginsLine, blanksBefore, indentationAt, type Layout } from './layout.js';
import type { OffsetEdit } from './textEdits.js';

/** The text of an entry; `indentation` is that of its line, undefined when it shares a line with others. */
export type EntryText = (indentation: string | undefined) => string;

/** All that is to happen to a list between brackets: an array with its elements or an object with its properties. */
export interface ListPlan {
  /** Indexes of the entries that go. */
  readonly remove: ReadonlySet<number>;
  /** New texts of entries, by index; a node's own text, without comma and comments. */
  readonly replace: ReadonlyMap<number, string>;
  /** New entries and the index behind which each belongs; of several behind one index the first comes first. */
  readonly add: readonly { readonly after: number; readonly entry: EntryText }[];
}

/** What may stand between the entries of a list in brackets; `other` ends it. */
export interface Trivia {
  readonly kind: 'comma' | 'line-comment' | 'block-comment' | 'line-break' | 'blank' | 'other';
  readonly start: number;
  readonly end: number;
}

/** Reads what stands between entries from an offset on, up to the first `other`. */
export type TriviaScanner = (text: string, offset: number) => Iterable<Trivia>;

/** A list between brackets, of JSON or of YAML's flow style. */
export interface BracketList {
  /** Offset of the opening bracket. */
  readonly start: number;
  /** Behind the closing bracket. */
  readonly end: number;
  readonly entries: readonly { readonly start: number; readonly end: number }[];
  /** A list without entries gets its first ones in lines of their own. */
  readonly growsInLines: boolean;
}

interface Item {
  readonly start: number;
  readonly end: number;
  /** Offset of the comma behind it. */
  readonly comma: number | undefined;
  /** The comma is in the item's last line. */
  readonly commaInTail: boolean;
  /** Behind the block comments between the item and its comma. */
  readonly valueEnd: number;
  /** Behind everything that follows in its line: comma and comments. */
  readonly tailEnd: number;
  /** Nothing stands before it in its line. */
  readonly beginsLine: boolean;
  /** No other entry and no bracket follows in its line. */
  readonly endsLine: boolean;
}

function itemOf(text: string, { start, end }: BracketList['entries'][number], scan: TriviaScanner): Item {
  let [valueEnd, tailEnd, endsLine, commaInTail] = [end, end, false, false];
  let comma: number | undefined;
  for (const token of scan(text, end)) {
    if (token.kind === 'other') break;
    if (token.kind === 'comma' && comma === undefined) {
      comma = token.start;
      commaInTail = !endsLine;
    } else if (token.kind === 'comma') {
      break;
    } else if (token.kind === 'line-break') {
      endsLine = true;
    }
    if (endsLine) {
      if (comma !== undefined) break;
    } else if (token.kind !== 'blank') {
      tailEnd = token.end;
      if (token.kind === 'block-comment' && comma === undefined) valueEnd = token.end;
    }
  }
  return { start, end, comma, commaInTail, valueEnd, tailEnd, beginsLine: beginsLine(text, start), endsLine };
}

function blanksAfter(text: string, offset: number): number {
  return offset + (/^[ \t]*/.exec(text.slice(offset))?.[0].length ?? 0);
}

/** Behind the line break that follows. */
function nextLine(text: string, offset: number): number {
  const match = /\r\n|\n|\r/.exec(text.slice(offset));
  return match ? offset + match.index + match[0].length : text.length;
}

/**
 * Removes an entry. One that has its line to itself takes the line along, with the comment at its end, which speaks of it;
 * so goes a comment between an entry and its comma. Comments in lines above stay: they may speak of more than this entry.
 */
function removal(text: string, item: Item, nothingFollows: boolean): OffsetEdit {
  if (item.beginsLine && item.endsLine && (item.comma === undefined || item.commaInTail)) {
    return { start: blanksBefore(text, item.start), end: nextLine(text, item.tailEnd), newText: '' };
  }
  if (item.comma === undefined) {
    const start = item.beginsLine ? item.start : blanksBefore(text, item.start);
    return { start, end: item.valueEnd, newText: '' };
  }
  const behind = item.comma + 1;
  return (item.endsLine && item.commaInTail) || (nothingFollows && !item.beginsLine)
    ? { start: blanksBefore(text, item.start), end: behind, newText: '' }
    : { start: item.start, end: blanksAfter(text, behind), newText: '' };
}

function fillEmpty(text: string, list: BracketList, entries: readonly EntryText[], layout: Layout): OffsetEdit {
  const open = list.start + 1;
  const close = list.end - 1;
  const inside = text.slice(open, close);
  const outer = indentationAt(text, list.start);
  const inner = outer + layout.unit;
  const inLines = entries.map((entry) => inner + entry(inner)).join(`,${layout.eol}`);
  const inOneLine = entries.map((entry) => entry(undefined)).join(layout.comma);
  if (/^\s*$/.test(inside)) {
    const broken = list.growsInLines || /[\r\n]/.test(inside);
    const newText = broken ? `${layout.eol}${inLines}${layout.eol}${outer}` : inOneLine;
    return { start: open, end: close, newText };
  }
  const start = blanksBefore(text, close);
  return beginsLine(text, close)
    ? { start, end: start, newText: inLines + layout.eol }
    : { start, end: close, newText: ` ${inOneLine} ` };
}

/** Edits of one list for all that happens to it, comments, commas and layout kept as the author has them. */
export function editBracketList(
  text: string,
  list: BracketList,
  plan: ListPlan,
  layout: Layout,
  scan: TriviaScanner,
): readonly OffsetEdit[] {
  const items = list.entries.map((entry) => itemOf(text, entry, scan));
  const lastItem = items.at(-1);
  if (!lastItem) {
    const entries = plan.add.map(({ entry }) => entry);
    return entries.length > 0 ? [fillEmpty(text, list, entries, layout)] : [];
  }
  const lineIndentation = (item: Item): string => {
    const example = item.beginsLine ? item : items.find((other) => other.beginsLine);
    return example ? indentationAt(text, example.start) : indentationAt(text, list.start) + layout.unit;
  };

  const remove = new Set(plan.remove);
  const replace = new Map(plan.replace);
  const added = new Map<number, EntryText[]>();
  for (const { after, entry } of plan.add) {
    const kept = items.findLastIndex((_, index) => index <= after && !remove.has(index));
    const place = items[Math.max(after, 0)] ?? lastItem;
    if (kept >= 0) {
      added.set(kept, [...(added.get(kept) ?? []), entry]);
    } else {
      // Nothing before it stays, so it takes the place of an entry that goes.
      remove.delete(items.indexOf(place));
      replace.set(items.indexOf(place), entry(place.beginsLine ? lineIndentation(place) : undefined));
    }
  }

  const trailingComma = lastItem.comma !== undefined;
  const lastKept = items.findLastIndex((_, index) => !remove.has(index));
  return items.flatMap((item, index): readonly OffsetEdit[] => {
    if (remove.has(index)) return [removal(text, item, index > lastKept)];
    const edits: OffsetEdit[] = [];
    const insert = (at: number, newText: string): unknown => edits.push({ start: at, end: at, newText });
    const newText = replace.get(index);
    if (newText !== undefined) edits.push({ start: item.start, end: item.end, newText });

    const entries = added.get(index) ?? [];
    const commaAtEnd = index < lastKept || trailingComma;
    // The comma that is there ends the last of the new entries where they come before it, else the item itself.
    let commaIsForEntries = entries.length > 0;
    if (entries.length > 0 && (item.endsLine || (item.beginsLine && index === items.length - 1))) {
      const indentation = lineIndentation(item);
      commaIsForEntries = item.comma !== undefined && !item.commaInTail;
      if (!item.commaInTail) insert(item.end, ',');
      const lines = entries.map((entry) => layout.eol + indentation + entry(indentation)).join(',');
      insert(item.tailEnd, lines + (commaAtEnd && !commaIsForEntries ? ',' : ''));
    } else if (entries.length > 0) {
      insert(item.valueEnd, entries.map((entry) => layout.comma + entry(undefined)).join(''));
    }
    const ownCommaGoes = !commaAtEnd && (entries.length === 0 || commaIsForEntries);
    if (ownCommaGoes && item.comma !== undefined) edits.push({ start: item.comma, end: item.comma + 1, newText: '' });
    return edits;
  });
}
