import * as vscode from 'vscode';
import { describeError } from './log.js';
import { openDocument } from './paths.js';
import type { EditedFile } from './workspaceEdits.js';

/** Milliseconds for which an edit is expected. A menu may stay open that long, or a preview of the edit. */
const LIMIT = 300_000;

/** The same for an edit on save, which VS Code applies without asking. */
const ON_SAVE_LIMIT = 10_000;

/** Where and when an edit was asked for. */
export interface Asked {
  /** The file that the user looks at, or saves. */
  readonly shown: vscode.Uri;
  /** Whether it is to be part of saving that file. */
  readonly onSave: boolean;
}

/** An edit that VS Code may apply. */
interface Expected {
  readonly onSave: boolean;
  /** The files to save once all files say what the edit makes of them. */
  readonly save: EditedFile[];
  /** By URI, the texts that have not been seen yet. */
  readonly missing: Map<string, string>;
}

/**
 * Saves what a code action changed in files that its user may not see: a seccomp profile that waits unsaved is an empty one to
 * Docker. A command of the action cannot do that. VS Code forgets a command's arguments with the menu, which may be before it
 * runs the command, and saves only what is being saved anyway when the action runs on save.
 */
export class SavesAfterEdit implements vscode.Disposable {
  /** With the timer that ends the wait. */
  readonly #expected = new Map<Expected, ReturnType<typeof setTimeout>>();
  readonly #saving = new Set<string>();
  /** Ends with the last save. VS Code refuses to save a file twice at once. */
  #saves = Promise.resolve();
  readonly #subscriptions: readonly vscode.Disposable[];

  constructor(private readonly log: vscode.LogOutputChannel) {
    this.#subscriptions = [
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        this.#seen(document);
      }),
      vscode.workspace.onDidOpenTextDocument((document) => {
        this.#seen(document);
      }),
    ];
  }

  /**
   * Waits for an edit that is about to be applied. It is recognized by the texts that it leads to; if it never comes, nothing is saved.
   * Files with unsaved changes are left to their author, and so is an edit of nothing but the file that is shown.
   * @returns whether it may be applied. When several files are saved at once, each may ask for the same edit.
   */
  expect(files: readonly EditedFile[], { shown, onSave }: Asked): boolean {
    const isShown = ({ uri }: EditedFile): boolean => uri.toString() === shown.toString();
    const others = files.filter((file) => !isShown(file));
    const own = files.filter(isShown);
    const underWay = onSave && this.#onSave(files);
    if (underWay) {
      // It may be saved before the edit is applied.
      underWay.save.push(...own);
      return false;
    }
    if (others.length === 0 && !onSave) return true;
    const expected: Expected = {
      onSave,
      // The shown one comes last: VS Code refuses to save it while it is being saved.
      save: others.length === 0 ? [] : [...others, ...own].filter(({ uri }) => openDocument(uri)?.isDirty !== true),
      missing: new Map(files.map(({ uri, text }) => [uri.toString(), text])),
    };
    this.#expected.set(
      expected,
      setTimeout(() => this.#expected.delete(expected), onSave ? ON_SAVE_LIMIT : LIMIT),
    );
    return true;
  }

  /** Whether a file is being saved here. No fix may run on that save, or two fixes could call each other forever. */
  isSaving(uri: vscode.Uri): boolean {
    return this.#saving.has(uri.toString());
  }

  dispose(): void {
    for (const timer of this.#expected.values()) clearTimeout(timer);
    this.#expected.clear();
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  /** The edit on save that is about to change one of these files. */
  #onSave(files: readonly EditedFile[]): Expected | undefined {
    return [...this.#expected.keys()].find(
      ({ onSave, missing }) => onSave && files.some(({ uri }) => missing.has(uri.toString())),
    );
  }

  /** Each text counts when it is there: what formats on save may change it right after. */
  #seen(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    for (const [expected, timer] of this.#expected) {
      const text = expected.missing.get(key);
      if (text === undefined || !isText(document, text)) continue;
      expected.missing.delete(key);
      if (expected.missing.size > 0) continue;
      clearTimeout(timer);
      this.#expected.delete(expected);
      this.#saves = this.#saves.then(() => this.#save(expected.save));
    }
  }

  async #save(files: readonly EditedFile[]): Promise<void> {
    for (const { uri, text } of files) {
      const document = openDocument(uri);
      if (!document || !isText(document, text)) continue;
      const key = uri.toString();
      this.#saving.add(key);
      try {
        // What comes later may refer to a file that could not be saved.
        if (!(await document.save())) return;
      } catch (error) {
        this.log.error(describeError(error));
        return;
      } finally {
        this.#saving.delete(key);
      }
    }
  }
}

/** VS Code gives all lines of a document the same ending. */
function isText(document: vscode.TextDocument, text: string): boolean {
  return withPlainLineEndings(document.getText()) === withPlainLineEndings(text);
}

function withPlainLineEndings(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}
