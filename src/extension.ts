import type * as vscode from 'vscode';
import { activateOn } from './editor/activate.js';
import { localHost } from './editor/localHost.js';
import { localFiles } from './editor/localImages.js';
import { localProber } from './editor/localProber.js';

/** The entry where extensions run on a machine: desktop, remote, dev container. */
export function activate(context: vscode.ExtensionContext): void {
  activateOn(context, { disk: localFiles(), prober: localProber(context.extensionUri), local: localHost() });
}
