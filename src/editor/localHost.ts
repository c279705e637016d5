import * as vscode from 'vscode';
import type { Host } from '../model/host.js';
import { findProgram } from '../probe/findProgram.js';
import { readLocalHost } from '../probe/readLocalHost.js';
import { openBoundaries } from './boundaries.js';
import type { LocalHost } from './hosts.js';

/** Looks at the machine that the extension host runs on, once until it is asked to look again. */
export function localHost(): LocalHost {
  let known: Promise<Host> | undefined;
  let codex: Promise<boolean> | undefined;
  return {
    read: () => (known ??= look()),
    hasCodex: () => (codex ??= findCodex()),
    forget() {
      known = undefined;
      codex = undefined;
    },
  };
}

/** In Restricted Mode no program is run, so that only the kernel is looked at. */
async function look(): Promise<Host> {
  return readLocalHost({ workspaces: await openBoundaries(), engines: vscode.workspace.isTrusted });
}

/** A Codex in the workspace says nothing of the user. */
async function findCodex(): Promise<boolean> {
  const found = await findProgram('codex', await openBoundaries(), process.env['PATH'] ?? '');
  return found !== undefined;
}
