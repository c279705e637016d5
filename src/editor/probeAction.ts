import * as vscode from 'vscode';
import { codeOf, SOURCE } from './diagnostics.js';

/** The rule whose findings only a measurement can answer. */
const NOT_JUDGED = 'not-judged';

/** Offers the probe where the files do not tell. */
export class ProbeAction implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
  };

  provideCodeActions(
    _document: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const open = diagnostics.filter((one) => one.source === SOURCE && codeOf(one) === NOT_JUDGED);
    if (open.length === 0) return [];
    const title = vscode.l10n.t('Run the probe');
    const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    // Without arguments, which VS Code may have forgotten when it runs the command.
    action.command = { command: 'codexSandbox.probe', title };
    action.diagnostics = open;
    return [action];
  }
}
