import * as vscode from 'vscode';
import type { TextEdit } from '../edits/changes/change.js';
import { applyEdits } from '../edits/text/textEdits.js';
import { editorRange, type Origin } from './diagnostics.js';
import { uriOf } from './paths.js';

/** A file that an edit changes or creates. */
export interface EditedFile {
  readonly uri: vscode.Uri;
  /** What it says before; undefined: the edit creates it. */
  readonly before: string | undefined;
  /** What it says once the edit has been applied. */
  readonly text: string;
}

/** Edits as VS Code applies them. */
export interface PreparedEdit {
  readonly edit: vscode.WorkspaceEdit;
  /** All files of the edit, the ones that it creates before those that may refer to them. */
  readonly files: readonly EditedFile[];
}

/**
 * Prepares edits for VS Code. undefined: a file is no longer what it was when the edits were made, or one that is to be
 * created exists and says something else, so that the edits would do harm.
 * @param texts the files as they were
 * @param reviewed VS Code shows the edit and asks before it applies it
 */
export async function prepareEdit(
  { folder, files }: Origin,
  texts: ReadonlyMap<string, string>,
  edits: readonly TextEdit[],
  reviewed = false,
): Promise<PreparedEdit | undefined> {
  const edit = new vscode.WorkspaceEdit();
  const created: EditedFile[] = [];
  const changed: EditedFile[] = [];
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
      changed.push({ uri, before, text: applyEdits(before, own) });
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
    created.push({ uri, before: undefined, text });
  }
  // All texts behind all creations: VS Code undoes what stands together in one step.
  for (const change of changes) change();
  if (reviewed && created.length + changed.length > 0) review(edit, [...changed, ...created]);
  return { edit, files: [...created, ...changed] };
}

/**
 * Has VS Code show the refactor preview. What needs confirmation is not ticked there, and each change would have to be ticked by
 * hand, with half a repair where one is forgotten. So an edit that changes nothing asks for the confirmation, and the rest is ticked.
 */
function review(edit: vscode.WorkspaceEdit, [first]: readonly EditedFile[]): void {
  if (!first) return;
  edit.insert(first.uri, new vscode.Position(0, 0), '', {
    needsConfirmation: true,
    label: vscode.l10n.t('Choose Apply to make the changes below'),
  });
}

/** Positions do not count a byte order mark. */
function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}
