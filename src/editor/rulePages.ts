import * as vscode from 'vscode';
import type { RulePage } from './diagnostics.js';

/** The pages of the rules in the repository that package.json names; none where it names none. */
export function rulePages(extension: vscode.Extension<unknown>): RulePage {
  const manifest = extension.packageJSON as { readonly repository?: string | { readonly url?: string } };
  const { repository } = manifest;
  const url = typeof repository === 'string' ? repository : repository?.url;
  const base = url?.replace(/^git\+/, '').replace(/\.git$/, '');
  if (!base?.startsWith('https://')) return () => undefined;
  return (rule) => vscode.Uri.parse(`${base}/blob/HEAD/docs/rules/${rule}.md`);
}
