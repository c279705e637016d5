import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Applying } from '../../src/editor/applying.js';
import { CodeActions } from '../../src/editor/codeActions.js';
import type { Diagnostics } from '../../src/editor/diagnostics.js';
import { SavesAfterEdit, type Asked } from '../../src/editor/savesAfterEdit.js';
import {
  actions,
  allActions,
  at,
  DEVCONTAINER,
  DOCKERFILE,
  exists,
  open,
  aMoment,
  problem,
  PROFILE,
  remove,
  restore,
  rulesBecome,
  sampleIsBroken,
  snapshot,
  textOf,
  type,
  until,
  withSettings,
  write,
} from './support.js';

const FIX_ALL = vscode.CodeActionKind.SourceFixAll.append('codexSandbox');
const WHOLE = new vscode.Range(0, 0, 1000, 0);
/** VS Code saves nothing by itself. */
const MANUAL = { 'files.autoSave': 'off', 'files.refactoring.autoSave': false };
const ON_SAVE = { ...MANUAL, 'editor.codeActionsOnSave': { [FIX_ALL.value]: 'explicit' } };

suite('Saves after an edit', () => {
  let files: ReadonlyMap<string, string>;
  let original: ReadonlyMap<string, string>;
  let saved: string[];
  let listener: vscode.Disposable;
  let log: vscode.LogOutputChannel;

  suiteSetup(async () => {
    log = vscode.window.createOutputChannel('Codex Sandbox under test', { log: true });
    const sample = await snapshot();
    // With the bubblewrap of Debian 13, which the repair leaves out: so it changes the Dockerfile as well.
    const dockerfile = (sample.get(DOCKERFILE) ?? '')
      .replace('debian:12', 'debian:13')
      .replace(' curl ', ' curl bubblewrap ');
    assert(dockerfile.includes('bubblewrap'));
    files = new Map([...sample, [DOCKERFILE, dockerfile]]);
    original = sample;
  });

  suiteTeardown(async () => {
    log.dispose();
    await restore(original);
    await sampleIsBroken();
  });

  setup(async () => {
    saved = [];
    listener = vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      const file = vscode.workspace.asRelativePath(uri, false);
      // Settings are files, too.
      if (file.startsWith('.devcontainer/')) saved.push(file);
    });
    await restore(files);
    await rulesBecome(DEVCONTAINER, ['seccomp-profile', 'apparmor-profile', 'ubuntu-userns']);
    await rulesBecome(DOCKERFILE, ['masked-proc']);
  });

  teardown(async () => {
    listener.dispose();
    await restore(files);
  });

  /** Chooses "fix all" as the menu does it. */
  async function fixAll(file = DEVCONTAINER): Promise<void> {
    await actions(file, WHOLE, () => true, FIX_ALL);
    await vscode.commands.executeCommand('editor.action.sourceAction', { kind: FIX_ALL.value, apply: 'first' });
  }

  async function wholeRepairIsOnDisk(own = (file: string): string => file): Promise<void> {
    const says = async (file: string, text: string, wanted = true): Promise<boolean> =>
      (await exists(own(file))) && (await textOf(own(file))).includes(text) === wanted;
    await until('the profile on disk', () => says(PROFILE, 'syscalls'));
    await until('devcontainer.json on disk', () => says(DEVCONTAINER, 'seccomp='));
    await until('the Dockerfile on disk', () => says(DOCKERFILE, 'bubblewrap', false));
    await until('nothing unsaved', () => unsaved().length === 0);
  }

  function unsaved(): readonly string[] {
    return vscode.workspace.textDocuments
      .filter(({ isDirty }) => isDirty)
      .map(({ uri }) => vscode.workspace.asRelativePath(uri, false));
  }

  test('no code action has a command with arguments: VS Code forgets them with the menu', async () => {
    for (const [file, rule] of [
      [DEVCONTAINER, 'seccomp-profile'],
      [DOCKERFILE, 'masked-proc'],
    ] as const) {
      const { range } = await problem(file, rule);
      const found = await actions(file, range, ({ title }) => title.startsWith('Make Codex work here'));
      assert(found.length > 0);
      for (const { title, command } of await allActions(file, range, vscode.CodeActionKind.QuickFix)) {
        assert.equal(command?.arguments, undefined, title);
      }
    }
    for (const { title, command } of await actions(DEVCONTAINER, WHOLE, () => true, FIX_ALL)) {
      assert.equal(command?.arguments, undefined, title);
    }
  });

  for (const [file, unchanged] of [
    [DEVCONTAINER, false],
    [DEVCONTAINER, true],
    [DOCKERFILE, false],
  ] as const) {
    test(`a fix on save of ${unchanged ? 'an unchanged' : 'a changed'} ${file} leaves nothing unsaved`, async () => {
      const document = await open(file);
      await withSettings(ON_SAVE, async () => {
        if (!unchanged) await type(document, `${document.getText()}\n`);
        await actions(file, WHOLE, () => true, FIX_ALL);
        await vscode.commands.executeCommand('workbench.action.files.save');
        await wholeRepairIsOnDisk();
        // The narrowest, for the hosts that need least.
        await rulesBecome(DEVCONTAINER, ['apparmor-profile', 'ubuntu-userns']);
        await rulesBecome(DOCKERFILE, []);
        await aMoment();
      });
      assert.deepEqual([...saved].sort(), [DOCKERFILE, DEVCONTAINER, PROFILE].sort(), 'each is saved once');
    });
  }

  test('a fix on save of all files at once is made once, and leaves nothing unsaved', async () => {
    const dockerfile = await open(DOCKERFILE);
    const document = await open(DEVCONTAINER);
    await withSettings(ON_SAVE, async () => {
      const lineOf = async (): Promise<number> => (await problem(DEVCONTAINER, 'seccomp-profile')).range.start.line;
      const before = await lineOf();
      await type(dockerfile, `${dockerfile.getText()}\n`);
      await type(document, `\n${document.getText()}`);
      await until('the change judged', async () => (await lineOf()) === before + 1);
      await actions(DEVCONTAINER, WHOLE, () => true, FIX_ALL);
      await vscode.commands.executeCommand('workbench.action.files.saveAll');
      await wholeRepairIsOnDisk();
    });
    assert.equal(document.getText().match(/seccomp=/g)?.length, 1);
    assert(!dockerfile.getText().includes('bubblewrap'));
  });

  test('a fix from the menu that changes several files saves them', async () => {
    await open(DEVCONTAINER);
    await withSettings(MANUAL, async () => {
      await fixAll();
      await wholeRepairIsOnDisk();
    });
    assert.equal(saved.at(0), PROFILE, 'first what the others refer to');
  });

  test('what a fix saved is undone and redone in one step, on disk too, whether it is open in an editor or not', async () => {
    // A folder of its own: VS Code still knows the profile of the other one, and undoes less of a file that it knew.
    const own = (file: string): string => `own/${file}`;
    for (const [file, text] of files) await write(own(file), text);
    const document = await open(own(DEVCONTAINER));
    await problem(own(DEVCONTAINER), 'seccomp-profile');
    await withSettings(MANUAL, async () => {
      await fixAll(own(DEVCONTAINER));
      await wholeRepairIsOnDisk(own);
      await vscode.commands.executeCommand('undo');
      await until('the text as it was', () => document.getText() === files.get(DEVCONTAINER));
      await until('no profile', async () => !(await exists(own(PROFILE))));
      const dockerfile = await vscode.workspace.openTextDocument(at(own(DOCKERFILE)));
      await until('the Dockerfile as it was', () => dockerfile.getText() === files.get(DOCKERFILE));
      for (const file of [DEVCONTAINER, DOCKERFILE]) {
        await until(`${file} on disk as it was`, async () => (await textOf(own(file))) === files.get(file));
      }
      await until('nothing unsaved', () => unsaved().length === 0);
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand('redo');
      await wholeRepairIsOnDisk(own);
      await vscode.commands.executeCommand('undo');
      await until('no profile after redo and undo', async () => !(await exists(own(PROFILE))));
      await until('as it was on disk', async () => (await textOf(own(DEVCONTAINER))) === files.get(DEVCONTAINER));
    });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await remove('own');
  });

  test('what its author had not saved yet is saved with the fix: half of it on disk starts no container', async () => {
    const document = await open(DEVCONTAINER);
    await withSettings(MANUAL, async () => {
      const line = async (): Promise<number> => (await problem(DEVCONTAINER, 'seccomp-profile')).range.start.line;
      const before = await line();
      await type(document, `\n${document.getText()}`);
      // A fix for the text of before would do nothing.
      await until('the change judged', async () => (await line()) === before + 1);
      await fixAll();
      await wholeRepairIsOnDisk();
      assert.equal(await textOf(DEVCONTAINER), document.getText());
      assert(document.getText().startsWith('\n'), 'with the change of before');
    });
  });

  test('a fix of nothing but the file in the editor leaves saving to the user', async () => {
    const document = await open(DEVCONTAINER);
    await withSettings(MANUAL, async () => {
      await problem(DEVCONTAINER, 'apparmor-profile');
      const isSmall = ({ title }: vscode.CodeAction): boolean => title.startsWith('Disable AppArmor for');
      // What another test has typed may still be told of at its old place.
      const [fix] = await actions(DEVCONTAINER, new vscode.Range(0, 0, 1000, 0), isSmall);
      assert(fix?.edit);
      assert(fix.edit.has(document.uri));
      assert(await vscode.workspace.applyEdit(fix.edit));
      await aMoment();
      assert(document.isDirty);
    });
  });

  test('an edit is known by its texts, whatever the line endings, and only while somebody listens', async () => {
    const document = await open(DEVCONTAINER);
    const saves = new SavesAfterEdit(log);
    const expected = [{ uri: document.uri, before: undefined, text: '{\r\n}\r\n' }];
    try {
      await withSettings(MANUAL, async () => {
        saves.expect(expected, { shown: at(DOCKERFILE), onSave: false });
        await type(document, '{\n} \n');
        await aMoment();
        assert(document.isDirty, 'another text is not saved');
        await type(document, '{\n}\n');
        await until('it saved', () => !document.isDirty);
        assert(!saves.isSaving(document.uri));
        await type(document, '{}\n');
        await type(document, '{\n}\n');
        await aMoment();
        assert(document.isDirty, 'nothing is saved twice');
        await document.save();
        saves.expect(expected, { shown: at(DOCKERFILE), onSave: false });
        saves.dispose();
        await type(document, '{}\n');
        await document.save();
        saved = [];
        await type(document, '{\n}\n');
        await aMoment();
        assert.deepEqual(saved, []);
      });
    } finally {
      saves.dispose();
    }
  });

  test('several files that are saved at once get an edit of theirs once', () => {
    const saves = new SavesAfterEdit(log);
    const both = [DEVCONTAINER, DOCKERFILE].map((file) => ({ uri: at(file), before: 'old', text: 'new' }));
    const onSave = (file: string): Asked => ({ shown: at(file), onSave: true });
    assert(saves.expect(both, { shown: at(DOCKERFILE), onSave: false }), 'one that may never be applied');
    assert(saves.expect(both, onSave(DEVCONTAINER)));
    assert(!saves.expect(both, onSave(DOCKERFILE)));
    assert(!saves.expect(both.slice(1), onSave(DOCKERFILE)));
    assert(
      saves.expect([{ uri: at(PROFILE), before: undefined, text: 'new' }], onSave(DOCKERFILE)),
      'one of other files',
    );
    assert(saves.expect(both, { shown: at(DOCKERFILE), onSave: false }), 'one that the user asks for');
    saves.dispose();
  });

  test('no fix runs on a save that a fix has asked for', async () => {
    const document = await open(DEVCONTAINER);
    const asked: string[] = [];
    const saves = { isSaving: (uri: vscode.Uri) => asked.push(uri.path) > 0 } as unknown as SavesAfterEdit;
    const diagnostics = { entries: () => [{}] } as unknown as Diagnostics;
    const { token } = new vscode.CancellationTokenSource();
    const context = { only: FIX_ALL, diagnostics: [] } as unknown as vscode.CodeActionContext;
    const applying = new Applying(saves, () => undefined);
    const provider = new CodeActions(diagnostics, applying, { choose: () => undefined });
    assert.deepEqual(await provider.provideCodeActions(document, WHOLE, context, token), []);
    assert.deepEqual(asked, [document.uri.path]);
  });

  test('a fix that is not taken saves nothing', async () => {
    const document = await open(DEVCONTAINER);
    const dockerfile = await open(DOCKERFILE);
    await withSettings(MANUAL, async () => {
      await actions(DEVCONTAINER, WHOLE, () => true, FIX_ALL);
      await type(dockerfile, `${dockerfile.getText()}\n`);
      await type(document, `${document.getText()}\n`);
      await aMoment();
      assert.deepEqual([...unsaved()].sort(), [DEVCONTAINER, DOCKERFILE].sort());
      assert.deepEqual(saved, []);
    });
  });
});
