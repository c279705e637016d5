import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Applying } from '../../src/editor/applying.js';
import { CodeActions } from '../../src/editor/codeActions.js';
import type { Diagnostics, Entry } from '../../src/editor/diagnostics.js';
import { entriesOf } from '../../src/editor/entries.js';
import { FolderChecker } from '../../src/editor/folderChecker.js';
import { SavesAfterEdit } from '../../src/editor/savesAfterEdit.js';
import { prepareEdit } from '../../src/editor/workspaceEdits.js';
import { workspaceFiles } from '../../src/editor/workspaceFiles.js';
import { nodeFiles } from '../../src/sources/workspace/nodeFiles.js';
import {
  actions,
  allActions,
  apply,
  at,
  DEVCONTAINER,
  DOCKERFILE,
  exists,
  folder,
  open,
  problem,
  PROFILE,
  restore,
  rules,
  sampleIsBroken,
  sampleIsRepaired,
  snapshot,
  textOf,
  type,
  until,
  withSettings,
  write,
} from './support.js';

const FIX_ALL = vscode.CodeActionKind.SourceFixAll.append('codexSandbox');
const WHOLE = new vscode.Range(0, 0, 1000, 0);
/**
 * By file and rule, how the title of the narrowest fix begins. VS Code's command does not say which diagnostic a fix is for.
 */
const FIXES = [
  [DEVCONTAINER, 'seccomp-profile', 'Allow bubblewrap with a tailored seccomp profile'],
  [DEVCONTAINER, 'apparmor-profile', 'Take the AppArmor profile away'],
  [DOCKERFILE, 'setuid-missing', 'Give bubblewrap what this host asks for'],
] as const;

function isTailored({ title }: vscode.CodeAction): boolean {
  return title === FIXES[0][2];
}

/** The text of the profile, once it is saved: it is created before it has a text. */
async function profileOnDisk(): Promise<string> {
  await until('the profile on disk', async () => (await exists(PROFILE)) && (await textOf(PROFILE)).endsWith('}\n'));
  return textOf(PROFILE);
}

