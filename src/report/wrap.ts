import { visibleLength } from './terminal.js';

/** The widths in which text is wrapped: a narrower terminal breaks lines itself, and wider lines are hard to read. */
const [NARROWEST, WIDEST] = [80, 120];

/** Where a reader has no terminal that says how wide it is: a log, a pipe. */
export const WIDTH_OF_LOGS = 100;

/** The width for text on a terminal of so many columns. */
export function textWidth(columns: number | undefined): number {
  return columns === undefined ? WIDTH_OF_LOGS : Math.min(WIDEST, Math.max(NARROWEST, columns));
}

/**
 * A line as several that fit into the width. Words stay whole: a path or a command is to be copied.
 * @param first what the first line begins with; the others are indented by as much
 */
export function wrapped(text: string, width: number, first = ''): readonly string[] {
  const room = width - first.length;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && visibleLength(`${line} ${word}`) > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  const indent = ' '.repeat(first.length);
  return [...lines, line].map((part, i) => `${i === 0 ? first : indent}${part}`.trimEnd());
}
