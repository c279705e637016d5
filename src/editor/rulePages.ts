import * as vscode from 'vscode';
import type { RulePage } from './diagnostics.js';

/** The pages of the rules as they come with the extension: they explain the very version that is installed, also offline. */
export function rulePages(extension: vscode.Extension<unknown>): RulePage {
  return (rule) => vscode.Uri.joinPath(extension.extensionUri, 'docs', 'rules', `${rule}.md`);
}
