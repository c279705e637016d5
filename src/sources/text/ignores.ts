import { createScanner } from 'jsonc-parser';
import type { Place } from '../../model/place.js';
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

/** A comment in a text, by offsets. */
interface Comment {
  readonly start: number;
  readonly end: number;
}

/** What of a text is comment and what is content. */
interface Commented {
  readonly comments: readonly Comment[];
  /** Where content begins, at least once on each line that has any, in the order of the text. */
  readonly content: readonly number[];
}

/** The comments of a file that switch rules off. Where a comment is alone it is about the next line with content. */
export function readIgnores(text: string, file: string): readonly IgnoreComment[] {
  if (!text.includes(IGNORE_MARK)) return [];
  const lines = linesOf(text, file);
  const lineOf = (offset: number): number => lines.position(offset).line;
  const { comments, content } = /\.jsonc?$/i.test(file) ? ofJson(text) : ofScript(text);
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
  `^(?<lead>(?://|/\\*|#)[ \\t]*)${IGNORE_MARK}(?<names>[ \\t]+[\\w-]+(?:[ \\t]*,[ \\t]*[\\w-]+)*)?[ \\t]*:?(?<reason>[^]*)$`,
);
const NAME = /[\w-]+/g;

/** Kinds of tokens of jsonc-parser's SyntaxKind, an ambient const enum that isolated modules cannot import. */
const [LINE_COMMENT, BLOCK_COMMENT, LINE_BREAK, BLANK, END] = [12, 13, 14, 15, 17];

function ofJson(text: string): Commented {
  const scanner = createScanner(text, false);
  const comments: Comment[] = [];
  const content: number[] = [];
  for (let token: number = scanner.scan(); token !== END; token = scanner.scan()) {
    const start = scanner.getTokenOffset();
    if (token === LINE_COMMENT || token === BLOCK_COMMENT)
      comments.push({ start, end: start + scanner.getTokenLength() });
    else if (token !== LINE_BREAK && token !== BLANK) content.push(start);
  }
  return { comments, content };
}

/** Where a comment with the mark begins in a line of a Dockerfile, YAML, TOML or a shell script. */
const HASH = new RegExp(`(?:^|[ \\t])#[ \\t]*${IGNORE_MARK}(?![\\w-])`);

/** A line without content: empty, a comment, or the beginning of a YAML document. */
const EMPTY = /^[ \t]*(?:#.*|---[ \t]*)?$/;

function ofScript(text: string): Commented {
  const comments: Comment[] = [];
  const content: number[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const body = line.replace(/\r$/, '');
    if (!EMPTY.test(body)) content.push(start + body.search(/\S/));
    const at = HASH.exec(body)?.index;
    if (at !== undefined) comments.push({ start: start + body.indexOf('#', at), end: start + body.length });
    start += line.length + 1;
  }
  return { comments, content };
}
