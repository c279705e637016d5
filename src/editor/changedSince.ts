import * as vscode from 'vscode';
import type { Judgement } from '../rules/judge.js';
import { openDocument, uriOf } from './paths.js';

/**
 * The configurations of which a file was saved after the container was made, or is not saved yet: the container cannot be what
 * they say now.
 * @param made when the container was made, in milliseconds since 1970; undefined: not known, so that nothing can be said
 */
export async function changedSince(
  made: number | undefined,
  folder: vscode.Uri,
  judgements: readonly Judgement[],
): Promise<ReadonlySet<string>> {
  if (made === undefined) return new Set();
  const isLater = async (file: string): Promise<boolean> => {
    const uri = uriOf(folder, file);
    const document = openDocument(uri);
    try {
      if ((await vscode.workspace.fs.stat(uri)).mtime > made) return true;
      if (document?.isDirty !== true) return false;
      return document.getText() !== new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    } catch {
      // It is gone: whoever reads the configurations next will say so.
      return true;
    }
  };
  const changed = new Set<string>();
  for (const { configuration } of judgements) {
    // Codex reads its own configuration whenever it starts: no container is made from it.
    const files = [...configuration.texts.keys()].filter((file) => !/(?:^|\/)\.(?:claude|codex)\//.test(file));
    if ((await Promise.all(files.map(isLater))).includes(true)) changed.add(configuration.file);
  }
  return changed;
}
