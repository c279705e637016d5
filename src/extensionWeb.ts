import type * as vscode from 'vscode';
import { activateOn } from './editor/activate.js';

/** The entry where extensions run in a browser: no disk, no programs. */
export function activate(context: vscode.ExtensionContext): void {
  activateOn(context, undefined);
}
