import type { SeccompProfile } from '../model/seccomp/profile.js';

/** Lines that are not one long string are at most as long. */
const LONGEST_LINE = 100;

const STEP = '  ';

/** Where people look comes first. */
const FIRST = ['comment', 'defaultAction', 'defaultErrnoRet', 'syscalls'];

/** A profile as the text of a file, in which a reviewer sees at once what was added: it begins with that. Names fill their lines. */
export function seccompProfileText(profile: SeccompProfile): string {
  const entries = Object.entries(profile);
  const first = FIRST.flatMap((name) => entries.filter(([key]) => key === name));
  const others = entries.filter(([name]) => !FIRST.includes(name));
  return `${jsonText(Object.fromEntries([...first, ...others]), '', 0)}\n`;
}

/**
 * A value as JSON: on one line where it fits, a list of words filling its lines, else an entry a line.
 * @param indentation of the line that it begins in
 * @param used what else stands in that line
 * @param step of indentation
 */
export function jsonText(value: unknown, indentation: string, used: number, step = STEP, eol = '\n'): string {
  const flat = oneLine(value);
  if (typeof value !== 'object' || value === null) return flat;
  if (indentation !== '' && indentation.length + used + flat.length <= LONGEST_LINE) return flat;
  const inner = indentation + step;
  const entries: readonly string[] = Array.isArray(value)
    ? value.map((each) => jsonText(each, inner, 1, step, eol))
    : Object.entries(value).map(([name, each]) => {
        const key = `${JSON.stringify(name)}: `;
        return key + jsonText(each, inner, key.length + 1, step, eol);
      });
  if (entries.length === 0) return flat;
  const isWords = Array.isArray(value) && value.every((each) => typeof each === 'string');
  const lines = isWords ? filled(entries, LONGEST_LINE - inner.length) : entries;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}${eol}${lines.map((line) => inner + line).join(`,${eol}`)}${eol}${indentation}${close}`;
}

function filled(words: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 3 <= width) lines[lines.length - 1] = `${last}, ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Numbers from 2^53 on are bigints, which JSON.stringify does not take. */
function oneLine(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  if (entries.length === 0) return '{}';
  return `{ ${entries.map(([name, each]) => `${JSON.stringify(name)}: ${oneLine(each)}`).join(', ')} }`;
}
