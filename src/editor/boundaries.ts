import * as vscode from 'vscode';
import { boundariesOf } from '../probe/boundary.js';

/** The folders from which nothing is run, for those that are open now. Who opens the home folder has installed programs below it. */
export function openBoundaries(): Promise<readonly string[]> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  return boundariesOf(
    folders.map(({ uri }) => uri.fsPath),
    { opened: true },
  );
}
