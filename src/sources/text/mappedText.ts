/** Half-open stretch of a text by UTF-16 offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * A text that was made out of another one (line continuations joined, quotes and escapes taken off, variables put in) and
 * remembers which stretch of the source each of its characters stands for.
 */
export interface MappedText {
  readonly text: string;
  /** Of the UTF-16 unit at an index inside `text`. A function, since most texts are large and few of their origins asked for. */
  readonly origin: (index: number) => Span;
}

/** `source` from `start` to `end` as it is. */
export function slice(source: string, start: number, end: number): MappedText {
  return { text: source.slice(start, end), origin: (i) => ({ start: start + i, end: start + i + 1 }) };
}

/** A text of which every character's origin is given; as many as it has UTF-16 units. */
export function mapped(text: string, origins: readonly Span[]): MappedText {
  return { text, origin: (i) => origins[i] ?? { start: 0, end: 0 } };
}

/** The stretches of `source` one behind the other. */
export function joinSpans(source: string, spans: readonly Span[]): MappedText {
  const [only] = spans;
  if (only === undefined) return slice(source, 0, 0);
  if (spans.length === 1) return slice(source, only.start, only.end);
  const starts: number[] = [];
  let length = 0;
  for (const span of spans) {
    starts.push(length);
    length += span.end - span.start;
  }
  const origin = (index: number): Span => {
    const low = indexBefore(starts, index);
    const start = (spans[low]?.start ?? 0) + index - (starts[low] ?? 0);
    return { start, end: start + 1 };
  };
  return { text: spans.map((s) => source.slice(s.start, s.end)).join(''), origin };
}

/** The index of the last of the ascending offsets that is not behind `offset`; 0 where all are. */
export function indexBefore(offsets: readonly number[], offset: number): number {
  let low = 0;
  for (let high = offsets.length - 1; low < high;) {
    const middle = Math.ceil((low + high) / 2);
    if ((offsets[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** A part of a mapped text. */
export function part(whole: MappedText, start: number, end = whole.text.length): MappedText {
  return { text: whole.text.slice(start, end), origin: (i) => whole.origin(start + i) };
}

/** The stretch of the source that `start` to `end` of the mapped text came from; an empty one stays empty. */
export function sourceSpan(whole: MappedText, start: number, end: number): Span {
  const { length } = whole.text;
  if (length === 0) return { start: 0, end: 0 };
  const from = start < length ? whole.origin(start).start : whole.origin(length - 1).end;
  return { start: from, end: end > start ? whole.origin(Math.min(end, length) - 1).end : from };
}

/** Maps through two steps: `inner` was made out of the text of `outer`. */
export function through(outer: MappedText, inner: MappedText): MappedText {
  return {
    text: inner.text,
    origin: (i) => {
      const { start, end } = inner.origin(i);
      return sourceSpan(outer, start, end);
    },
  };
}
