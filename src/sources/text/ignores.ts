import type { Place } from '../../model/place.js';
import { commentsOf } from './comments.js';
import { linesOf } from './lines.js';
import { indexBefore } from './mappedText.js';

/** What such a comment begins with, behind `//` or `#`. */
export const IGNORE_MARK = 'codex-sandbox-ignore';

/** A comment that switches rules off for a line or a file: `// codex-sandbox-ignore RULE, RULE: reason`. */
export interface IgnoreComment {
  /** From the mark to the end of the comment. */
  readonly place: Place;
  /** As written; empty: it names none, and switches nothing off. */
  readonly rules: readonly { readonly id: string; readonly place: Place }[];
  readonly reason: string | undefined;
  /** The line that it is about, counted from 0; undefined: the whole file. */
  readonly line: number | undefined;
}

/** The comments of a file that switch rules off. Where a comment is alone it is about the next line with content. */
export function readIgnores(text: string, file: string): readonly IgnoreComment[] {
  if (!text.includes(IGNORE_MARK)) return [];
  const lines = linesOf(text, file);
  const lineOf = (offset: number): number => lines.position(offset).line;
  const { comments, content } = commentsOf(text, file);
  const marked = comments.flatMap((comment) => {
    const match = COMMENT.exec(text.slice(comment.start, comment.end));
    return match ? [{ ...comment, match }] : [];
  });
  return marked.slice(0, MOST_COMMENTS).map(({ start, end, match }): IgnoreComment => {
    const { lead = '', names = '', reason = '' } = match.groups ?? {};
    const from = start + lead.length;
    const first = content[0] ?? text.length;
    const before = indexBefore(content, start);
    const isFirst = first > start;
    const trailed = !isFirst && lineOf(content[before] ?? start) === lineOf(start);
    const next = content[isFirst ? 0 : before + 1];
    return {
      place: lines.place(from, end),
      rules: [...names.matchAll(NAME)].slice(0, MOST_RULES).map(({ 0: id, index }) => {
        const at = from + IGNORE_MARK.length + index;
        return { id, place: lines.place(at, at + id.length) };
      }),
      reason: reason.replace(/\*\/$/, '').trim() || undefined,
      line: isFirst ? undefined : trailed ? lineOf(start) : next === undefined ? lineOf(end) : lineOf(next),
    };
  });
}

/** No file needs more, and no comment. */
const [MOST_COMMENTS, MOST_RULES] = [200, 50];

const COMMENT = new RegExp(
  `^(?<lead>(?://|/\\*|#)[ \\t]*)${IGNORE_MARK}(?![\\w-])(?<names>[ \\t]+[\\w-]+(?:[ \\t]*,[ \\t]*[\\w-]+)*)?[ \\t]*:?(?<reason>[^]*)$`,
);
const NAME = /[\w-]+/g;
