import * as vscode from 'vscode';
import type { Judgement } from '../rules/judge.js';
import { uriOf } from './paths.js';
import type { FolderChecker } from './folderChecker.js';

/** Says for the devcontainer.json in the active editor on which hosts Codex's sandbox works. */
export class Status implements vscode.Disposable {
  readonly #item = vscode.languages.createLanguageStatusItem('codexSandbox.status', [
    { pattern: '**/devcontainer.json' },
    { pattern: '**/.devcontainer.json' },
  ]);

  constructor(private readonly checkers: () => readonly FolderChecker[]) {
    this.#item.name = 'Codex Sandbox';
    this.#item.command = { command: 'codexSandbox.check', title: 'Check' };
    this.update();
  }

  /** To be called when there are new judgements or another editor is active. */
  update(): void {
    const { text, severity } = verdict(this.#judgement());
    this.#item.text = text;
    this.#item.severity = severity;
  }

  dispose(): void {
    this.#item.dispose();
  }

  #judgement(): Judgement | undefined {
    const active = vscode.window.activeTextEditor?.document.uri.toString();
    return this.checkers()
      .flatMap(({ folder, judgements }) => judgements.map((judgement) => ({ folder, judgement })))
      .find(({ folder, judgement }) => uriOf(folder.uri, judgement.configuration.file).toString() === active)
      ?.judgement;
  }
}

const WORDS = { works: 'works on', fails: 'fails on', unknown: 'is not known on' } as const;

function verdict(judgement: Judgement | undefined): { text: string; severity: vscode.LanguageStatusSeverity } {
  if (!judgement) return { text: 'Codex sandbox: not checked', severity: vscode.LanguageStatusSeverity.Information };
  const { predictions } = judgement;
  const parts = (['fails', 'unknown', 'works'] as const).flatMap((outcome) => {
    const hosts = predictions.filter((p) => p.outcome === outcome).map((p) => p.host);
    return hosts.length > 0 ? [`${WORDS[outcome]} ${hosts.join(', ')}`] : [];
  });
  const conditions = [...new Set(predictions.flatMap(({ condition }) => condition ?? []))];
  const when = conditions.length > 0 ? ` (${conditions.join('; ')})` : '';
  const fails = predictions.filter((p) => p.outcome === 'fails').length;
  const severity =
    fails === 0
      ? vscode.LanguageStatusSeverity.Information
      : fails === predictions.length
        ? vscode.LanguageStatusSeverity.Error
        : vscode.LanguageStatusSeverity.Warning;
  return { text: `Codex sandbox: ${parts.join('; ')}${when}`, severity };
}
