import type { Difference } from './compare.js';

/** For people: each difference once, with all the files that it concerns. */
export function reportText(found: readonly Difference[], oldTables: readonly string[]): string {
  const old = oldTables.length === 0 ? [] : ['Old tables:', ...oldTables.map((line) => `  ${line}`), ''];
  if (found.length === 0) return [...old, 'Nothing differs.'].join('\n');
  const files = new Map<string, string[]>();
  for (const { what, file } of found) files.set(what, [...(files.get(what) ?? []), file]);
  const entries = [...files].flatMap(([what, those]) => ['', `  ${what}`, `    to change: ${those.join(', ')}`]);
  return [...old, found.length === 1 ? '1 difference:' : `${found.length} differences:`, ...entries].join('\n');
}
