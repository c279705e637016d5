import * as vscode from 'vscode';
import { inform } from './messages.js';

/** What to do in Restricted Mode, where nothing is run. */
export function trustFirst(): string {
  return vscode.l10n.t('Trust this workspace to run the probe.');
}

/** The button that leads to VS Code's own page about trust. */
export function manageTrust(): string {
  return vscode.l10n.t('Manage Trust');
}

/** Opens VS Code's own page about trust. */
export async function openTrust(): Promise<void> {
  await vscode.commands.executeCommand('workbench.trust.manage');
}

/** Says that the probe needs trust, with the way there. */
export async function askForTrust(): Promise<void> {
  if ((await inform(trustFirst(), manageTrust())) !== undefined) await openTrust();
}
