import { interpolate } from './interpolation.js';

/** In characters; a longer file is no `.env`, and none of it is known. */
const MAX_TEXT = 100_000;

const ASSIGNMENT = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*[=:][ \t]*/;

/**
 * Reads a `.env` file as Docker Compose does (docker/compose, "Interpolation": syntax of .env files): comments, `export`,
 * quotes, values over several lines in quotes, and variables set before. A line that Compose would refuse is left out.
 * A value that depends on the machine is left out too, and so not known.
 */
export function readEnvironment(text: string): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  if (text.length > MAX_TEXT) return variables;
  for (let rest = text.replaceAll('\r\n', '\n'); rest !== '';) {
    const assignment = ASSIGNMENT.exec(rest);
    const behindLine = rest.includes('\n') ? rest.indexOf('\n') + 1 : rest.length;
    if (!assignment) {
      rest = rest.slice(behindLine);
      continue;
    }
    const [whole, name = ''] = assignment;
    const { value, length } = valueAt(rest.slice(whole.length), variables);
    if (value === undefined) variables.delete(name);
    else variables.set(name, value);
    rest = rest.slice(whole.length + length);
  }
  return variables;
}

interface Value {
  /** undefined: it depends on the machine. */
  readonly value: string | undefined;
  readonly length: number;
}

function valueAt(text: string, variables: ReadonlyMap<string, string>): Value {
  const quoted = /^'((?:[^'\\]|\\[^])*)'/.exec(text) ?? /^"((?:[^"\\]|\\[^])*)"/.exec(text);
  if (quoted) {
    const [whole, inside = ''] = quoted;
    if (whole.startsWith("'")) return { value: inside.replaceAll("\\'", "'"), length: whole.length };
    return { value: known(unescape(inside), variables), length: whole.length };
  }
  const [line = ''] = text.split('\n', 1);
  const [value = ''] = line.split(' #', 1);
  return { value: known(value.trimEnd(), variables), length: line.length };
}

function known(text: string, variables: ReadonlyMap<string, string>): string | undefined {
  const { text: value, unresolved, invalid } = interpolate(text, variables);
  return unresolved.length > 0 || invalid ? undefined : value;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', $: '$$' };

function unescape(text: string): string {
  return text.replace(/\\([nrt"\\$])/g, (_, char: string) => ESCAPES[char] ?? char);
}
