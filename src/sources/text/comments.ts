import { createScanner } from 'jsonc-parser';
import { CST, Lexer } from 'yaml';
import { endOfBodies, lexShell, type Comment } from './shellComments.js';

export type { Comment } from './shellComments.js';

/** What of a text is comment and what is content. */
export interface Commented {
  readonly comments: readonly Comment[];
  /** Where content begins, at least once on each line that has any, in the order of the text. */
  readonly content: readonly number[];
}

/** The comments of a file, by its format. Text in strings, block scalars and here-documents is none. */
export function commentsOf(text: string, file: string): Commented {
  if (/\.jsonc?$/i.test(file)) return ofJson(text);
  return ofLines(text, commentsByFormat(text, file));
}

function commentsByFormat(text: string, file: string): readonly Comment[] {
  if (/\.ya?ml$/i.test(file)) return ofYaml(text);
  if (/\.toml$/i.test(file)) return ofToml(text);
  const isScript = /\.(?:sh|bash)$/i.test(file) || text.startsWith('#!');
  return !isScript && /^[ \t]*FROM[ \t]/im.test(text) ? ofDockerfile(text) : lexShell(text).comments;
}

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

/** A line without content: empty, or the beginning of a YAML document. */
const EMPTY = /^[ \t]*(?:---[ \t]*)?\r?$/;

function ofLines(text: string, comments: readonly Comment[]): Commented {
  const starts = new Set(comments.map(({ start }) => start));
  const content: number[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const first = start + line.search(/\S/);
    if (!EMPTY.test(line) && !starts.has(first)) content.push(first);
    start += line.length + 1;
  }
  return { comments, content };
}

/** A Dockerfile inside of a Compose file keeps its own comments. */
const INLINE_DOCKERFILE = 'dockerfile_inline';

/** By the library's lexer, which does not recurse. What follows the mark of a scalar is its text, whatever it begins with. */
function ofYaml(text: string): readonly Comment[] {
  const comments: Comment[] = [];
  let [at, key, last, isScalar] = [0, '', '', false];
  for (const piece of new Lexer().lex(text)) {
    const start = at;
    const isText = isScalar;
    isScalar = !isText && piece === CST.SCALAR;
    if (isScalar || (!isText && (piece === CST.DOCUMENT || piece === CST.FLOW_END))) continue;
    at += piece.length;
    if (isText) {
      if (key === INLINE_DOCKERFILE && last.startsWith('|')) comments.push(...moved(ofDockerfile(piece), start));
      last = piece;
    } else if (piece.startsWith('#')) comments.push({ start, end: at });
    else if (piece === ':') key = last;
    else if (/^[|>]/.test(piece)) last = piece;
  }
  return comments;
}

function moved(comments: readonly Comment[], by: number): readonly Comment[] {
  return comments.map(({ start, end }) => ({ start: start + by, end: end + by }));
}

const TOML = /"""(?:\\[^]|[^\\])*?"""|'''[^]*?'''|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|#[^\r\n]*/g;

function ofToml(text: string): readonly Comment[] {
  return [...text.matchAll(TOML)]
    .filter(([match]) => match.startsWith('#'))
    .map(({ 0: match, index }) => ({ start: index, end: index + match.length }));
}

/** Instructions whose here-documents Docker reads. */
const WITH_HERE_DOCUMENTS = /^[ \t]*(?:RUN|COPY|ADD)[ \t]/i;
/** One whose lines are the script. */
const IS_SCRIPT = /^[ \t]*RUN[ \t]+<<-?[ \t]*\S+\s*$/i;

/** Lines that begin with #, also between the lines of an instruction, and what the shell of a RUN takes for comments. */
function ofDockerfile(text: string): readonly Comment[] {
  const escape = /^(?:[ \t]*#[^\n]*\n)*?[ \t]*#[ \t]*escape[ \t]*=[ \t]*`/i.test(text) ? '`' : '\\';
  const comments: Comment[] = [];
  for (let at = 0; at < text.length;) {
    const from = at;
    let head = '';
    for (let continues = true; continues && at < text.length;) {
      const found = text.indexOf('\n', at);
      const next = found < 0 ? text.length : found + 1;
      const line = text.slice(at, next);
      const body = line.trimEnd();
      if (body.trimStart().startsWith('#')) {
        comments.push({ start: at + line.indexOf('#'), end: at + body.length });
        head += ' '.repeat(line.length);
        continues = head.trim() !== '';
      } else {
        continues = body.endsWith(escape) || (body === '' && head.trim() !== '');
        head += continues ? `${body.slice(0, -1)}${' '.repeat(line.length - body.slice(0, -1).length)}` : line;
      }
      at = next;
    }
    if (!WITH_HERE_DOCUMENTS.test(head)) continue;
    const lexed = lexShell(head.trimEnd());
    if (/^[ \t]*RUN/i.test(head)) comments.push(...moved(lexed.comments, from));
    const end = endOfBodies(text, at, lexed.open);
    if (IS_SCRIPT.test(head)) comments.push(...moved(lexShell(text.slice(at, end)).comments, at));
    at = end;
  }
  return comments.sort((a, b) => a.start - b.start);
}
