import { createScanner, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import type { Place } from '../../model/place.js';
import { problemMessage, type Problem } from './problem.js';
import { linesOf, type Lines } from './lines.js';

export type { Node } from 'jsonc-parser';

/** Deeper nesting is refused: the parser is recursive, and some ten thousand brackets overflow its stack (measured). */
export const MAX_DEPTH = 200;
/** Half a file breaks in many places at once; the first ones say enough. */
const MAX_SYNTAX_PROBLEMS = 3;

/** A property of an object: `value` is undefined where the text breaks off behind its name. */
export interface Property {
  readonly key: string;
  readonly node: Node;
  readonly keyNode: Node;
  readonly value: Node | undefined;
}

/** JSON with comments and trailing commas, read as far as it can be; every node keeps its place. */
export interface JsonDocument {
  readonly text: string;
  readonly lines: Lines;
  /** undefined: there is no value in the text, or it is nested too deeply. */
  readonly root: Node | undefined;
  readonly problems: readonly Problem[];
  place(node: Node): Place;
}

/** Reads JSON with comments. Never throws: what does not parse is among the problems. */
export function readJsonc(text: string, file: string): JsonDocument {
  const lines = linesOf(text, file);
  const place = (node: Node): Place => lines.place(node.offset, node.offset + node.length);
  const tooDeep = offsetOfDepth(text, MAX_DEPTH);
  if (tooDeep !== undefined) {
    const message = problemMessage(
      `This file cannot be read: it nests more than ${MAX_DEPTH} brackets`,
      'Check what has written it.',
    );
    const problem: Problem = { kind: 'syntax', place: lines.place(tooDeep, tooDeep + 1), message };
    return { text, lines, root: undefined, problems: [problem], place };
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  return { text, lines, root, problems: syntaxProblems(errors, text, lines), place };
}

/** Where the nesting first exceeds `limit`; found without recursion. */
function offsetOfDepth(text: string, limit: number): number | undefined {
  // Token kinds 1 to 4 of jsonc-parser's SyntaxKind, an ambient const enum that isolated modules cannot import; 17 is the end.
  const [openBrace, closeBrace, openBracket, closeBracket, end] = [1, 2, 3, 4, 17];
  const scanner = createScanner(text, true);
  let depth = 0;
  for (let token: number = scanner.scan(); token !== end; token = scanner.scan()) {
    if (token === openBrace || token === openBracket) depth++;
    else if (token === closeBrace || token === closeBracket) depth--;
    if (depth > limit) return scanner.getTokenOffset();
  }
  return undefined;
}

const EXPLANATIONS: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is not a JSON value',
  InvalidNumberFormat: 'this is not a JSON number',
  PropertyNameExpected: 'a property name in double quotes is missing here',
  ValueExpected: 'a value is missing here',
  ColonExpected: 'a colon is missing here',
  CommaExpected: 'a comma is missing here',
  CloseBraceExpected: 'a closing brace "}" is missing here',
  CloseBracketExpected: 'a closing bracket "]" is missing here',
  EndOfFileExpected: 'the configuration ends before this',
  UnexpectedEndOfComment: 'this comment has no end',
  UnexpectedEndOfString: 'this string has no closing quote',
  UnexpectedEndOfNumber: 'this number is incomplete',
  InvalidUnicode: 'this \\u escape is incomplete',
  InvalidEscapeCharacter: 'this escape does not exist in JSON',
  InvalidCharacter: 'this character must be escaped in a JSON string',
};

function syntaxProblems(errors: readonly ParseError[], text: string, lines: Lines): Problem[] {
  if (text.trim() === '') {
    const message = problemMessage(
      'No container can be made: this file is empty',
      'Name an "image" or a "build.dockerfile" in it.',
    );
    return [{ kind: 'syntax', place: lines.place(0, 0), message }];
  }
  const seen = new Set<number>();
  const first = errors.filter((e) => !seen.has(e.offset) && seen.add(e.offset)).slice(0, MAX_SYNTAX_PROBLEMS);
  return first.map(({ error, offset, length }) => {
    const what = EXPLANATIONS[printParseErrorCode(error)] ?? 'an error is here';
    // An error at the end of the text has no width: show it on the last character that is there.
    const start = length === 0 ? Math.max(0, text.trimEnd().length - 1) : offset;
    const message = problemMessage(
      `This file is not valid JSON: ${what}`,
      'Correct it here. Until then the check may misread the rest of the file.',
    );
    return { kind: 'syntax', place: lines.place(Math.min(start, offset), offset + length), message };
  });
}

/** The properties of an object in the order of the text; none for any other node. */
export function properties(node: Node | undefined): readonly Property[] {
  if (node?.type !== 'object') return [];
  return (node.children ?? []).flatMap((child) => {
    const [keyNode, value] = child.children ?? [];
    return keyNode ? [{ key: String(keyNode.value), node: child, keyNode, value }] : [];
  });
}

/** The property of that name; of several the last, which is the one that JSON parsers keep. */
export function property(node: Node | undefined, key: string): Property | undefined {
  return properties(node).findLast((p) => p.key === key);
}

/** The text of a string node; undefined for any other. */
export function stringOf(node: Node | undefined): string | undefined {
  return node?.type === 'string' ? String(node.value) : undefined;
}

/** What kind of value a node is, for people: "an array", "a string", … */
export function kindOf(node: Node): string {
  return node.type === 'null' ? 'null' : /^[aeiou]/.test(node.type) ? `an ${node.type}` : `a ${node.type}`;
}

/**
 * Offsets in the file of the characters of a string's value: `result[i]` is where the i-th UTF-16 unit of the value
 * stands, escapes counted in; one more entry marks the end.
 */
export function valueOffsets(document: JsonDocument, node: Node): readonly number[] {
  const offsets: number[] = [];
  const end = node.offset + node.length - 1;
  for (let i = node.offset + 1; i < end;) {
    offsets.push(i);
    i += document.text[i] !== '\\' ? 1 : document.text[i + 1] === 'u' ? 6 : 2;
  }
  offsets.push(end);
  return offsets;
}
