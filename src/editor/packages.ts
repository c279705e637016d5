import * as vscode from 'vscode';
import { workspaceFolderOf } from '../sources/workspace/configurationPlaces.js';
import { relativePath, uriOf } from './paths.js';

/** More folders with configurations than this are a collection of them, not a monorepo: the rest is passed over. */
const MOST = 200;

/**
 * The folder in an open folder that a file would be a configuration of, as a package of a monorepo is: VS Code opens it in a
 * container as a workspace folder of its own. undefined: it is none, or one of the open folder itself.
 */
export function packageOf(folder: vscode.WorkspaceFolder, uri: vscode.Uri): vscode.WorkspaceFolder | undefined {
  const path = relativePath(folder.uri, uri);
  const base = path === undefined ? undefined : workspaceFolderOf(path);
  if (base === undefined || base === '' || base.split('/').some(isPassedOver)) return undefined;
  return { uri: uriOf(folder.uri, base), name: `${folder.name}/${base}`, index: folder.index };
}

/** The folders in an open folder that have configurations of their own. */
export async function packagesIn(folder: vscode.WorkspaceFolder): Promise<readonly vscode.WorkspaceFolder[]> {
  const pattern = new vscode.RelativePattern(folder, '**/{devcontainer.json,.devcontainer.json}');
  const found = await vscode.workspace.findFiles(pattern, '**/node_modules/**', MOST);
  const packages = found.flatMap((uri) => packageOf(folder, uri) ?? []);
  return [...new Map(packages.map((one) => [one.uri.toString(), one])).values()];
}

/** Whether a folder of packages may have come with this file or folder, of which nothing else is reported. */
export function mayBring(folder: vscode.WorkspaceFolder, uri: vscode.Uri): boolean {
  const parts = relativePath(folder.uri, uri)?.split('/') ?? [];
  const last = parts.at(-1) ?? '';
  return last !== '' && !parts.slice(0, -1).some(isPassedOver) && (last === '.devcontainer' || !last.includes('.'));
}

/** What others have written, and what programs keep for themselves. */
function isPassedOver(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}
