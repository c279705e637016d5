import fc from 'fast-check';

/** White space and comments that may stand between any two tokens of a JSONC text; `c` becomes a number. */
const gap = fc.constantFrom(
  ...['', '', '', '', ' ', ' ', '\t', '\n', '\n  ', '\n\t', '\n    '],
  ...['/* c */', ' /* c\nc */ ', ' // c\n', '\n  // c\n  ', '\n/* c */\n'],
);

/** How one JSONC text is written. */
export interface JsonStyle {
  readonly gaps: fc.Stream<string>;
  readonly eol: string;
  readonly trailing: boolean;
  /** Only blanks: all on one line. */
  readonly plain: boolean;
  readonly end: string;
}

export const jsonStyle: fc.Arbitrary<JsonStyle> = fc.record({
  gaps: fc.infiniteStream(gap),
  eol: fc.constantFrom('\n', '\n', '\r\n'),
  trailing: fc.boolean(),
  plain: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  end: fc.constantFrom('', '\n', '\n// c'),
});

/** A value as JSONC with comments in all places. */
export function writeJson(value: unknown, { gaps, eol, trailing, plain, end }: JsonStyle): string {
  let count = 0;
  const next = (): string => (plain ? ' ' : String(gaps.next().value ?? ''));
  const numbered = (text: string): string => text.replaceAll(/(?<=[*/] |\n)c(?= \*\/|\n|$)/g, () => `c${count++}`);
  const write = (inner: unknown): string => {
    if (typeof inner !== 'object' || inner === null) return JSON.stringify(inner);
    const isArray = Array.isArray(inner);
    const entries = Object.entries(inner).map(
      ([key, each]) => next() + (isArray ? '' : `${JSON.stringify(key)}${next()}:${next()}`) + write(each) + next(),
    );
    const last = trailing && entries.length > 0 ? `,${next()}` : '';
    return `${isArray ? '[' : '{'}${entries.join(',')}${last}${next()}${isArray ? ']' : '}'}`;
  };
  return numbered((plain ? '' : next()) + write(value) + (plain ? '' : next()) + end).replaceAll('\n', eol);
}
