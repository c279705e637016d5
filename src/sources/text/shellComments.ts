/** A stretch of a text, by offsets. */
export interface Comment {
  readonly start: number;
  readonly end: number;
}

/** A here-document that a command opens: its lines follow the one that names it. */
interface HereDocument {
  readonly delimiter: string;
  readonly stripsTabs: boolean;
}

/** What of a shell script is comment, and the here-documents whose lines the text does not hold. */
interface Lexed {
  readonly comments: readonly Comment[];
  readonly open: readonly HereDocument[];
}

/** Where a here-document is opened. A here-string, `<<<`, is none. */
const OPENING = /(?<!<)<<(-?)[ \t]*(?:"([^"\n]+)"|'([^'\n]+)'|\\?([A-Za-z_]\w*))/y;
const WORD_STARTS = /[\s;&|()`]/;

/** The comments of a shell script: a # where a word begins, outside of quotes and here-documents. Takes time with its length. */
export function lexShell(text: string): Lexed {
  const comments: Comment[] = [];
  let open: HereDocument[] = [];
  /** What the scan is in: double quotes, a substitution or a group, backticks. */
  const inside: ('"' | '(' | '`')[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    const within = inside.at(-1);
    if (char === '\\') at += 2;
    else if (char === '\n' && open.length > 0) {
      at = endOfBodies(text, at + 1, open);
      open = [];
    } else if (char === within) {
      inside.pop();
      at++;
    } else if (char === '`' || char === '"') {
      inside.push(char);
      at++;
    } else if (char === '(' && (within !== '"' || text[at - 1] === '$')) {
      inside.push('(');
      at++;
    } else if (within === '"') at++;
    else if (char === ')') {
      if (within === '(') inside.pop();
      at++;
    } else if (char === "'") at = endOfQuotes(text, at, text[at - 1] === '$');
    else if (char === '#' && (at === 0 || WORD_STARTS.test(text.charAt(at - 1)))) {
      const end = endOfLine(text, at);
      comments.push({ start: at, end });
      at = end;
    } else {
      OPENING.lastIndex = at;
      const match = char === '<' ? OPENING.exec(text) : null;
      if (match) open.push({ delimiter: match[2] ?? match[3] ?? match[4] ?? '', stripsTabs: match[1] === '-' });
      at += match ? match[0].length : 1;
    }
  }
  return { comments, open };
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' ? end - 1 : end;
}

/** Behind the text in single quotes that begins at `at`; in `$'…'` a backslash quotes the next character. */
function endOfQuotes(text: string, at: number, escapes: boolean): number {
  let end = at + 1;
  while (end < text.length && text[end] !== "'") end += escapes && text[end] === '\\' ? 2 : 1;
  return end + 1;
}

/** Behind the lines of here-documents; one without its delimiter takes the rest, as in a shell. */
export function endOfBodies(text: string, start: number, open: readonly HereDocument[]): number {
  let at = start;
  for (const { delimiter, stripsTabs } of open) {
    for (let closed = false; !closed && at < text.length;) {
      const end = endOfLine(text, at);
      const line = text.slice(at, end);
      closed = (stripsTabs ? line.replace(/^\t+/, '') : line) === delimiter;
      const next = text.indexOf('\n', end);
      at = next < 0 ? text.length : next + 1;
    }
  }
  return at;
}
