import { Lexer, Parser, type CST } from 'yaml';

/** Deeper nesting is refused: the library is recursive, and fifty thousand brackets end the process (measured with yaml 2.9.1). */
export const MAX_DEPTH = 200;
/** In more pieces than this (names, values, brackets, spaces, …) a text is refused: a megabyte of them takes ten seconds. */
export const MAX_PIECES = 100_000;

/** A YAML text as the library's composer takes it, or from where and why it is not to be given to it. */
export interface YamlTokens {
  readonly tokens: readonly CST.Token[];
  /** `why` goes behind "it". */
  readonly refused: { readonly offset: number; readonly why: string } | undefined;
}

/** Takes a text apart without recursion and in bounded time. Never throws. */
export function takeApart(text: string): YamlTokens {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let pieces = 0;
  for (const piece of new Lexer().lex(text)) {
    if (++pieces > MAX_PIECES) {
      const offset = Math.min(parser.offset, text.length - 1);
      return { tokens: [], refused: { offset, why: `has more than ${MAX_PIECES} names, values and signs` } };
    }
    tokens.push(...parser.next(piece));
  }
  tokens.push(...parser.end());
  const offset = offsetOfDepth(tokens);
  return offset === undefined
    ? { tokens, refused: undefined }
    : { tokens: [], refused: { offset, why: `nests more than ${MAX_DEPTH} values` } };
}

/** Whether the library can be given a text: a hostile one would end the process or keep it busy for a minute. */
export function isSafeYaml(text: string): boolean {
  return takeApart(text).refused === undefined;
}

/** Where the nesting first exceeds the limit. */
function offsetOfDepth(tokens: readonly CST.Token[]): number | undefined {
  const open = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DEPTH) return token.offset;
    const children =
      'items' in token
        ? token.items.flatMap(({ key, value }) => [key, value])
        : token.type === 'document'
          ? [token.value]
          : [];
    for (const child of children) if (child) open.push({ token: child, depth: depth + 1 });
  }
  return undefined;
}
