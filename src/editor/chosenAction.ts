import * as vscode from 'vscode';

/** The command of all actions that do more than an edit. */
const RUN_CHOSEN = '_codexSandbox.runChosen';

/** An action that is more than an edit: a picker, a page, a setting. */
export class MoreThanEdit extends vscode.CodeAction {
  constructor(
    title: string,
    readonly run: () => Promise<unknown>,
  ) {
    super(title, vscode.CodeActionKind.QuickFix);
    // Without arguments: VS Code forgets them with the menu, which may be before it runs the command.
    this.command = { command: RUN_CHOSEN, title };
  }
}

/** Remembers the action that was chosen last, which VS Code resolves right before it runs its command. */
export class ChosenAction implements vscode.Disposable {
  #chosen: MoreThanEdit | undefined;
  readonly #command = vscode.commands.registerCommand(RUN_CHOSEN, async () => {
    const chosen = this.#chosen;
    this.#chosen = undefined;
    await chosen?.run();
  });

  /** To be called when the action is resolved. */
  choose(action: MoreThanEdit): void {
    this.#chosen = action;
  }

  dispose(): void {
    this.#command.dispose();
  }
}
