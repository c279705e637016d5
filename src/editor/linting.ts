import * as vscode from 'vscode';
import type { Observation } from '../probe/observation.js';
import { CodeActions, SAVE_CREATED } from './codeActions.js';
import { Diagnostics, type RulePage } from './diagnostics.js';
import { entriesOf } from './entries.js';
import { FolderChecker } from './folderChecker.js';
import type { LocalHost } from './hosts.js';
import { VerdictHover } from './hover.js';
import { takeDown, type Measurement } from './measurement.js';
import { SECTION } from './settings.js';
import { Status } from './status.js';
import { saveCreated } from './workspaceEdits.js';
import { workspaceFiles, type DiskFiles } from './workspaceFiles.js';

/** Keeps the diagnostics, code actions and status of all workspace folders up to date. */
export class Linting implements vscode.Disposable {
  readonly #diagnostics = new Diagnostics();
  readonly #checkers = new Map<string, FolderChecker>();
  readonly #measurements = new Map<string, Measurement>();
  readonly #status = new Status(() => this.checkers);
  readonly #subscriptions: readonly { dispose(): unknown }[];

  constructor(
    private readonly log: vscode.LogOutputChannel,
    private readonly page: RulePage,
    private readonly disk: DiskFiles | undefined,
    private readonly local: LocalHost | undefined,
  ) {
    const { workspace } = vscode;
    const touched = (uri: vscode.Uri): void => {
      for (const checker of this.checkers) checker.touched(uri);
    };
    // Dockerfiles have any name, so everything is watched and what no configuration uses is passed over.
    const watcher = workspace.createFileSystemWatcher('**/*');
    this.#subscriptions = [
      this.#diagnostics,
      this.#status,
      watcher,
      watcher.onDidCreate(touched),
      watcher.onDidChange(touched),
      watcher.onDidDelete(touched),
      workspace.onDidOpenTextDocument((document) => {
        touched(document.uri);
      }),
      workspace.onDidChangeTextDocument(({ document }) => {
        touched(document.uri);
      }),
      workspace.onDidSaveTextDocument((document) => {
        touched(document.uri);
      }),
      workspace.onDidCloseTextDocument((document) => {
        touched(document.uri);
      }),
      workspace.onDidChangeConfiguration((event) => {
        for (const checker of this.checkers) {
          if (event.affectsConfiguration(SECTION, checker.folder)) checker.everythingChanged();
        }
      }),
      workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        removed.forEach((folder) => {
          this.#remove(folder);
        });
        added.forEach((folder) => {
          this.#add(folder);
        });
      }),
      vscode.window.onDidChangeActiveTextEditor(() => {
        this.#status.update();
      }),
      vscode.commands.registerCommand(SAVE_CREATED, saveCreated),
      vscode.languages.registerCodeActionsProvider('*', new CodeActions(this.#diagnostics), CodeActions.metadata),
      vscode.languages.registerHoverProvider('*', new VerdictHover(() => this.checkers, this.#diagnostics)),
      workspace.onDidGrantWorkspaceTrust(() => {
        // In Restricted Mode no engine was asked what this machine is.
        this.local?.forget();
        for (const checker of this.checkers) checker.everythingChanged();
      }),
    ];
    workspace.workspaceFolders?.forEach((folder) => {
      this.#add(folder);
    });
  }

  /** One for each workspace folder. */
  get checkers(): readonly FolderChecker[] {
    return [...this.#checkers.values()];
  }

  /** Looks at this machine again and judges everything now. Resolves when all diagnostics are up to date. */
  async checkNow(): Promise<void> {
    this.local?.forget();
    await Promise.all(this.checkers.map((checker) => checker.checkNow()));
  }

  /** Takes down what the probe measured where a folder is open; a container in which it works has no more to say. */
  measured(folder: vscode.WorkspaceFolder, observation: Observation): void {
    const checker = this.#checkers.get(folder.uri.toString());
    // What could not be measured refutes nothing.
    if (!checker || observation.outcome === 'unknown') return;
    if (observation.outcome === 'works') this.#measurements.delete(folder.uri.toString());
    else this.#measurements.set(folder.uri.toString(), takeDown(observation, checker.judgements));
    this.#publish(checker);
  }

  dispose(): void {
    for (const checker of this.checkers) checker.dispose();
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  #add(folder: vscode.WorkspaceFolder): void {
    const files = workspaceFiles(folder.uri, this.disk);
    const checker = new FolderChecker(folder, files, this.log, this.local, (changed) => {
      this.#publish(changed);
    });
    this.#checkers.set(folder.uri.toString(), checker);
    checker.everythingChanged();
  }

  #remove(folder: vscode.WorkspaceFolder): void {
    const key = folder.uri.toString();
    this.#checkers.get(key)?.dispose();
    this.#checkers.delete(key);
    this.#measurements.delete(key);
    this.#diagnostics.set(folder.uri, []);
  }

  #publish({ folder, files, checked }: FolderChecker): void {
    const measurement = this.#measurements.get(folder.uri.toString());
    this.#diagnostics.set(folder.uri, entriesOf({ folder: folder.uri, files }, checked, measurement, this.page));
    this.#status.update();
  }
}
