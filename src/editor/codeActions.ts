import * as vscode from 'vscode';
import type { Applying, Choice } from './applying.js';
import { MoreThanEdit, type ChosenAction } from './chosenAction.js';
import type { Diagnostics, RulePage } from './diagnostics.js';
import { fixAll, fixOnSave } from './fixAll.js';
import { quickFixes, type Item } from './quickFixes.js';

/** "Fix all" of this extension alone. */
export const FIX_ALL = vscode.CodeActionKind.SourceFixAll.append('codexSandbox');

/** An action whose edit is made when it is chosen: the files may change while the menu is open. */
class LateEdit extends vscode.CodeAction {
  constructor(
    title: string,
    kind: vscode.CodeActionKind,
    readonly make: () => Promise<vscode.WorkspaceEdit | undefined>,
  ) {
    super(title, kind);
  }
}

/** Offers what fixes a finding and its whole configuration, and "fix all". */
export class CodeActions implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, FIX_ALL],
  };

  constructor(
    private readonly diagnostics: Diagnostics,
    private readonly applying: Applying,
    private readonly page: RulePage,
    private readonly chosen: Pick<ChosenAction, 'choose'>,
  ) {}

  async provideCodeActions(
    { uri }: vscode.TextDocument,
    _range: vscode.Range,
    { only, diagnostics, triggerKind }: vscode.CodeActionContext,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeAction[]> {
    const entries = this.diagnostics.entries(uri);
    if (entries.length === 0 || (only !== undefined && this.applying.isSaving(uri))) return [];
    const actions: vscode.CodeAction[] = [];
    if (only !== undefined && FIX_ALL.contains(only)) {
      // For the lightbulb VS Code asks by itself, too, and for all kinds.
      const onSave = triggerKind === vscode.CodeActionTriggerKind.Automatic;
      const choice = await (onSave ? fixOnSave : fixAll)(entries, this.applying);
      if (choice)
        actions.push(this.#edit({ title: vscode.l10n.t('Make Codex work here'), choice }, uri, FIX_ALL, onSave));
    } else if (only === undefined || only.contains(vscode.CodeActionKind.QuickFix)) {
      // Not for the generic source.fixAll: a setting made for formatters must not weaken a container on every save.
      const items = await quickFixes(entries, diagnostics, this.applying, this.page);
      actions.push(...items.map((item) => this.#action(item, uri)));
    }
    return token.isCancellationRequested ? [] : actions;
  }

  async resolveCodeAction(action: vscode.CodeAction): Promise<vscode.CodeAction> {
    if (action instanceof MoreThanEdit) this.chosen.choose(action);
    if (!(action instanceof LateEdit)) return action;
    const edit = await action.make();
    if (edit) action.edit = edit;
    return action;
  }

  #action(item: Item, shown: vscode.Uri): vscode.CodeAction {
    const kind = vscode.CodeActionKind.QuickFix;
    let action: vscode.CodeAction;
    if ('choice' in item) action = this.#edit(item, shown, kind, false);
    else if ('edit' in item) action = new LateEdit(item.title, kind, item.edit);
    else if ('run' in item) action = new MoreThanEdit(item.title, item.run);
    else {
      action = new vscode.CodeAction(item.title, kind);
      action.command = { command: item.command, title: item.title };
    }
    action.diagnostics = [...item.diagnostics];
    action.isPreferred = item.isPreferred ?? false;
    return action;
  }

  #edit(
    { title, choice }: { readonly title: string; readonly choice: Choice },
    shown: vscode.Uri,
    kind: vscode.CodeActionKind,
    onSave: boolean,
  ): LateEdit {
    return new LateEdit(title, kind, () => this.applying.expect(choice, { shown, onSave }));
  }
}
