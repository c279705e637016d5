import type { DoubleQuotedChild, ParameterExpansionPart, Word, WordPart } from 'unbash';
import { mapped, sourceSpan, type MappedText, type Span } from './mappedText.js';

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

interface Piece {
  readonly char: string;
  /** The stretch of the parsed text that it stands for. */
  readonly origin: Span;
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
  for (const { char, splits } of pieces) {
    if (splits && /\s/.test(char)) {
      if (current !== undefined) texts.push(current);
      current = undefined;
    } else current = (current ?? '') + char;
  }
  if (current !== undefined) texts.push(current);
  return texts.map((text) => ({ text, span }));
}

/** The word's value as a script of its own (`bash -c "…"`); what cannot be read is UNREADABLE. */
export function scriptOf(word: Word, lookup: Lookup): MappedText {
  const pieces = expand(word, lookup);
  return mapped(
    pieces.map((p) => p.char).join(''),
    pieces.map((p) => p.origin),
  );
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
const WHICH_BWRAP =
  /^(?:\$\(|`)\s*(?:sudo\s+)?(?:which|command\s+-v|type\s+-[pP]|readlink\s+-[a-z]+\s.*)\s[^;|&]*\bbwrap\b\W/;

function expansion(part: WordPart, lookup: Lookup): string | undefined {
  if (part.type === 'SimpleExpansion') return lookup(part.text.slice(1));
  if (part.type === 'CommandExpansion') return WHICH_BWRAP.test(part.text) ? '/usr/bin/bwrap' : undefined;
  return part.type === 'ParameterExpansion' ? parameter(part, lookup) : undefined;
}

/** `${NAME}` with defaults, alternatives and literal prefixes or suffixes taken off; other operations are not read. */
function parameter(part: ParameterExpansionPart, lookup: Lookup): string | undefined {
  if (part.prefix !== undefined || part.index !== undefined) return undefined;
  const value = lookup(part.parameter);
  const { operation } = part;
  if (operation === undefined || value === undefined) return value;
  if (operation.type === 'Default') {
    const operand = expand(operation.operand, lookup)
      .map((p) => p.char)
      .join('');
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
  const pieces: Piece[] = [];
  for (let i = 0; i < text.length; i++) {
    const start = pos + i;
    const next = text.charAt(i + 1);
    const escapes = text !== value && text.charAt(i) === '\\' && next !== '' && (!quoted || '$`"\\\n'.includes(next));
    if (escapes) i++;
    if (!(escapes && next === '\n'))
      pieces.push({ char: text.charAt(i), origin: { start, end: pos + i + 1 }, splits: false });
  }
  return pieces.map((p) => p.char).join('') === value ? pieces : at(value, { pos, end: pos + text.length }, false);
}

/** Text of which each character stands for the whole part that it came from. */
function at(text: string, { pos, end }: { readonly pos: number; readonly end: number }, splits: boolean): Piece[] {
  return Array.from({ length: text.length }, (_, i) => ({ char: text.charAt(i), origin: { start: pos, end }, splits }));
}
