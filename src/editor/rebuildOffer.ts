import * as vscode from 'vscode';
import { readAwaiting, rebuilt, remember } from './awaitingRebuild.js';
import { describeError } from './log.js';
import { inform } from './messages.js';
import { relativePath, uriOf } from './paths.js';
import type { Prober } from './prober.js';
import { REBUILD_IN_TERMINAL, rebuildCommand } from './rebuildCommand.js';
import type { EditedFile } from './workspaceEdits.js';

/** Where it is remembered what waits for its rebuild: the windows before and behind the rebuild share the global state. */
const KEY = 'codexSandbox.awaitingRebuild';

/** Says after a fix that the container is to be rebuilt, and offers to measure once it is. */
export class RebuildOffer {
  constructor(
    private readonly state: vscode.Memento,
    private readonly prober: Pick<Prober, 'insideContainer' | 'madeHere'> | undefined,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** To be called when a fix is saved. */
  repaired(folder: vscode.Uri, files: readonly EditedFile[]): void {
    this.#guarded(this.#remember(folder, files));
    // Each time: VS Code hides a notification after a while, and replaces it by one that says the same.
    this.#guarded(offerRebuild());
  }

  /** To be called when a window opens. Resolves once it is offered, or there is nothing to offer. */
  async opened(): Promise<void> {
    const known = readAwaiting(this.state.get(KEY));
    if (known.length === 0 || !this.prober || !(await this.prober.insideContainer())) return;
    const made = await this.prober.madeHere();
    const folders = (vscode.workspace.workspaceFolders ?? []).map(({ name, uri }) => ({
      name,
      hashOf: (path: string) => hashOfFile(uriOf(uri, path)),
    }));
    const done = made === undefined ? [] : await rebuilt(known, made, folders);
    if (done.length === 0) return;
    // Forgotten first: it is offered once, whatever comes of it.
    await this.state.update(
      KEY,
      known.filter((one) => !done.includes(one)),
    );
    this.#guarded(offerProbe());
  }

  async #remember(folder: vscode.Uri, files: readonly EditedFile[]): Promise<void> {
    // A package of a monorepo may be opened by itself or as a part of the whole; the open folder is what comes back.
    const open = vscode.workspace.getWorkspaceFolder(folder);
    if (!open) return;
    const hashes = await Promise.all(
      files.map(async ({ uri }) => [relativePath(open.uri, uri) ?? '', (await hashOfFile(uri)) ?? ''] as const),
    );
    const one = { folder: open.name, files: Object.fromEntries(hashes), at: Date.now() };
    await this.state.update(KEY, remember(readAwaiting(this.state.get(KEY)), one));
  }

  #guarded(act: Promise<void>): void {
    act.catch((error: unknown) => {
      this.log.error(describeError(error));
    });
  }
}

async function offerRebuild(): Promise<void> {
  const command = rebuildCommand(vscode.env.remoteName, (id) => vscode.extensions.getExtension(id) !== undefined);
  const button = command === undefined ? vscode.l10n.t('Copy Command') : vscode.l10n.t('Rebuild');
  const choice = await inform(vscode.l10n.t('Rebuild the container to apply the changes.'), button);
  if (choice !== button) return;
  if (command === undefined) await vscode.env.clipboard.writeText(REBUILD_IN_TERMINAL);
  else await vscode.commands.executeCommand(command);
}

async function offerProbe(): Promise<void> {
  const run = vscode.l10n.t('Run Probe');
  const choice = await inform(vscode.l10n.t('The container is rebuilt. Measure now whether Codex works in it?'), run);
  if (choice === run) await vscode.commands.executeCommand('codexSandbox.probe');
}

async function hashOfFile(uri: vscode.Uri): Promise<string | undefined> {
  try {
    const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(await vscode.workspace.fs.readFile(uri)));
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  } catch {
    return undefined;
  }
}
