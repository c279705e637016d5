/**
 * The lines of a log as a person would read them. A log may be a terminal's output, an output channel of VS Code, the output of
 * `codex exec --json` or a session file of Codex. The last two have a JSON event in each line, with the messages in strings.
 */

const ESC = String.fromCharCode(0x1b);

/** Colors and other sequences of ECMA-48, and titles and links of terminals, as characters or as JSON and Rust escape them. */
const TERMINAL = new RegExp(
  `(?:${ESC}|\\\\u001b|\\\\x1b|\\\\u\\{1b\\})(?:\\[[0-?]*[ -/]*[@-~]|\\][^\\u0007${ESC}]{0,2000}(?:\\u0007|${ESC}\\\\))`,
  'gi',
);

/** The character between letters if UTF-16 was read in another encoding. */
const BETWEEN = String.fromCharCode(0);

/** Longer lines are read in pieces: the time for a line grows with the square of its length. */
const LONGEST_PIECE = 2000;
/** A message that one piece cuts is complete in the next one. */
const OVERLAP = 500;
/** Nobody writes a message after so many characters on a line. */
const LONGEST_LINE = 200_000;

/** Input of Codex, not output: a command may search for a message. */
const ASKED = new Set(['command', 'cmd', 'arguments', 'input', 'parsed_cmd']);
/** Some programs print these for a straight one. */
const CURLY_APOSTROPHES = /[\u2018\u2019]/g;
/** Strings of events may contain events, not deeper than this. */
const DEEPEST = 8;

/** Values that only quote a message: words of the model or its user, output of a command that succeeded. */
export type Quoting = object[];

/**
 * The lines without escapes and colors, none longer than a message.
 * @param quoting takes what only quotes a message, instead of its lines
 */
export function* logLines(text: string, quoting: Quoting): Generator<string> {
  const plain = text.includes(BETWEEN) ? text.replaceAll(BETWEEN, '') : text;
  for (const line of plain.split(/\r\n|\r|\n/)) yield* linesWithin(line.slice(0, LONGEST_LINE), 0, quoting);
}

/** The lines of values that only quote. */
export function* quotedLines(quoting: Quoting): Generator<string> {
  for (const value of quoting) yield* stringsOf(value, 0, undefined);
}

/** @param quoting where to put what only quotes; undefined: it is read with the rest */
function* linesWithin(line: string, depth: number, quoting: Quoting | undefined): Generator<string> {
  const event = depth < DEEPEST ? eventIn(line) : undefined;
  if (event !== undefined) {
    yield* stringsOf(event, depth, quoting);
    return;
  }
  // Rust and the output channel of VS Code write the line ends of a quoted message so.
  for (const part of line.split(/(?:\\r)?\\n/)) {
    const shown = part.replaceAll(TERMINAL, '').replaceAll('\\"', '"').replaceAll(CURLY_APOSTROPHES, "'");
    for (let start = 0; start === 0 || start < shown.length - OVERLAP; start += LONGEST_PIECE - OVERLAP) {
      yield shown.slice(start, start + LONGEST_PIECE).trim();
    }
  }
}

/** The event of JSON that a line is, perhaps after the time of a log. */
function eventIn(line: string): unknown {
  const start = /^\s*(?:[\d.:TZ+-]+\s+)*(?=[{[])/.exec(line)?.[0].length;
  if (start === undefined || !/[}\]]\s*$/.test(line)) return undefined;
  try {
    return JSON.parse(line.slice(start));
  } catch {
    return undefined;
  }
}

/** What the model or its user said: an item of `codex exec --json`, or a message of a session file. */
const TALK = new Set(['agent_message', 'user_message', 'reasoning', 'message']);

/** Whether an object of an event holds words about a failure at most, and no failure. */
function isQuoting(value: object): boolean {
  const { type, exit_code, metadata } = value as Readonly<Record<string, unknown>>;
  const ended = exit_code ?? (metadata as Readonly<Record<string, unknown>> | null | undefined)?.['exit_code'];
  return ended === 0 || (typeof type === 'string' && TALK.has(type));
}

function* stringsOf(value: unknown, depth: number, quoting: Quoting | undefined): Generator<string> {
  if (typeof value === 'string') {
    for (const line of value.split(/\r\n|\r|\n/)) yield* linesWithin(line, depth + 1, quoting);
  } else if (typeof value === 'object' && value !== null && depth < DEEPEST) {
    if (quoting && isQuoting(value)) {
      quoting.push(value);
      return;
    }
    for (const [key, inner] of Object.entries(value)) {
      if (!ASKED.has(key)) yield* stringsOf(inner, depth + 1, quoting);
    }
  }
}
