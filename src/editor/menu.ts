import * as vscode from 'vscode';
import { SECTION } from './settings.js';

interface Choice extends vscode.QuickPickItem {
  readonly run: readonly [command: string, ...args: string[]];
}

/** What the status bar offers, each with what it does. */
export function choices(): readonly Choice[] {
  return [
    {
      label: `$(checklist) ${vscode.l10n.t('Check')}`,
      detail: vscode.l10n.t('Read the configurations again, and measure where a container runs'),
      run: ['codexSandbox.check'],
    },
    {
      label: `$(beaker) ${vscode.l10n.t('Probe')}`,
      detail: vscode.l10n.t("Measure in the dev container whether Codex's sandbox starts"),
      run: ['codexSandbox.probe'],
    },
    {
      label: `$(book) ${vscode.l10n.t('Report')}`,
      detail: vscode.l10n.t('Show each host, each step, the fix with its costs and the last measurement'),
      run: ['codexSandbox.showReport'],
    },
    {
      label: `$(gear) ${vscode.l10n.t('Settings')}`,
      detail: vscode.l10n.t('Choose the hosts, the version of Codex and the severity of each rule'),
      run: ['workbench.action.openSettings', SECTION],
    },
  ];
}

/** Shows the menu of the status bar item. */
export async function showMenu(): Promise<void> {
  const chosen = await vscode.window.showQuickPick(choices(), { title: vscode.l10n.t('Codex Sandbox') });
  if (chosen) await vscode.commands.executeCommand(...chosen.run);
}
