import * as vscode from 'vscode';
import { describeError } from './log.js';
import { openDocument } from './paths.js';
import { isText, SavesAfterUndo } from './savesAfterUndo.js';
import type { EditedFile } from './workspaceEdits.js';

/** Milliseconds for which an edit is expected. A menu may stay open that long, or a preview of the edit. */
const LIMIT = 300_000;

/** The same for an edit on save, which VS Code applies without asking. */
const ON_SAVE_LIMIT = 10_000;

/** How often a file is saved that VS Code refuses to save, and the milliseconds between. */
const ATTEMPTS = 50;
const RETRY_MS = 200;

/** Where and when an edit was asked for. */
export interface Asked {
  /** The file that the user looks at, or saves. */
  readonly shown: vscode.Uri | undefined;
  /** Whether it is to be part of saving that file. */
  readonly onSave: boolean;
  /** The edit fixes a whole configuration: all its files are saved, even where it is only the one that is shown. */
  readonly isRepair?: boolean;
  /** Is called once everything is saved. */
  readonly saved?: () => void;
}

/** An edit that VS Code may apply. */
interface Expected {
  readonly onSave: boolean;
  readonly files: readonly EditedFile[];
  readonly saved: (() => void) | undefined;
  /** The files to save once all files say what the edit makes of them. */
  readonly save: EditedFile[];
  /** By URI, the texts that have not been seen yet. */
  readonly missing: Map<string, string>;
}

/**
 * Saves all files that a code action changed, also those that its user may not see: a seccomp profile that waits unsaved is an empty
 * one to Docker, and a devcontainer.json on disk must not name a profile that is not there. A command of the action cannot do that. VS Code forgets a command's arguments with the menu, which may be before it
 * runs the command, and saves only what is being saved anyway when the action runs on save.
 */
export class SavesAfterEdit implements vscode.Disposable {
  /** With the timer that ends the wait. */
  readonly #expected = new Map<Expected, ReturnType<typeof setTimeout>>();
  readonly #saving = new Set<string>();
  /** Ends with the last save. VS Code refuses to save a file twice at once. */
  #saves = Promise.resolve();
  readonly #undone: SavesAfterUndo;
  readonly #subscriptions: readonly { dispose(): unknown }[];

  constructor(private readonly log: vscode.LogOutputChannel) {
    this.#undone = new SavesAfterUndo((files) => {
      this.#queue(() => this.#save(files));
    });
    this.#subscriptions = [
      this.#undone,
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
   * All its files are saved, with what their author had not saved yet, as VS Code does after a refactoring: half of it on disk is a
   * container that does not start. A small edit of nothing but the file that is shown is left to its author.
   * @returns whether it may be applied. When several files are saved at once, each may ask for the same edit.
   */
  expect(files: readonly EditedFile[], { shown, onSave, isRepair = false, saved }: Asked): boolean {
    const isShown = ({ uri }: EditedFile): boolean => uri.toString() === shown?.toString();
    const others = files.filter((file) => !isShown(file));
    const own = files.filter(isShown);
    const underWay = onSave && this.#onSave(files);
    if (underWay) {
      // It may be saved before the edit is applied.
      underWay.save.push(...own);
      return false;
    }
    const isLeft = others.length === 0 && !isRepair;
    if (isLeft && !onSave) return true;
    const expected: Expected = {
      onSave,
      files,
      saved,
      // The shown one comes last: VS Code refuses to save it while it is being saved, and then saves it itself.
      save: isLeft ? [] : [...others, ...own.filter(({ uri }) => !onSave || openDocument(uri)?.isDirty !== true)],
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
      this.#queue(async () => {
        if (!(await this.#save(expected.save))) return;
        if (expected.save.length > 0) this.#undone.watch(expected.files);
        expected.saved?.();
      });
    }
  }

  #queue(act: () => Promise<unknown>): void {
    this.#saves = this.#saves.then(act).then(
      () => undefined,
      (error: unknown) => {
        this.log.error(describeError(error));
      },
    );
  }

  /** Resolves to whether all are saved. */
  async #save(files: readonly EditedFile[]): Promise<boolean> {
    for (const { uri, text } of files) {
      const document = openDocument(uri);
      if (!document || !isText(document, text)) continue;
      const key = uri.toString();
      this.#saving.add(key);
      try {
        // What comes later may refer to a file that could not be saved.
        if (!(await isSaved(document))) return false;
      } catch (error) {
        this.log.error(describeError(error));
        return false;
      } finally {
        this.#saving.delete(key);
      }
    }
    return true;
  }
}

/** Saves it. VS Code refuses where it saves the file itself at that moment, as it does after a refactoring (seen with 1.139). */
async function isSaved(document: vscode.TextDocument): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if ((await document.save()) || !document.isDirty) return true;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  return !document.isDirty;
}
