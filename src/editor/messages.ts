import * as vscode from 'vscode';
import { oneLine } from '../report/terminal.js';

/**
 * Text for a notification. VS Code makes links of `[text](command:…)` in it, which run the command when they are clicked, and what
 * a container prints, an engine says or a folder is called may be made to look like one.
 */
export function plain(text: string): string {
  return oneLine(text).replaceAll('](', '] (');
}

/** Tells the user something that needs no action. Resolves to the button that was pressed. */
export function inform<T extends string>(text: string, ...buttons: readonly T[]): Thenable<T | undefined> {
  return vscode.window.showInformationMessage(plain(text), ...buttons);
}

/** Tells the user that something is wrong. Resolves to the button that was pressed. */
export function warn<T extends string>(text: string, ...buttons: readonly T[]): Thenable<T | undefined> {
  return vscode.window.showWarningMessage(plain(text), ...buttons);
}
