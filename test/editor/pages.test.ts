import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { reportPage, rulePage } from '../../src/editor/pages.js';
import {
  at,
  DEVCONTAINER,
  DOCKERFILE,
  folder,
  open,
  problem,
  restore,
  sampleIsBroken,
  snapshot,
  until,
} from './support.js';

/** What the active tab shows, when it is a custom editor. */
function shownByPreview(): vscode.TabInputCustom | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputCustom ? input : undefined;
}

suite('Pages', () => {
  let files: ReadonlyMap<string, string>;

  suiteSetup(async () => {
    files = await snapshot();
  });

  teardown(async () => {
    await restore(files);
  });

  test('the link of a diagnostic opens the rendered page of its rule', async () => {
    await sampleIsBroken();
    const { code } = await problem(DEVCONTAINER, 'apparmor-profile');
    assert(typeof code === 'object' && typeof code.value === 'string', 'it has a link');
    assert.equal(code.target.toString(), rulePage(code.value).toString());
    // As a click on it does.
    await vscode.commands.executeCommand('vscode.open', code.target);
    const input = await until('a rendered page', shownByPreview);
    assert.equal(input.viewType, 'vscode.markdown.preview.editor');
    assert.equal(input.uri.toString(), code.target.toString());
    const page = await vscode.workspace.openTextDocument(code.target);
    assert.match(page.getText(), /^# .*\n\nRule `apparmor-profile`/);
  });

  test('a rule that nobody knows opens nothing', async () => {
    await vscode.commands.executeCommand('codexSandbox.openRule', '../secret');
    await vscode.commands.executeCommand('codexSandbox.openRule');
    assert.equal(shownByPreview(), undefined);
  });

  test('the report shows each host and step, the fix and the findings, rendered and as the files are now', async () => {
    await sampleIsBroken();
    await open(DOCKERFILE);
    await vscode.commands.executeCommand('codexSandbox.showReport');
    const { uri, viewType } = await until('the report', shownByPreview);
    assert.equal(viewType, 'vscode.markdown.preview.editor');
    assert.equal(uri.toString(), reportPage(at(DOCKERFILE)).toString());
    const document = await vscode.workspace.openTextDocument(uri);
    const text = document.getText();
    assert.match(text, /\| Step \| Docker Desktop \| Linux \\\(Debian\\\) \|/);
    assert.match(text, /\| seccomp\\: user namespaces \| ✗ \| ✗ \|/);
    assert.match(text, /### Fix\n\n\*\*/);
    assert.match(text, /- error: .*`seccomp-profile`/);
    assert.match(text, /Nothing was measured yet/);
    const configuration = await vscode.workspace.openTextDocument(at(DEVCONTAINER));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(configuration.uri, new vscode.Position(2, 0), '  "privileged": true,\n');
    await vscode.workspace.applyEdit(edit);
    await until('the report of what was typed', () => document.getText().includes('seccomp\\: user namespaces | ✓ |'));
  });

  test('the report can be copied before anything was measured', async () => {
    await sampleIsBroken();
    await vscode.commands.executeCommand('codexSandbox.copyReport');
    const copied = await vscode.env.clipboard.readText();
    assert(copied.includes(folder().name) || copied.includes('devcontainer'), copied);
    assert.match(copied, /^# Codex/);
  });
});
