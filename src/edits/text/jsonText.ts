/** Lines that are not one long string are at most as long. */
const LONGEST_LINE = 100;

const STEP = '  ';

/**
 * A value as JSON: on one line where it fits, a list of words filling its lines, else an entry a line.
 * @param indentation of the line that it begins in
 * @param used what else stands in that line
 */
export function jsonText(value: unknown, indentation: string, used: number): string {
  const flat = jsonLine(value);
  if (typeof value !== 'object' || value === null) return flat;
  if (indentation !== '' && indentation.length + used + flat.length <= LONGEST_LINE) return flat;
  const inner = indentation + STEP;
  const entries: readonly string[] = Array.isArray(value)
    ? value.map((each) => jsonText(each, inner, 1))
    : Object.entries(value).map(([name, each]) => {
        const key = `${JSON.stringify(name)}: `;
        return key + jsonText(each, inner, key.length + 1);
      });
  if (entries.length === 0) return flat;
  const isWords = Array.isArray(value) && value.every((each) => typeof each === 'string');
  const lines = isWords ? filled(entries, LONGEST_LINE - inner.length) : entries;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${lines.map((line) => inner + line).join(',\n')}\n${indentation}${close}`;
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

/** A value as JSON on one line. Numbers from 2^53 on are bigints, which JSON.stringify does not take. */
export function jsonLine(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(jsonLine).join(', ')}]`;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  if (entries.length === 0) return '{}';
  return `{ ${entries.map(([name, each]) => `${JSON.stringify(name)}: ${jsonLine(each)}`).join(', ')} }`;
}
