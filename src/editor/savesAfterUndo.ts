import * as vscode from 'vscode';
import { openDocument } from './paths.js';
import type { EditedFile } from './workspaceEdits.js';

/** So many edits are remembered. */
const MOST = 20;

/** An edit that was applied and saved. */
interface Applied {
  readonly files: readonly EditedFile[];
  isUndone: boolean;
}

/**
 * Saves again what the user undoes or redoes of a saved edit. Undo deletes on disk the files that the edit created and leaves the
 * others unsaved: devcontainer.json would then name a profile that is gone.
 */
export class SavesAfterUndo implements vscode.Disposable {
  readonly #applied: Applied[] = [];
  readonly #subscription = vscode.workspace.onDidChangeTextDocument(({ reason }) => {
    if (reason === undefined) return;
    for (const applied of this.#applied) this.#look(applied);
  });

  /** @param save saves the files that still say these texts, what others refer to first */
  constructor(private readonly save: (files: readonly EditedFile[]) => void) {}

  /** Waits until an edit that is saved is undone, and redone. */
  watch(files: readonly EditedFile[]): void {
    this.#applied.unshift({ files, isUndone: false });
    this.#applied.splice(MOST);
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #look(applied: Applied): void {
    const { files, isUndone } = applied;
    const changed = files.filter(({ before }) => before !== undefined);
    const says = (text: (file: EditedFile) => string): boolean =>
      changed.length > 0 && changed.every((file) => isOpenAs(file.uri, text(file)));
    if (!isUndone && says(({ before }) => before ?? '')) {
      applied.isUndone = true;
      this.save(changed.map((file) => ({ ...file, text: file.before ?? '' })));
    } else if (isUndone && says(({ text }) => text) && files.every(({ uri, text }) => isOpenAs(uri, text))) {
      applied.isUndone = false;
      this.save(files);
    }
  }
}

function isOpenAs(uri: vscode.Uri, text: string): boolean {
  const document = openDocument(uri);
  return document !== undefined && isText(document, text);
}

/** VS Code gives all lines of a document the same ending. */
export function isText(document: vscode.TextDocument, text: string): boolean {
  return withPlainLineEndings(document.getText()) === withPlainLineEndings(text);
}

function withPlainLineEndings(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}
