import type { TextEdit } from '../../src/edits/changes/change.js';
import { applyEdits } from '../../src/edits/text/textEdits.js';

/** The texts after the edits, together with the files that they create. */
export function applyAll(texts: ReadonlyMap<string, string>, edits: readonly TextEdit[]): ReadonlyMap<string, string> {
  const result = new Map(texts);
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const own = edits.filter((edit) => edit.file === file);
    result.set(file, applyEdits(texts.get(file) ?? '', own));
  }
  return result;
}
