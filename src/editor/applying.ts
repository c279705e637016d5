import * as vscode from 'vscode';
import type { TextEdit } from '../edits/changes/change.js';
import type { Fix } from '../rules/engine/rule.js';
import type { Judgement } from '../rules/judge.js';
import type { Origin } from './diagnostics.js';
import { inform } from './messages.js';
import type { Asked, SavesAfterEdit } from './savesAfterEdit.js';
import { prepareEdit, type EditedFile, type PreparedEdit } from './workspaceEdits.js';

/** Edits that somebody may choose. */
export interface Choice {
  readonly origin: Origin;
  /** The files as they were when the edits were made. */
  readonly texts: ReadonlyMap<string, string>;
  readonly edits: readonly TextEdit[];
  /** They fix a whole configuration, so that its container is to be rebuilt. */
  readonly isRepair: boolean;
  /** VS Code shows what changes, and asks. */
  readonly isReviewed: boolean;
}

/** A fix, as somebody may choose it. */
export function choiceOf(origin: Origin, { configuration }: Judgement, fix: Fix, isRepair: boolean): Choice {
  return { origin, texts: configuration.texts, edits: fix.edits, isRepair, isReviewed: fix.needsReview };
}

/** What is done once a configuration was fixed and all its files are saved. */
export type Repaired = (folder: vscode.Uri, files: readonly EditedFile[]) => void;

/** Applies fixes, or hands them to VS Code to be applied, and sees to what comes after. */
export class Applying {
  constructor(
    private readonly saves: SavesAfterEdit,
    private readonly repaired: Repaired,
  ) {}

  /** Whether a file is being saved because of a fix. */
  isSaving(uri: vscode.Uri): boolean {
    return this.saves.isSaving(uri);
  }

  /** undefined: the edits are no longer for the files as they are, or change nothing. */
  async prepare({ origin, texts, edits, isReviewed }: Choice): Promise<PreparedEdit | undefined> {
    const prepared = await prepareEdit(origin, texts, edits, isReviewed);
    return prepared && prepared.files.length > 0 ? prepared : undefined;
  }

  /** The edit for VS Code, which applies it next. undefined: it must not be applied; the user is told why. */
  async expect(
    choice: Choice,
    { shown, onSave }: Pick<Asked, 'shown' | 'onSave'>,
  ): Promise<vscode.WorkspaceEdit | undefined> {
    const prepared = await this.prepare(choice);
    if (!prepared) {
      if (!onSave)
        void inform(vscode.l10n.t('The files have changed since this fix was offered. Open the menu again.'));
      return undefined;
    }
    const { edit, files } = prepared;
    const { isRepair, origin } = choice;
    const saved = (): void => {
      if (isRepair) this.repaired(origin.folder, files);
    };
    return this.saves.expect(files, { shown, onSave, isRepair, saved }) ? edit : undefined;
  }

  /** Applies it now. Resolves to whether it was applied. */
  async apply(choice: Choice): Promise<boolean> {
    const edit = await this.expect(choice, { shown: undefined, onSave: false });
    return edit !== undefined && (await vscode.workspace.applyEdit(edit, { isRefactoring: true }));
  }
}
