import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { findingFor, fixHere, toastOf } from '../../src/editor/explainCommand.js';
import { diagnoseAll, type Symptom } from '../../src/model/sandbox/symptoms.js';
import { judged } from '../unit/judged.js';
import { at, DEVCONTAINER, folder, sampleIsBroken, textOf } from './support.js';

function explain(): Thenable<readonly Symptom[]> {
  return vscode.commands.executeCommand<readonly Symptom[]>('codexSandbox.explain');
}

suite('Explain Codex Sandbox Error', () => {
  teardown(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  test('the selection counts, else the clipboard', async () => {
    await vscode.env.clipboard.writeText(
      '2026-11-21T10:00:00Z ERROR codex-linux-sandbox: bwrap: pivot_root: Operation not permitted',
    );
    assert.deepEqual(
      (await explain()).map(({ gate }) => gate),
      ['pivot-root'],
    );
    const document = await vscode.workspace.openTextDocument({
      content: 'bwrap: capset failed: Operation not permitted',
    });
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(0, 0, 0, 100);
    assert.deepEqual(
      (await explain()).map(({ gate }) => gate),
      ['bwrap-privileges'],
    );
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  test('a notification is a headline and one sentence: the rest is in the log', () => {
    const [symptom] = diagnoseAll('bwrap: No permissions to create a new namespace');
    assert(symptom);
    for (const [isFixable, others] of [
      [true, 2],
      [false, 2],
      [false, 0],
    ] as const) {
      const text = toastOf(symptom, isFixable, others);
      assert(text.length <= 160, text);
      assert(!text.includes('codex-sandbox-check'), text);
    }
  });

  test('a log of events, read in another encoding, and an error that is none of the gates', async () => {
    const event = JSON.stringify({
      item: { type: 'command_execution', aggregated_output: 'bwrap: pivot_root: Operation not permitted\n' },
    });
    await vscode.env.clipboard.writeText(event.split('').join(String.fromCharCode(0)));
    assert.deepEqual(
      (await explain()).map(({ gate }) => gate),
      ['pivot-root'],
    );
    await vscode.env.clipboard.writeText("bwrap: Can't mkdir parents for /workspaces/app: Permission denied");
    assert.deepEqual(
      (await explain()).map(({ gate }) => gate),
      [null],
    );
  });

  test('what is unknown is said to be, and nothing is no error', async () => {
    await vscode.env.clipboard.writeText('segmentation fault');
    assert.deepEqual(await explain(), []);
    await vscode.env.clipboard.writeText('');
    assert.deepEqual(await explain(), []);
  });

  test('a finding of this workspace about the same gate is where the fix is offered', async () => {
    await sampleIsBroken();
    const judgement = await judged({
      '.devcontainer/devcontainer.json': await textOf(DEVCONTAINER),
      '.devcontainer/Dockerfile': 'FROM debian:12\n',
    });
    const shown = [{ folder: folder(), judgement, isUsed: true, measured: undefined }];
    const here = findingFor(['seccomp-userns'], shown);
    assert.equal(here?.finding.rule, 'seccomp-profile');
    assert.equal(here.uri.toString(), at(DEVCONTAINER).toString());
    assert.equal(findingFor([null], shown), undefined);
    assert.equal(findingFor(['writable-paths'], shown), undefined);
    await fixHere(here);
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.toString(), here.uri.toString());
    assert.equal(editor.selection.start.line, here.finding.place.range.start.line);
  });
});
