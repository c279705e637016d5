import * as vscode from 'vscode';
import type { TextEdit } from '../edits/change.js';
import { editorRange, type Origin } from './diagnostics.js';
import { openDocument, uriOf } from './paths.js';

/** Edits as VS Code applies them. */
export interface PreparedEdit {
  readonly edit: vscode.WorkspaceEdit;
  /** Files that it creates. They are to be saved: a seccomp profile that waits unsaved is an empty one to Docker. */
  readonly created: readonly vscode.Uri[];
}

/**
 * Prepares edits for VS Code. undefined: a file is no longer what it was when the edits were made, or one that is to be
 * created exists and says something else, so that the edits would do harm.
 * @param texts the files as they were
 */
export async function prepareEdit(
  { folder, files }: Origin,
  texts: ReadonlyMap<string, string>,
  edits: readonly TextEdit[],
): Promise<PreparedEdit | undefined> {
  const edit = new vscode.WorkspaceEdit();
  const created: vscode.Uri[] = [];
  const changes: (() => void)[] = [];
  for (const file of new Set(edits.map((one) => one.file))) {
    const uri = uriOf(folder, file);
    const own = edits.filter((one) => one.file === file);
    const before = texts.get(file);
    const now = await files.read(file);
    if (before !== undefined) {
      if (now.kind !== 'text' || withoutMark(now.text) !== before) return undefined;
      changes.push(() => {
        for (const { range, newText } of own) edit.replace(uri, editorRange(range), newText);
      });
      continue;
    }
    const text = own.map(({ newText }) => newText).join('');
    if (now.kind === 'text' && now.text === text) continue;
    if (now.kind !== 'missing') return undefined;
    // Not with the option `contents`: it does not survive vscode.executeCodeActionProvider (seen with VS Code 1.139).
    edit.createFile(uri, { overwrite: false, ignoreIfExists: false });
    // Of a file that was deleted a moment ago VS Code still has the text, so that inserting would double it.
    changes.push(() => {
      edit.replace(uri, new vscode.Range(0, 0, Number.MAX_SAFE_INTEGER, 0), text);
    });
    created.push(uri);
  }
  // All texts behind all creations: VS Code undoes what stands together in one step.
  for (const change of changes) change();
  return { edit, created };
}

/** Saves files that an edit has created. */
export async function saveCreated(uris: readonly vscode.Uri[]): Promise<void> {
  for (const uri of uris) await openDocument(uri)?.save();
}

/** Positions do not count a byte order mark. */
function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}
