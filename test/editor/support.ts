import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { pause, until } from '../run/patience.js';

export { pause, until };

/** The workspace folder: a copy of test/fixtures/samples/plain. */
export function folder(): vscode.WorkspaceFolder {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  assert(first, 'a workspace folder is open');
  return first;
}

export function at(file: string): vscode.Uri {
  return vscode.Uri.joinPath(folder().uri, file);
}

export const DEVCONTAINER = '.devcontainer/devcontainer.json';
export const DOCKERFILE = '.devcontainer/Dockerfile';
export const PROFILE = '.devcontainer/seccomp-bwrap.json';

/** Waits for what must not happen: on a slow machine it may come later, so such a test then shows less and fails no more often. */
export function aMoment(): Promise<void> {
  return pause(700);
}

/** The diagnostics of this extension on a file. */
export function problems(file: string): readonly vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(at(file)).filter(({ source }) => source === 'codex-sandbox');
}

export function ruleOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code);
}

/** The errors and warnings among them. */
export function serious(file: string): readonly vscode.Diagnostic[] {
  const { Error, Warning } = vscode.DiagnosticSeverity;
  return problems(file).filter(({ severity }) => severity === Error || severity === Warning);
}

export function rules(file: string): readonly string[] {
  return problems(file).map(ruleOf);
}

/** The diagnostic of a rule, once it is there. */
export function problem(file: string, rule: string): Promise<vscode.Diagnostic> {
  return until(`${rule} on ${file}`, () => problems(file).find((one) => ruleOf(one) === rule));
}

/** The rules with a diagnostic on the file, once they are these. */
export function rulesBecome(file: string, wanted: readonly string[]): Promise<true> {
  const expected = [...wanted].sort().join();
  return until(
    `the rules ${expected || 'none'} on ${file}`,
    () => [...rules(file)].sort().join() === expected || undefined,
  );
}

/** What the sample has before anything is repaired, once it is there. */
export async function sampleIsBroken(): Promise<void> {
  await rulesBecome(DEVCONTAINER, ['seccomp-profile', 'apparmor-profile', 'ubuntu-userns']);
  await rulesBecome(DOCKERFILE, []);
}

/** What the sample still has after what is done unasked: what Ubuntu hosts need is for its user to choose. */
export async function sampleIsRepaired(): Promise<void> {
  await rulesBecome(DEVCONTAINER, ['ubuntu-userns']);
  await rulesBecome(DOCKERFILE, []);
}

/** The code actions that VS Code shows at a range, once some satisfy the test. */
export async function actions(
  file: string,
  range: vscode.Range,
  wanted: (action: vscode.CodeAction) => boolean,
  kind = vscode.CodeActionKind.QuickFix,
): Promise<readonly vscode.CodeAction[]> {
  return until(`a code action on ${file}`, async () => {
    const found = (await allActions(file, range, kind)).filter(wanted);
    return found.length > 0 ? found : undefined;
  });
}

export async function allActions(
  file: string,
  range: vscode.Range,
  kind: vscode.CodeActionKind,
): Promise<readonly vscode.CodeAction[]> {
  // VS Code asks for code actions of open documents only.
  await vscode.workspace.openTextDocument(at(file));
  // Edits are made when they are asked for.
  const resolved = 100;
  return until(`the code actions on ${file}`, async () => {
    try {
      return await vscode.commands.executeCommand<readonly vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        at(file),
        range,
        kind.value,
        resolved,
      );
    } catch (error) {
      // As VS Code answers where the text changes meanwhile.
      if (error instanceof Error && error.message === 'Canceled') return undefined;
      throw error;
    }
  });
}

export async function apply(action: vscode.CodeAction | undefined): Promise<void> {
  assert(action?.edit, 'the code action has an edit');
  const files = action.edit.entries().map(([uri]) => uri.toString());
  assert(await vscode.workspace.applyEdit(action.edit), 'VS Code applies the edit');
  // What is saved a little later must not meet what the test does next.
  if (files.length > 1) {
    await until('what it changes saved', () =>
      vscode.workspace.textDocuments.every(({ uri, isDirty }) => !isDirty || !files.includes(uri.toString())),
    );
  }
}

/** Does something under other settings of the user's. */
export async function withSettings(
  settings: Readonly<Record<string, unknown>>,
  act: () => Promise<void>,
): Promise<void> {
  const set = async (name: string, value: unknown): Promise<void> => {
    await vscode.workspace.getConfiguration().update(name, value, vscode.ConfigurationTarget.Global);
  };
  for (const [name, value] of Object.entries(settings)) await set(name, value);
  try {
    await act();
  } finally {
    for (const name of Object.keys(settings)) await set(name, undefined);
  }
}

/** Opens a file in an editor. */
export async function open(file: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(at(file));
  await vscode.window.showTextDocument(document, { preview: false });
  return document;
}

/** Replaces the text of an open document, without saving it. */
export async function type(document: vscode.TextDocument, text: string): Promise<void> {
  // VS Code refuses an edit when the text changes meanwhile, for instance because the file on disk has.
  await until('the edit applied', () => {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
    return vscode.workspace.applyEdit(edit);
  });
}

export async function write(file: string, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(at(file), new TextEncoder().encode(text));
}

export async function remove(file: string): Promise<void> {
  await vscode.workspace.fs.delete(at(file), { recursive: true });
}

export async function exists(file: string): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(at(file));
    return true;
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return false;
    throw error;
  }
}

export async function textOf(file: string): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(at(file)));
}

/** The files of .devcontainer, by path. */
export async function snapshot(): Promise<ReadonlyMap<string, string>> {
  return new Map(
    await Promise.all([DEVCONTAINER, DOCKERFILE].map(async (file) => [file, await textOf(file)] as const)),
  );
}

/** Brings the workspace back to a snapshot: no other files in .devcontainer, no unsaved changes, no open editors. */
export async function restore(files: ReadonlyMap<string, string>): Promise<void> {
  for (const document of vscode.workspace.textDocuments.filter((one) => one.isDirty)) {
    const file = vscode.workspace.asRelativePath(document.uri, false);
    await type(document, files.get(file) ?? '');
    // What is as it is on disk may have been closed by now.
    if (document.isDirty && !document.isClosed) await document.save();
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  for (const [name, type_] of await vscode.workspace.fs.readDirectory(at('.devcontainer'))) {
    const file = `.devcontainer/${name}`;
    if (type_ === vscode.FileType.Directory || !files.has(file)) await remove(file);
  }
  if (await exists('.codex')) await remove('.codex');
  for (const [file, text] of files) if ((await textOf(file)) !== text) await write(file, text);
}
