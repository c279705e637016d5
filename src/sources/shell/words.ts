import type { DoubleQuotedChild, ParameterExpansionPart, Word, WordPart } from 'unbash';
import { indexBefore, sourceSpan, type MappedText, type Span } from '../text/mappedText.js';

/** The value of a variable; undefined: not known from the files. The empty string: known to be empty. */
export type Lookup = (name: string) => string | undefined;

/** Stands in a field's text for what cannot be read: a variable of unknown value, the output of a command. */
export const UNREADABLE = '\uFFFD';

/** One argument as the program gets it. */
export interface Field {
  /** With UNREADABLE for what cannot be read. */
  readonly text: string;
  /** The word that it came from; several fields of one variable share it. */
  readonly span: Span;
}

/** A part of a word's value. */
interface Piece {
  readonly text: string;
  /** The stretch of the parsed text that it stands for. */
  readonly origin: Span;
  /** Each of its characters stands for the one that is written there, and not for the whole stretch. */
  readonly isVerbatim: boolean;
  /** It came out of an unquoted expansion, where white space separates fields. */
  readonly splits: boolean;
}

/** What a word becomes: no field where it is an unquoted empty variable, several where a variable holds several. */
export function fieldsOf(word: Word, source: MappedText, lookup: Lookup): readonly Field[] {
  const span = sourceSpan(source, word.pos, word.end);
  const pieces = expand(word, lookup);
  const quoted = /["']/.test(word.text);
  const texts: string[] = [];
  let current: string | undefined = quoted ? '' : undefined;
  for (const { text, splits } of pieces) {
    const [first = '', ...others] = splits ? text.split(/\s/) : [text];
    if (first !== '') current = (current ?? '') + first;
    for (const part of others) {
      if (current !== undefined) texts.push(current);
      current = part === '' ? undefined : part;
    }
  }
  if (current !== undefined) texts.push(current);
  return texts.map((text) => ({ text, span }));
}

/** The word's value as a script of its own (`bash -c "…"`); what cannot be read is UNREADABLE. */
export function scriptOf(word: Word, lookup: Lookup): MappedText {
  const pieces = expand(word, lookup);
  const starts: number[] = [];
  let length = 0;
  for (const { text } of pieces) {
    starts.push(length);
    length += text.length;
  }
  const origin = (index: number): Span => {
    const at = indexBefore(starts, index);
    const piece = pieces[at];
    if (piece === undefined) return { start: 0, end: 0 };
    const start = piece.origin.start + index - (starts[at] ?? 0);
    return piece.isVerbatim ? { start, end: start + 1 } : piece.origin;
  };
  return { text: textOf(pieces), origin };
}

function textOf(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join('');
}

function expand(word: Word, lookup: Lookup): Piece[] {
  if (word.parts === undefined) return literal(word.text, word.value, word.pos, false);
  return word.parts.flatMap((part) => expandPart(part, lookup));
}

function expandPart(part: WordPart, lookup: Lookup): Piece[] {
  switch (part.type) {
    case 'Literal':
      return literal(part.text, part.value, part.pos, false);
    case 'SingleQuoted':
      return literal(part.value, part.value, part.pos + 1, false);
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.flatMap((child) => expandQuoted(child, lookup));
    case 'AnsiCQuoted':
      return at(part.value, part, false);
    case 'Glob':
    case 'ExtendedGlob':
    case 'BraceExpansion':
      return literal(part.text, part.text, part.pos, false);
    case 'SimpleExpansion':
    case 'ParameterExpansion':
    case 'CommandExpansion':
      return at(expansion(part, lookup) ?? UNREADABLE, part, true);
    case 'ArithmeticExpansion':
    case 'ProcessSubstitution':
      return at(UNREADABLE, part, false);
  }
}

function expandQuoted(child: DoubleQuotedChild, lookup: Lookup): Piece[] {
  return child.type === 'Literal'
    ? literal(child.text, child.value, child.pos, true)
    : expandPart(child, lookup).map((piece) => ({ ...piece, splits: false }));
}

/** A path that stands for the bwrap on PATH, which a command substitution looks up. */
const WHICH = /^(?:\$\(|`)\s*(?:sudo\s+)?(?:which|command\s+-v|type\s+-[pP]|(readlink\s+-[a-z]+\s))/;

function isWhichBwrap(substitution: string): boolean {
  const asks = WHICH.exec(substitution);
  if (!asks) return false;
  const isReadlink = asks[1] !== undefined;
  const commands = substitution.slice(asks[0].length).split(/(?<=[;|&])/);
  // What readlink resolves may be looked up by a command further behind.
  return commands.slice(0, isReadlink ? commands.length : 1).some((command) => {
    const blank = command.search(/\s/);
    return blank >= 0 && (isReadlink || blank === 0) && /\bbwrap\b\W/.test(command.slice(blank + 1));
  });
}

/** A command that looks for the bubblewrap that comes with Codex, in whichever way it says so. */
const FINDS_BUNDLED = /^(?:\$\(|`)\s*(?:sudo\s+)?find\s[^]*\bcodex-resources\b/;

function substitution(text: string): string | undefined {
  if (isWhichBwrap(text)) return '/usr/bin/bwrap';
  return FINDS_BUNDLED.test(text) && /\bbwrap\b/.test(text) ? `${UNREADABLE}/codex-resources/bwrap` : undefined;
}

function expansion(part: WordPart, lookup: Lookup): string | undefined {
  if (part.type === 'SimpleExpansion') return lookup(part.text.slice(1));
  if (part.type === 'CommandExpansion') return substitution(part.text);
  return part.type === 'ParameterExpansion' ? parameter(part, lookup) : undefined;
}

/** `${NAME}` with defaults, alternatives and literal prefixes or suffixes taken off; other operations are not read. */
function parameter(part: ParameterExpansionPart, lookup: Lookup): string | undefined {
  if (part.prefix !== undefined || part.index !== undefined) return undefined;
  const value = lookup(part.parameter);
  const { operation } = part;
  if (operation === undefined || value === undefined) return value;
  if (operation.type === 'Default') {
    const operand = textOf(expand(operation.operand, lookup));
    const isSet = value !== '' || !operation.operator.startsWith(':');
    if (operation.operator.endsWith('+')) return isSet ? operand : '';
    return isSet || operation.operator.endsWith('?') ? value : operand;
  }
  if (operation.type === 'Remove' && !/[*?[\\$]/.test(operation.operand.value)) {
    const affix = operation.operand.value;
    if (operation.operator.startsWith('#')) return value.startsWith(affix) ? value.slice(affix.length) : value;
    return value.endsWith(affix) ? value.slice(0, value.length - affix.length) : value;
  }
  return undefined;
}

/** `text` as written and its `value` without escapes; a character of the value stands for what is written for it. */
function literal(text: string, value: string, pos: number, quoted: boolean): Piece[] {
  const verbatim = (start: number, end: number): Piece[] =>
    start === end
      ? []
      : [
          {
            text: text.slice(start, end),
            origin: { start: pos + start, end: pos + end },
            isVerbatim: true,
            splits: false,
          },
        ];
  if (text === value) return verbatim(0, text.length);
  const pieces: Piece[] = [];
  let from = 0;
  for (let i = text.indexOf('\\'); i >= 0; i = text.indexOf('\\', from)) {
    const next = text.charAt(i + 1);
    pieces.push(...verbatim(from, i));
    const escapes = next !== '' && (!quoted || '$`"\\\n'.includes(next));
    from = i + (escapes ? 2 : 1);
    if (!escapes) pieces.push(...verbatim(i, from));
    else if (next !== '\n') pieces.push(...at(next, { pos: pos + i, end: pos + from }, false));
  }
  pieces.push(...verbatim(from, text.length));
  return textOf(pieces) === value ? pieces : at(value, { pos, end: pos + text.length }, false);
}

/** Text of which each character stands for the whole part that it came from. */
function at(text: string, { pos, end }: { readonly pos: number; readonly end: number }, splits: boolean): Piece[] {
  return text === '' ? [] : [{ text, origin: { start: pos, end }, isVerbatim: false, splits }];
}
