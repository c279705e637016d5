/** Puts text into a colour, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

export type Style = 'red' | 'green' | 'yellow' | 'blue' | 'dim' | 'bold';

const CODES: Readonly<Record<Style, readonly [number, number]>> = {
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  dim: [2, 22],
  bold: [1, 22],
};

/**
 * Whether to write colours: on a terminal that has them, unless NO_COLOR says no (no-color.org: set and not empty).
 * FORCE_COLOR overrules both, as in Node: 0 and false mean no, everything else yes.
 */
export function wantsColour(terminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  if (env['NO_COLOR']) return false;
  return terminal && env['TERM'] !== 'dumb';
}

const ESCAPE = '\u001b';

/** The painter for a terminal with or without colours. */
export function painter(colour: boolean): Paint {
  return (style, text) => {
    const [on, off] = CODES[style];
    return colour ? `${ESCAPE}[${on}m${text}${ESCAPE}[${off}m` : text;
  };
}

const COLOURS = new RegExp(`${ESCAPE}\\[\\d+m`, 'g');

/** How many characters of a text are seen, whatever its colours. */
export function visibleLength(text: string): number {
  return text.replace(COLOURS, '').length;
}

/** Control characters but tab and line ends, and those that reorder text: what could make a terminal show something else. */
// eslint-disable-next-line no-control-regex -- control characters are what it is about
const UNSAFE = /\r(?!\n)|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** The text with characters that a terminal would obey made visible: files of a workspace may be hostile. */
export function harmless(text: string): string {
  return text.replace(UNSAFE, (c) => `\\u{${c.charCodeAt(0).toString(16)}}`);
}

/** The same on one line. */
export function oneLine(text: string): string {
  return harmless(text.trim().replace(/\s+/g, ' '));
}
