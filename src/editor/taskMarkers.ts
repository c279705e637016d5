import * as vscode from 'vscode';
import { sameDiagnostic, SOURCE, type Diagnostics } from './diagnostics.js';
import { Scheduler } from './scheduler.js';

/** Milliseconds after the end of a task until its problem matcher has done all that it does. */
const PAUSE = 500;

/**
 * Puts our diagnostics back in their place. The problem matcher has the owner of our diagnostics, so that a file has either: what a
 * task prints takes their place in files that are not open, without fixes, and those that it does not print are gone.
 */
export class TaskMarkers implements vscode.Disposable {
  /** By file, what a matcher has put there that was met already: what cannot be replaced is not tried for ever. */
  readonly #met = new Map<string, string>();
  readonly #afterTasks = new Scheduler<string>(() => {
    this.diagnostics.showAgain();
    return Promise.resolve();
  }, PAUSE);
  readonly #listening: vscode.Disposable;

  constructor(private readonly diagnostics: Diagnostics) {
    this.#listening = vscode.Disposable.from(
      vscode.tasks.onDidEndTask(() => {
        this.#afterTasks.request(['task']);
      }),
      vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        if (uris.map((uri) => this.#isReplaced(uri)).includes(true)) this.diagnostics.showAgain();
      }),
    );
  }

  dispose(): void {
    this.#afterTasks.dispose();
    this.#listening.dispose();
  }

  /** Whether a matcher speaks of a file, for the first time, of which we have something to say. */
  #isReplaced(uri: vscode.Uri): boolean {
    const own = this.diagnostics.entries(uri);
    const foreign = vscode.languages
      .getDiagnostics(uri)
      .filter((one) => one.source === SOURCE && !own.some(({ diagnostic }) => sameDiagnostic(diagnostic, one)))
      .map(({ message }) => message)
      .join('\n');
    const key = uri.toString();
    const isNew = foreign !== '' && foreign !== this.#met.get(key);
    if (foreign === '') this.#met.delete(key);
    else this.#met.set(key, foreign);
    return isNew && own.length > 0;
  }
}
