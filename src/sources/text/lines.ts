import type { Place, Position, Range } from '../../model/place.js';

/** Offsets of a text as positions and back. Offsets are UTF-16 units; lines end with LF, CRLF or CR, as in VS Code. */
export interface Lines {
  /** An offset beyond the text counts as its end, one between CR and LF as the end of the line: no editor has a place there. */
  readonly position: (offset: number) => Position;
  readonly range: (start: number, end: number) => Range;
  readonly place: (start: number, end: number) => Place;
  /** A character beyond its line counts as the line's end, before its line break. */
  readonly offset: (position: Position) => number;
}

const [LINE_FEED, CARRIAGE_RETURN] = [0x0a, 0x0d];

/** The lines of a text that is the content of `file`. */
export function linesOf(text: string, file: string): Lines {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === LINE_FEED || (code === CARRIAGE_RETURN && text.charCodeAt(i + 1) !== LINE_FEED)) starts.push(i + 1);
  }

  const position = (offset: number): Position => {
    const within = Math.max(0, Math.min(offset, text.length));
    const at = text[within] === '\n' && text[within - 1] === '\r' ? within - 1 : within;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: at - (starts[low] ?? 0) };
  };
  const range = (start: number, end: number): Range => ({ start: position(start), end: position(end) });
  const offset = ({ line, character }: Position): number => {
    const start = starts[line];
    if (start === undefined) return text.length;
    const next = starts[line + 1];
    const end = next === undefined ? text.length : text.slice(start, next).replace(/[\r\n]+$/, '').length + start;
    return Math.min(start + character, end);
  };
  return { position, range, place: (start, end) => ({ file, range: range(start, end) }), offset };
}
