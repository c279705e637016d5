import { createScanner } from 'jsonc-parser';
import { Parser } from 'yaml';

/** A word, bracket or colon of a file or a comment of it; no comma. Offsets are UTF-16 units. */
export interface Token {
  readonly start: number;
  readonly end: number;
  readonly isComment: boolean;
}

/** The words and comments of a file, by its name's format. */
export function tokensOf(file: string, text: string): readonly Token[] {
  if (/\.ya?ml$/.test(file)) return yamlTokens(text);
  return file.endsWith('.json') ? jsonTokens(text) : dockerfileTokens(text);
}

const JSON_COMMENTS = new Set([12, 13]);
/** The comma, line breaks, blanks. */
const JSON_GAPS = new Set([5, 14, 15]);

function jsonTokens(text: string): readonly Token[] {
  const scanner = createScanner(text, false);
  const tokens: Token[] = [];
  for (let kind: number = scanner.scan(); kind !== 17; kind = scanner.scan()) {
    if (JSON_GAPS.has(kind)) continue;
    const start = scanner.getTokenOffset();
    tokens.push({ start, end: start + scanner.getTokenLength(), isComment: JSON_COMMENTS.has(kind) });
  }
  return tokens;
}

const YAML_WORDS = new Set([
  ...['scalar', 'single-quoted-scalar', 'double-quoted-scalar', 'block-scalar', 'alias', 'anchor', 'tag'],
  ...['seq-item-ind', 'map-value-ind', 'flow-map-start', 'flow-map-end', 'flow-seq-start', 'flow-seq-end'],
]);

function yamlTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      value.forEach(visit);
    } else if (typeof value === 'object' && value !== null) {
      if ('type' in value && 'source' in value && 'offset' in value) {
        const { type, source, offset } = value as { type: string; source: string; offset: number };
        const isComment = type === 'comment';
        if (isComment || YAML_WORDS.has(type)) {
          tokens.push({ start: offset, end: offset + source.trimEnd().length, isComment });
        }
      }
      Object.values(value).forEach(visit);
    }
  };
  visit([...new Parser().parse(text)]);
  return tokens.sort((a, b) => a.start - b.start);
}

function dockerfileTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const line of text.matchAll(/[^\r\n]+/g)) {
    if (/^\s*#/.test(line[0])) {
      tokens.push({ start: line.index, end: line.index + line[0].trimEnd().length, isComment: true });
      continue;
    }
    for (const word of line[0].matchAll(/[^\s\\]+/g)) {
      const start = line.index + word.index;
      tokens.push({ start, end: start + word[0].length, isComment: false });
    }
  }
  return tokens;
}
