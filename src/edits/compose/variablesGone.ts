import type { Configuration } from '../../sources/configuration/configuration.js';
import type { TextEdit } from '../changes/change.js';
import { applyEdits } from '../text/textEdits.js';

/** A variable that a Compose file asked for. */
export interface GoneVariable {
  readonly name: string;
  readonly file: string;
}

/**
 * The variables that Compose files do not ask for any more after the edits: whoever set them from outside chose something that is
 * now fixed. In the order of the text.
 */
export function variablesGone(
  { container, texts }: Configuration,
  edits: readonly TextEdit[],
): readonly GoneVariable[] {
  if (container.definition.kind !== 'compose') return [];
  const files = [...new Set(edits.map(({ file }) => file))].filter((file) => /\.ya?ml$/.test(file));
  return files.flatMap((file) => {
    const text = texts.get(file);
    if (text === undefined) return [];
    const left = namesIn(
      applyEdits(
        text,
        edits.filter((edit) => edit.file === file),
      ),
    );
    return [...namesIn(text)].filter((name) => !left.has(name)).map((name) => ({ name, file }));
  });
}

function namesIn(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/\$(?:\$|\{?([A-Za-z_]\w*))/g)].flatMap(([, name]) => name ?? []));
}