suite('Code actions', () => {
  let files: ReadonlyMap<string, string>;

  suiteSetup(async () => {
    files = await snapshot();
  });

  setup(async () => {
    await sampleIsBroken();
  });

  teardown(async () => {
    await restore(files);
  });

  // First, while VS Code has no text yet of a profile that was there before.
  test('what “fix all” does is undone in one step, with the file that it made', async () => {
    // Both in editors: VS Code may let go of the texts of others, with what could be undone in them.
    const dockerfile = await open(DOCKERFILE);
    const document = await open(DEVCONTAINER);
    await actions(DEVCONTAINER, WHOLE, () => true, FIX_ALL);
    // As from the menu: what a program applies is undone in another way.
    await vscode.commands.executeCommand('editor.action.sourceAction', { kind: FIX_ALL.value, apply: 'first' });
    await sampleIsRepaired();
    await until('the profile', () => exists(PROFILE));
    await until('everything saved', () => !vscode.workspace.textDocuments.some(({ isDirty }) => isDirty));
    await vscode.commands.executeCommand('undo');
    await until('the text as it was', () => document.getText() === files.get(DEVCONTAINER));
    await until('the Dockerfile as it was', () => dockerfile.getText() === files.get(DOCKERFILE));
    await until('no profile', async () => !(await exists(PROFILE)));
    await sampleIsBroken();
  });

  for (const [file, rule, title] of FIXES) {
    test(`the narrowest fix of ${rule} makes it vanish, and comments survive`, async () => {
      const document = await open(DEVCONTAINER);
      const { range } = await problem(file, rule);
      const [fix, ...more] = await actions(file, range, (action) => action.title.startsWith(title));
      assert.equal(more.length, 0);
      assert.notEqual(fix?.isPreferred, true, 'beside what makes Codex work');
      await apply(fix);
      await until(`${rule} gone`, () => !rules(file).includes(rule));
      assert(document.getText().includes('// black does the rest'));
      assert(document.getText().includes('// Everybody works as the same user'));
      assert((await vscode.workspace.openTextDocument(at(DOCKERFILE))).getText().includes('# Tools that every'));
    });
  }

  test('the tailored seccomp profile is written to disk at once', async () => {
    const { range } = await problem(DEVCONTAINER, 'seccomp-profile');
    await apply((await actions(DEVCONTAINER, range, isTailored))[0]);
    const profile = JSON.parse(await profileOnDisk()) as { syscalls?: unknown[] };
    assert(profile.syscalls && profile.syscalls.length > 0);
  });

  test('a profile that was deleted is made again as it was', async () => {
    const make = async (): Promise<string> => {
      const { range } = await problem(DEVCONTAINER, 'seccomp-profile');
      await apply((await actions(DEVCONTAINER, range, isTailored))[0]);
      await until('the finding gone', () => !rules(DEVCONTAINER).includes('seccomp-profile'));
      return profileOnDisk();
    };
    const first = await make();
    await restore(files);
    await sampleIsBroken();
    assert.equal(await make(), first);
  });

  test('a file that is in the way is not overwritten', async () => {
    const { range } = await problem(DEVCONTAINER, 'seccomp-profile');
    await actions(DEVCONTAINER, range, isTailored);
    await write(PROFILE, '{}');
    for (const action of await allActions(DEVCONTAINER, range, vscode.CodeActionKind.QuickFix)) {
      const touched = action.edit?.entries().map(([uri]) => uri.toString()) ?? [];
      assert(!touched.includes(at(PROFILE).toString()), action.title);
    }
    assert.equal(await textOf(PROFILE), '{}');
  });

  test('what gives root more power is an action of its own only where its host is named', async () => {
    const titles = async (): Promise<readonly string[]> => {
      const { range } = await problem(DOCKERFILE, 'setuid-missing');
      const found = await allActions(DOCKERFILE, range, vscode.CodeActionKind.QuickFix);
      return found.map(({ title }) => title).filter((title) => title.includes('Other ways') || title.includes('adds'));
    };
    assert.deepEqual(await titles(), ['Other ways…']);
    await withSettings({ 'codexSandbox.hosts': ['docker-ubuntu'] }, async () => {
      await until('an action that says what it adds', async () => (await titles()).some((title) => /adds/.test(title)));
    });
    await sampleIsBroken();
  });

  test('“Make Codex work here” leaves nothing to do but for Ubuntu hosts', async () => {
    const { range } = await problem(DEVCONTAINER, 'apparmor-profile');
    const repairs = await actions(DEVCONTAINER, range, ({ title }) => title.startsWith('Make Codex work here'));
    assert.deepEqual(
      repairs.map(({ isPreferred }) => isPreferred),
      [true],
    );
    await apply(repairs[0]);
    await sampleIsRepaired();
    assert.equal((await open(DEVCONTAINER)).getText().match(/\/\//g)?.length, 4);
  });

  test('“fix all” of this extension repairs everything but what Ubuntu hosts need', async () => {
    const [all, ...more] = await actions(DEVCONTAINER, WHOLE, () => true, FIX_ALL);
    assert.equal(more.length, 0);
    assert.equal(all?.kind?.value, FIX_ALL.value);
    await apply(all);
    await sampleIsRepaired();
    assert(await exists(PROFILE));
    assert.deepEqual(await allActions(DEVCONTAINER, WHOLE, FIX_ALL), []);
  });

  test('the generic “fix all” does not weaken a container', async () => {
    await actions(DEVCONTAINER, WHOLE, () => true, FIX_ALL);
    const generic = await allActions(DEVCONTAINER, WHOLE, vscode.CodeActionKind.SourceFixAll);
    assert(!generic.some(({ edit }) => edit !== undefined));
    const document = await open(DEVCONTAINER);
    const settings = vscode.workspace.getConfiguration('editor', document.uri);
    await settings.update('codeActionsOnSave', { 'source.fixAll': 'always' });
    try {
      await type(document, `${document.getText()}\n`);
      await document.save();
      assert(!document.getText().includes('seccomp='));
      assert(!(await exists(PROFILE)));
    } finally {
      await settings.update('codeActionsOnSave', undefined);
    }
  });

  test('a fix that is chosen after the text has moved on changes nothing; a fix is worked out when it is chosen', async () => {
    const document = await open(DEVCONTAINER);
    await until('the text as it was at first', () => document.getText() === files.get(DEVCONTAINER));
    const origin = { folder: folder().uri, files: workspaceFiles(folder().uri, nodeFiles) };
    const log = vscode.window.createOutputChannel('Codex Sandbox under test', { log: true });
    const checker = new FolderChecker(folder(), origin.files, log, undefined, () => undefined);
    let own: readonly Entry[] = [];
    const saves = new SavesAfterEdit(log);
    const diagnostics = { entries: () => own } as unknown as Diagnostics;
    const applying = new Applying(saves, () => undefined);
    const provider = new CodeActions(diagnostics, applying, () => undefined, { choose: () => undefined });
    const { token } = new vscode.CancellationTokenSource();
    const [first, second] = await until('two fixes', async () => {
      await checker.checkNow();
      const entries = entriesOf(origin, checker.checked, undefined, () => undefined);
      own = entries.filter(({ uri }) => uri.toString() === document.uri.toString());
      const context = { only: undefined, diagnostics: own.map(({ diagnostic }) => diagnostic) };
      const all = await provider.provideCodeActions(
        document,
        WHOLE,
        context as unknown as vscode.CodeActionContext,
        token,
      );
      return all.length >= 2 ? all : undefined;
    });
    assert(first && second);
    assert.equal(first.edit, undefined);
    assert((await provider.resolveCodeAction(first)).edit);
    await type(document, `\n${document.getText()}`);
    assert.equal((await provider.resolveCodeAction(second)).edit, undefined);
    checker.dispose();
    saves.dispose();
    log.dispose();
  });

  test('edits for a text that has moved on are not made', async () => {
    const origin = { folder: folder().uri, files: workspaceFiles(folder().uri, nodeFiles) };
    const document = await open(DEVCONTAINER);
    const texts = new Map([[DEVCONTAINER, document.getText()]]);
    const start = { line: 0, character: 0 };
    const edits = [{ file: DEVCONTAINER, range: { start, end: start }, newText: '// new\n' }];
    assert.equal((await prepareEdit(origin, texts, edits))?.edit.size, 1);
    await type(document, `\n${document.getText()}`);
    assert.equal(await prepareEdit(origin, texts, edits), undefined);
  });
});
