import * as vscode from 'vscode';
import { overview } from '../report/overview.js';
import { OptionCompletion } from './completion.js';
import { VerdictHover } from './hover.js';
import type { Linting } from './linting.js';
import { MENU, Status } from './status.js';
import { showMenu } from './menu.js';
import { activeFile, Pages, reportPage, showPage, showRule } from './pages.js';
import { ProbeAction } from './probeAction.js';
import { standingOf, uses, type Shown } from './shown.js';

/** All that shows what was found, beside the diagnostics: status, hover, report, pages of rules, completion. */
export class Views implements vscode.Disposable {
  readonly #status: Status;
  readonly #pages: Pages;
  readonly #subscriptions: readonly { dispose(): unknown }[];

  constructor(private readonly linting: Linting) {
    const shown = (): readonly Shown[] => linting.shown;
    this.#status = new Status(shown);
    this.#pages = new Pages((about) => this.reportOn(about));
    this.#subscriptions = [
      this.#status,
      this.#pages,
      linting.onDidChange(() => {
        this.#update();
      }),
      vscode.languages.registerHoverProvider('*', new VerdictHover(shown, linting.diagnostics)),
      vscode.languages.registerCodeActionsProvider('*', new ProbeAction(), ProbeAction.metadata),
      vscode.languages.registerCompletionItemProvider(OptionCompletion.selector, new OptionCompletion(shown), '"', '='),
      vscode.commands.registerCommand(MENU, showMenu),
      vscode.commands.registerCommand('codexSandbox.openRule', showRule),
      vscode.commands.registerCommand('codexSandbox.showReport', () => showPage(reportPage(activeFile()))),
    ];
  }

  /** The report on the configurations that use a file; on all where none does. */
  reportOn(about: vscode.Uri | undefined): string {
    const all = this.linting.shown;
    const own = about ? all.filter((one) => uses(one, about)) : [];
    const severalFolders = new Set(all.map(({ folder }) => folder.name)).size > 1;
    return overview(
      (own.length > 0 ? own : all).map(({ folder, judgement, measured }) => {
        const { file } = judgement.configuration;
        return { judgement, measured, title: severalFolders ? `${folder.name}/${file}` : file };
      }),
    );
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  #update(): void {
    this.#status.update();
    this.#pages.update();
    const all = this.linting.shown;
    // The steps of the walkthrough are done when this is so.
    const works = all.length > 0 && all.every((one) => standingOf(one) === 'works');
    setContext('codexSandbox.works', works);
    setContext(
      'codexSandbox.measured',
      all.some(({ measured }) => measured !== undefined),
    );
  }
}

function setContext(key: string, value: boolean): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
