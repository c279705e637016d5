/**
 * The lines of a log as a person would read them. A log may be what a terminal showed, the output channel of VS Code, or what
 * `codex exec --json` and the session files of Codex hold: an event of JSON in each line, whose strings hold the messages.
 */

const ESC = String.fromCharCode(0x1b);

/** Colours and other sequences of ECMA-48, and titles and links of terminals, as characters or as JSON and Rust escape them. */
const TERMINAL = new RegExp(
  `(?:${ESC}|\\\\u001b|\\\\x1b|\\\\u\\{1b\\})(?:\\[[0-?]*[ -/]*[@-~]|\\][^\\u0007${ESC}]{0,2000}(?:\\u0007|${ESC}\\\\))`,
  'gi',
);

/** What UTF-16 leaves between letters where somebody took it for another encoding. */
const BETWEEN = String.fromCharCode(0);

/** Longer lines are read in pieces: the time for one of them grows with its square. */
const LONGEST_PIECE = 2000;
/** A message that is cut at the end of a piece is whole in the next one. */
const OVERLAP = 500;
/** Nobody writes a message after so many characters on a line. */
const LONGEST_LINE = 200_000;

/** What went into Codex, not what came out: a command may search for a message. */
const ASKED = new Set(['command', 'cmd', 'arguments', 'input', 'parsed_cmd']);
/** Strings of events hold events in their turn, not deeper than this. */
const DEEPEST = 8;

/** What only quotes a message: the words of the model or its user, the output of a command that succeeded. */
export type Quoting = object[];

/**
 * The lines, with what is escaped in them resolved, without colours, none longer than a message is.
 * @param quoting takes what only quotes a message, instead of its lines
 */
export function* logLines(text: string, quoting: Quoting): Generator<string> {
  const plain = text.includes(BETWEEN) ? text.replaceAll(BETWEEN, '') : text;
  for (const line of plain.split(/\r\n|\r|\n/)) yield* linesWithin(line.slice(0, LONGEST_LINE), 0, quoting);
}

/** The lines in what only quotes. */
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
    const shown = part.replaceAll(TERMINAL, '').replaceAll('\\"', '"').replaceAll(/[’‘]/g, "'");
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
