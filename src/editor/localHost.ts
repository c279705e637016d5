import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { Host } from '../model/host.js';
import { readLocalHost } from '../probe/readLocalHost.js';
import type { LocalHost } from './hosts.js';

/** Looks at the machine that the extension host runs on, once until it is asked to look again. */
export function localHost(): LocalHost {
  let known: Promise<Host> | undefined;
  return {
    read: () => (known ??= look()),
    forget() {
      known = undefined;
    },
  };
}

/** In Restricted Mode no program is run, so that only the kernel is looked at. */
function look(): Promise<Host> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  return readLocalHost({
    // Who opens the home folder has installed programs below it, as one may.
    workspaces: folders.map(({ uri }) => uri.fsPath).filter((path) => path !== homedir()),
    engines: vscode.workspace.isTrusted,
  });
}
