import { linesOf } from '../../sources/text/lines.js';
import type { TextEdit } from '../changes/change.js';

/** One replacement by offsets in UTF-16 units; an insertion has start and end equal. */
export interface OffsetEdit {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/**
 * The edits in the order of their places: what touches becomes one edit, what takes away the same stretch twice takes
 * it away once, what changes nothing is left out. Insertions at one place keep the order in which they are given.
 */
function mergeEdits(text: string, edits: readonly OffsetEdit[]): readonly OffsetEdit[] {
  const merged: OffsetEdit[] = [];
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && edit.start <= last.end) {
      const end = Math.max(last.end, edit.end);
      merged[merged.length - 1] = { start: last.start, end, newText: last.newText + edit.newText };
    } else {
      merged.push(edit);
    }
  }
  return merged.filter((edit) => text.slice(edit.start, edit.end) !== edit.newText);
}

/** Edits by offsets as edits by line and character of the file, sorted, touching ones joined. */
export function toTextEdits(file: string, text: string, edits: readonly OffsetEdit[]): readonly TextEdit[] {
  const lines = linesOf(text, file);
  return mergeEdits(text, edits).map(({ start, end, newText }) => ({ file, range: lines.range(start, end), newText }));
}

/** Where an offset of the text that deletions have left was before them; where something is gone, behind it. */
export function offsetBefore(deletions: readonly OffsetEdit[], offset: number): number {
  return [...deletions]
    .sort((a, b) => a.start - b.start)
    .reduce((at, { start, end }) => (start <= at ? at + end - start : at), offset);
}

/** The text after edits by offsets, which must not overlap. */
export function replaced(text: string, edits: readonly OffsetEdit[]): string {
  let result = '';
  let position = 0;
  for (const { start, end, newText } of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    result += text.slice(position, start) + newText;
    position = end;
  }
  return result + text.slice(position);
}

/** The text after the edits, which must not overlap; in which file they are is not looked at. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const lines = linesOf(text, '');
  const offsets = edits.map(({ range, newText }) => ({
    start: lines.offset(range.start),
    end: lines.offset(range.end),
    newText,
  }));
  return replaced(text, offsets);
}
