import * as vscode from 'vscode';
import { isPage } from './pages.js';
import { lineOf, uses, worstOf, type Shown, type Standing } from './shown.js';

/** The menu behind the status. */
export const MENU = 'codexSandbox.showMenu';

const ICONS: Readonly<Record<Standing, string>> = {
  works: '$(check)',
  fails: '$(error)',
  unknown: '$(question)',
  off: '$(circle-slash)',
};

/** For configurations of which nothing shows that Codex is used there. */
const UNUSED = '$(info)';

const { Error, Information, Warning } = vscode.LanguageStatusSeverity;

const SEVERITIES: Readonly<Record<Standing, vscode.LanguageStatusSeverity>> = {
  works: Information,
  fails: Error,
  unknown: Warning,
  off: Information,
};

/** More lines make no tooltip. */
const MOST_LINES = 10;

/**
 * Says whether Codex's sandbox works: in the status bar for the configurations that use the file in the active editor, else for all;
 * beside the language for each file that a configuration uses.
 */
export class Status implements vscode.Disposable {
  readonly #bar = vscode.window.createStatusBarItem('codexSandbox.bar', vscode.StatusBarAlignment.Right, 90);
  readonly #language = vscode.languages.createLanguageStatusItem('codexSandbox.status', []);
  readonly #listening: vscode.Disposable;

  constructor(private readonly shown: () => readonly Shown[]) {
    const name = vscode.l10n.t('Codex Sandbox');
    this.#bar.name = name;
    this.#bar.command = MENU;
    this.#language.name = name;
    this.#language.command = { command: MENU, title: vscode.l10n.t('Menu') };
    this.#listening = vscode.window.onDidChangeActiveTextEditor(() => {
      this.update();
    });
    this.update();
  }

  /** To be called when there is something new to show. */
  update(): void {
    const all = this.shown();
    const document = vscode.window.activeTextEditor?.document;
    const own = document && !isPage(document.uri) ? all.filter((one) => uses(one, document.uri)) : [];
    this.#updateBar(own.length > 0 ? own : all);
    // Only the active editor shows its language, so its own language is all that is to be selected.
    this.#language.selector = document && own.length > 0 ? [{ language: document.languageId }] : [];
    if (own.length > 0) this.#updateLanguage(own);
  }

  dispose(): void {
    vscode.Disposable.from(this.#bar, this.#language, this.#listening).dispose();
  }

  #updateBar(concerned: readonly Shown[]): void {
    if (concerned.length === 0) {
      this.#bar.hide();
      return;
    }
    const { text, spoken, tooltip } = barOf(concerned);
    this.#bar.text = text;
    this.#bar.tooltip = tooltip;
    this.#bar.accessibilityInformation = { label: spoken, role: 'button' };
    this.#bar.show();
  }

  #updateLanguage(own: readonly Shown[]): void {
    this.#language.severity = own.some(({ isUsed }) => isUsed) ? SEVERITIES[worstOf(own)] : Information;
    this.#language.text = vscode.l10n.t('Codex sandbox: {0}', [...new Set(own.map(lineOf))].join('; '));
  }
}

/** What the status bar says of these configurations. Icons have no voice, so that screen readers get the word. */
export function barOf(concerned: readonly Shown[]): {
  readonly text: string;
  readonly spoken: string;
  readonly tooltip: string;
} {
  const standing = worstOf(concerned);
  const name = concerned.some(({ measured }) => measured !== undefined)
    ? vscode.l10n.t('Codex sandbox (measured)')
    : vscode.l10n.t('Codex sandbox');
  const lines = concerned.map((one) => `${one.judgement.configuration.file}: ${lineOf(one)}`);
  const more = lines.length - MOST_LINES;
  const tooltip = [...lines.slice(0, MOST_LINES), ...(more > 0 ? [vscode.l10n.t('{0} more', more)] : [])];
  // Where nothing shows that Codex is used, nothing is wrong.
  const icon = concerned.some(({ isUsed }) => isUsed) ? ICONS[standing] : UNUSED;
  return { text: `${icon} ${name}`, spoken: `${name}: ${standing}`, tooltip: tooltip.join('\n') };
}
