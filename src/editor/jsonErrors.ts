import * as vscode from 'vscode';
import type { Judgement } from '../rules/judge.js';
import type { Finding } from '../rules/engine/rule.js';

/** What VS Code's own JSON support calls itself: the language of the file. */
const JSON_SOURCES: readonly (string | undefined)[] = ['json', 'jsonc'];

/** The files of which VS Code's JSON support says that their syntax is wrong. It looks only at files that are open. */
export class JsonErrors implements vscode.Disposable {
  readonly #files = new Set<string>();
  readonly #listening: vscode.Disposable;

  /** @param changed is called when it says so of a file for the first time, or no longer */
  constructor(changed: () => void) {
    for (const [uri] of vscode.languages.getDiagnostics()) this.#look(uri);
    this.#listening = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      if (uris.map((uri) => this.#look(uri)).includes(true)) changed();
    });
  }

  /** Whether VS Code says already that the syntax of this file is wrong. */
  has(uri: vscode.Uri): boolean {
    return this.#files.has(uri.toString());
  }

  dispose(): void {
    this.#listening.dispose();
  }

  /** Whether that is new. */
  #look(uri: vscode.Uri): boolean {
    const key = uri.toString();
    const isWrong = vscode.languages
      .getDiagnostics(uri)
      .some(({ severity, source }) => JSON_SOURCES.includes(source) && severity === vscode.DiagnosticSeverity.Error);
    if (isWrong === this.#files.has(key)) return false;
    if (isWrong) this.#files.add(key);
    else this.#files.delete(key);
    return true;
  }
}

/** Whether a finding is about the syntax of a file, and not about what it says. */
export function isSyntax({ configuration }: Judgement, { place, rule }: Finding): boolean {
  return (
    rule === 'invalid-file' &&
    configuration.problems.some(
      ({ kind, place: { file, range } }) =>
        kind === 'syntax' &&
        file === place.file &&
        range.start.line === place.range.start.line &&
        range.start.character === place.range.start.character,
    )
  );
}
