import * as vscode from 'vscode';
import type { Judgement } from '../rules/judge.js';
import { changedSince } from './changedSince.js';
import { ChosenAction } from './chosenAction.js';
import { Applying, type Repaired } from './applying.js';
import { CodeActions } from './codeActions.js';
import { Diagnostics, type Entry, type RulePage } from './diagnostics.js';
import { entriesOf } from './entries.js';
import { FolderChecker } from './folderChecker.js';
import type { LocalHost } from './hosts.js';
import { isSyntax, JsonErrors } from './jsonErrors.js';
import { describeError } from './log.js';
import { measuredReport } from './measuredReport.js';
import { measuredNow, takeDown, type Measurement } from './measurement.js';
import { mayBring, packageOf, packagesIn } from './packages.js';
import { relativePath } from './paths.js';
import type { Probed } from './prober.js';
import { SavesAfterEdit } from './savesAfterEdit.js';
import { Scheduler } from './scheduler.js';
import { SECTION } from './settings.js';
import type { Shown } from './shown.js';
import { TaskMarkers } from './taskMarkers.js';
import { workspaceFiles, type DiskFiles } from './workspaceFiles.js';

/** Milliseconds after the last new folder until configurations are looked for in it. */
const SEARCH_PAUSE = 500;

/** Keeps the diagnostics and code actions of all workspace folders up to date. */
export class Linting implements vscode.Disposable {
  readonly diagnostics = new Diagnostics();
  readonly #changed = new vscode.EventEmitter<void>();
  /** There is something new to show. */
  readonly onDidChange = this.#changed.event;
  readonly #checkers = new Map<string, FolderChecker>();
  readonly #measurements = new Map<string, Measurement>();
  readonly #jsonErrors = new JsonErrors(() => {
    this.#publishAll();
  });
  /** Looks for configurations below the open folders, by URI. */
  readonly #searches = new Scheduler<string>(async (keys) => {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => keys.has(uri.toString()));
    await Promise.all(folders.map((folder) => this.#search(folder)));
  }, SEARCH_PAUSE);
  readonly #subscriptions: readonly { dispose(): unknown }[];
  /** Applies fixes to the files of all folders. */
  readonly applying: Applying;

  constructor(
    private readonly log: vscode.LogOutputChannel,
    private readonly page: RulePage,
    private readonly disk: DiskFiles | undefined,
    private readonly local: LocalHost | undefined,
    repaired: Repaired,
  ) {
    const { workspace } = vscode;
    const saves = new SavesAfterEdit(log);
    this.applying = new Applying(saves, repaired);
    const chosen = new ChosenAction();
    const codeActions = new CodeActions(this.diagnostics, this.applying, chosen);
    const touched = (uri: vscode.Uri): void => {
      for (const checker of this.checkers) checker.touched(uri);
    };
    const cameOrWent = (uri: vscode.Uri): void => {
      for (const checker of this.checkers) checker.touched(uri, true);
    };
    const created = (uri: vscode.Uri): void => {
      this.#discover(uri);
      this.#searchWhatCame(uri);
      cameOrWent(uri);
    };
    // Dockerfiles have any name, so everything is watched and what no configuration uses is passed over.
    const watcher = workspace.createFileSystemWatcher('**/*');
    this.#subscriptions = [
      this.diagnostics,
      this.#changed,
      this.#jsonErrors,
      watcher,
      watcher.onDidCreate(created),
      watcher.onDidChange(touched),
      watcher.onDidDelete(cameOrWent),
      workspace.onDidOpenTextDocument((document) => {
        this.#discover(document.uri);
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
          if (event.affectsConfiguration(SECTION, checker.folder.uri)) checker.everythingChanged();
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
      new TaskMarkers(this.diagnostics),
      saves,
      chosen,
      vscode.languages.registerCodeActionsProvider('*', codeActions, CodeActions.metadata),
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

  /** One for each open folder and each folder in it that has configurations of its own. */
  get checkers(): readonly FolderChecker[] {
    return [...this.#checkers.values()];
  }

  /** Every configuration, with what was measured in its container. */
  get shown(): readonly Shown[] {
    return this.checkers.flatMap(({ folder, checked, judgements }) => {
      const measured = measuredNow(judgements, this.#measurements.get(folder.uri.toString()));
      return checked.flatMap((one) =>
        one.judgement
          ? { folder, judgement: one.judgement, isUsed: one.isUsed, measured: measured.get(one.judgement) }
          : [],
      );
    });
  }

  /** Looks at this machine again and judges everything now. Resolves when all diagnostics are up to date. */
  async checkNow(): Promise<void> {
    this.local?.forget();
    await Promise.all((vscode.workspace.workspaceFolders ?? []).map((folder) => this.#search(folder)));
    await Promise.all(this.checkers.map((checker) => checker.checkNow()));
  }

  /** What is predicted for a folder, once nothing waits to be judged: what a measurement that begins now is held against. */
  async predictedFor(folder: vscode.WorkspaceFolder): Promise<readonly Judgement[]> {
    const checker = this.#checkers.get(folder.uri.toString());
    await checker?.settled();
    return checker?.judgements ?? [];
  }

  /**
   * Takes down what the probe measured in the container of a folder.
   * @param predicted when the measurement began: the files may have changed since
   */
  async measured(
    folder: vscode.WorkspaceFolder,
    { observation, configuration, made }: Probed,
    predicted: readonly Judgement[],
  ): Promise<void> {
    // What could not be measured refutes nothing.
    if (observation.outcome === 'unknown') return;
    const outdated = await changedSince(made, folder.uri, predicted);
    const checker = this.#checkers.get(folder.uri.toString());
    if (!checker) return;
    this.#measurements.set(folder.uri.toString(), takeDown(observation, predicted, configuration, outdated));
    this.#publish(checker);
  }

  /** What was measured last for the folder of a file: the innermost, where one lies in another. */
  reportFor(uri: vscode.Uri): string | undefined {
    const holding = this.checkers
      .filter(({ folder }) => relativePath(folder.uri, uri) !== undefined)
      .sort((a, b) => b.folder.uri.path.length - a.folder.uri.path.length);
    for (const { folder, judgements } of holding) {
      const measurement = this.#measurements.get(folder.uri.toString());
      if (measurement) return measuredReport(measurement.observation, judgements);
    }
    return undefined;
  }

  dispose(): void {
    this.#searches.dispose();
    for (const checker of this.checkers) checker.dispose();
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  #add(folder: vscode.WorkspaceFolder): void {
    // It may have been looked at as a part of another open folder.
    this.#drop(folder.uri);
    this.#judge(folder, folder.uri);
    this.#searches.request([folder.uri.toString()]);
  }

  #remove(folder: vscode.WorkspaceFolder): void {
    for (const { boundary, folder: own } of this.checkers) {
      if (boundary.toString() === folder.uri.toString()) this.#drop(own.uri);
    }
    // It may be a part of another open folder.
    this.#searches.request((vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.toString()));
  }

  #drop(uri: vscode.Uri): void {
    const key = uri.toString();
    this.#checkers.get(key)?.dispose();
    this.#checkers.delete(key);
    this.#measurements.delete(key);
    this.diagnostics.set(uri, []);
  }

  /** Keeps a folder judged: an open one, or one in it that has configurations of its own. */
  #judge(folder: vscode.WorkspaceFolder, boundary: vscode.Uri): void {
    if (this.#checkers.has(folder.uri.toString())) return;
    const files = workspaceFiles(folder.uri, this.disk, boundary);
    const publish = (changed: FolderChecker): void => {
      this.#publish(changed);
    };
    const checker = new FolderChecker(folder, files, this.log, this.local, publish, boundary);
    this.#checkers.set(folder.uri.toString(), checker);
    checker.everythingChanged();
  }

  /** Takes up the folder of a configuration that nobody has met yet. */
  #discover(uri: vscode.Uri): void {
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      const found = packageOf(folder, uri);
      if (found) this.#judge(found, folder.uri);
    }
  }

  #searchWhatCame(uri: vscode.Uri): void {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => mayBring(folder, uri));
    this.#searches.request(folders.map((folder) => folder.uri.toString()));
  }

  async #search(folder: vscode.WorkspaceFolder): Promise<void> {
    try {
      const found = await packagesIn(folder);
      // The folder may have been closed in the meantime.
      if (!this.#checkers.has(folder.uri.toString())) return;
      for (const one of found) this.#judge(one, folder.uri);
    } catch (error) {
      this.log.error(`${folder.name}: ${describeError(error)}`);
    }
  }

  #publish({ folder, files, checked }: FolderChecker): void {
    const measurement = this.#measurements.get(folder.uri.toString());
    const entries = entriesOf({ folder: folder.uri, files }, checked, measurement, this.page);
    // What VS Code says already is not said twice.
    const isNew = ({ finding, judgement, uri }: Entry): boolean =>
      !finding || !judgement || !isSyntax(judgement, finding) || !this.#jsonErrors.has(uri);
    this.diagnostics.set(folder.uri, entries.filter(isNew));
    this.#changed.fire();
  }

  #publishAll(): void {
    for (const checker of this.checkers) this.#publish(checker);
  }
}
