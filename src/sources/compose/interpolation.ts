import type { ComposeScalar } from './node.js';

/** A text with its variables put in. */
export interface Interpolation {
  /** A variable that is not known stays, as `${NAME}`. */
  readonly text: string;
  /** Each as `${NAME}`. */
  readonly unresolved: readonly string[];
  /** Those whose default was taken, each as `${NAME}`: the machine may set another value. */
  readonly defaulted: readonly string[];
  /** A `${` that begins no variable: Docker Compose refuses the file. A `$` alone stands for itself. */
  readonly invalid: boolean;
}

/**
 * Longer texts and deeper defaults are not looked into: no variable of a real file needs them. A value that would make a text
 * longer counts as not known, since values that double with every line would outgrow the memory.
 */
const MAX_TEXT = 10_000;
const MAX_DEPTH = 20;

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const OPERATOR = /:?[-+?]/y;
/** An option of a template that has no default: applied, it has a value. */
const TEMPLATE_OPTION = /\$\{templateOption:\s*\w+\s*\}/y;

/**
 * Puts variables in as Docker Compose does (Compose specification, "Interpolation"). The environment of the machine is
 * not known. As in devcontainer.json, a default is taken, since the configuration must work where the variable is not
 * set; a variable without one is unresolved.
 */
export function interpolate(text: string, variables: ReadonlyMap<string, string>, depth = 0): Interpolation {
  if (text.length > MAX_TEXT || depth > MAX_DEPTH) return { ...plain(text), invalid: text.includes('$') };
  const unresolved: string[] = [];
  const defaulted: string[] = [];
  const closing = closingBraces(text);
  let invalid = false;
  let result = '';
  for (let at = 0; at < text.length;) {
    const dollar = text.indexOf('$', at);
    if (dollar < 0) {
      result += text.slice(at);
      break;
    }
    result += text.slice(at, dollar);
    const variable = variableAt(text, dollar, closing);
    const option = match(TEMPLATE_OPTION, text, dollar);
    if (option !== undefined) {
      result += option;
      unresolved.push(option);
      at = dollar + option.length;
    } else if (text[dollar + 1] === '$') {
      result += '$';
      at = dollar + 2;
    } else if (variable === undefined) {
      invalid ||= text[dollar + 1] === '{';
      result += '$';
      at = dollar + 1;
    } else {
      const known = valueOf(variable, variables, depth);
      const value = result.length + known.text.length > MAX_TEXT ? unresolvedVariable(variable.name) : known;
      result += value.text;
      unresolved.push(...value.unresolved);
      defaulted.push(...value.defaulted);
      invalid ||= value.invalid;
      at = variable.end;
    }
  }
  return { text: result, unresolved, defaulted, invalid };
}

/** A scalar with its variables put in. Only strings have any. */
export function interpolated({ value, text, scope }: ComposeScalar): Interpolation {
  return typeof value === 'string' ? interpolate(text, scope.variables) : plain(text);
}

interface Variable {
  readonly name: string;
  readonly operator: string;
  readonly operand: string;
  /** Offset behind it. */
  readonly end: number;
}

/** `$NAME`, `${NAME}` or `${NAME:-operand}`, whose operand may hold further ones. */
function variableAt(text: string, dollar: number, closing: ReadonlyMap<number, number>): Variable | undefined {
  const braced = text[dollar + 1] === '{';
  const start = dollar + (braced ? 2 : 1);
  const name = match(NAME, text, start);
  if (name === undefined) return undefined;
  const behind = start + name.length;
  if (!braced) return { name, operator: '', operand: '', end: behind };
  const close = closing.get(dollar + 1);
  if (close === undefined) return undefined;
  const operator = match(OPERATOR, text, behind) ?? '';
  if (operator === '' && behind !== close) return undefined;
  return { name, operator, operand: text.slice(behind + operator.length, close), end: close + 1 };
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

const [OPENING_BRACE, CLOSING_BRACE] = [0x7b, 0x7d];

/** The offsets of the closing braces by those of the opening ones, all found in one pass. */
function closingBraces(text: string): ReadonlyMap<number, number> {
  const closing = new Map<number, number>();
  const open: number[] = [];
  const last = text.lastIndexOf('}');
  for (let i = 0; i <= last; i++) {
    const code = text.charCodeAt(i);
    if (code === OPENING_BRACE) open.push(i);
    const opening = code === CLOSING_BRACE ? open.pop() : undefined;
    if (opening !== undefined) closing.set(opening, i);
  }
  return closing;
}

function valueOf(
  { name, operator, operand }: Variable,
  variables: ReadonlyMap<string, string>,
  depth: number,
): Interpolation {
  const value = variables.get(name);
  const counts = value !== undefined && (value !== '' || !operator.startsWith(':'));
  if (operator.endsWith('+')) return counts ? interpolate(operand, variables, depth + 1) : plain('');
  if (counts) return plain(value);
  if (operator.endsWith('-')) {
    const taken = interpolate(operand, variables, depth + 1);
    return { ...taken, defaulted: [`\${${name}}`, ...taken.defaulted] };
  }
  // With `?` an empty value is refused, and without an operator it is a value like any other.
  return value !== undefined && operator === '' ? plain(value) : unresolvedVariable(name);
}

function unresolvedVariable(name: string): Interpolation {
  return { ...plain(`\${${name}}`), unresolved: [`\${${name}}`] };
}

function plain(text: string): Interpolation {
  return { text, unresolved: [], defaulted: [], invalid: false };
}
