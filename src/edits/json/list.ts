import { createScanner, type Node } from 'jsonc-parser';
import { editBracketList, type ListPlan, type Trivia } from '../text/bracketList.js';
import type { JsonLayout } from './layout.js';
import type { OffsetEdit } from '../text/textEdits.js';

// The values of jsonc-parser's SyntaxKind, a const enum that isolated modules cannot import.
const KINDS: ReadonlyMap<number, Trivia['kind']> = new Map([
  [5, 'comma'],
  [12, 'line-comment'],
  [13, 'block-comment'],
  [14, 'line-break'],
  [15, 'blank'],
]);

function* triviaOf(text: string, offset: number): Iterable<Trivia> {
  const scanner = createScanner(text, false);
  scanner.setPosition(offset);
  for (;;) {
    const kind = KINDS.get(scanner.scan()) ?? 'other';
    yield { kind, start: scanner.getTokenOffset(), end: scanner.getPosition() };
    if (kind === 'other') return;
  }
}

/** Edits of one JSON array or object for all that happens to it, comments, commas and layout kept as the author has them. */
export function editList(text: string, list: Node, plan: ListPlan, layout: JsonLayout): readonly OffsetEdit[] {
  const entries = (list.children ?? []).map(({ offset, length }) => ({ start: offset, end: offset + length }));
  const brackets = {
    start: list.offset,
    end: list.offset + list.length,
    entries,
    growsInLines: list.type === 'object',
  };
  return editBracketList(text, brackets, plan, layout, triviaOf);
}
