import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { entriesOf } from '../../src/editor/entries.js';
import { FolderChecker } from '../../src/editor/folderChecker.js';
import type { LocalHost } from '../../src/editor/hosts.js';
import { workspaceFiles } from '../../src/editor/workspaceFiles.js';
import { HOSTS } from '../../src/model/host.js';
import { nodeFiles } from '../../src/sources/workspace/nodeFiles.js';

const PLAIN = '{ "image": "debian:12" }';
const USING = '{ "image": "debian:12", "customizations": { "vscode": { "extensions": ["openai.chatgpt"] } } }';

function machine(hasCodex: boolean): LocalHost {
  return {
    read: () => Promise.resolve(HOSTS['docker-desktop']),
    hasCodex: () => Promise.resolve(hasCodex),
    forget: () => undefined,
  };
}

suite('Problems of a folder in proportion to the use of Codex', () => {
  let path: string;
  let log: vscode.LogOutputChannel;

  setup(async () => {
    path = mkdtempSync(join(tmpdir(), 'proportion-'));
    log = vscode.window.createOutputChannel('Codex Sandbox under test', { log: true });
    await setSeverity('byEvidence');
  });

  teardown(async () => {
    await setSeverity(undefined);
    log.dispose();
    rmSync(path, { recursive: true, force: true });
  });

  /** The severities of the diagnostics, the worst first. */
  async function severities(
    text: string,
    { hasCodex = false, hasExtension = false } = {},
    act = (checker: FolderChecker): Promise<void> => {
      checker.everythingChanged();
      return checker.settled();
    },
  ): Promise<readonly string[]> {
    writeFileSync(join(path, '.devcontainer.json'), text);
    const folder = { uri: vscode.Uri.file(path), name: 'other', index: 1 };
    const files = workspaceFiles(folder.uri, nodeFiles);
    const checker = new FolderChecker(
      folder,
      files,
      log,
      machine(hasCodex),
      () => undefined,
      undefined,
      () => hasExtension,
    );
    await act(checker);
    checker.dispose();
    return entriesOf({ folder: folder.uri, files }, checker.checked, undefined, () => undefined)
      .map(({ diagnostic }) => diagnostic.severity)
      .sort()
      .map((severity) => vscode.DiagnosticSeverity[severity]);
  }

  test('one piece of information where nothing shows Codex', async () => {
    assert.deepEqual(await severities(PLAIN), ['Information']);
  });

  test('an error where the files show it', async () => {
    assert.equal((await severities(USING))[0], 'Error');
  });

  test('an error where the machine has it', async () => {
    assert.equal((await severities(PLAIN, { hasCodex: true }))[0], 'Error');
  });

  test('an error where VS Code has the extension', async () => {
    assert.equal((await severities(PLAIN, { hasExtension: true }))[0], 'Error');
  });

  test('an error once the user asks', async () => {
    assert.equal((await severities(PLAIN, {}, (checker) => checker.checkNow()))[0], 'Error');
  });

  test('an error where the user wants them always', async () => {
    await setSeverity('always');
    assert.equal((await severities(PLAIN))[0], 'Error');
  });
});

async function setSeverity(value: string | undefined): Promise<void> {
  await vscode.workspace.getConfiguration('codexSandbox').update('severity', value, vscode.ConfigurationTarget.Global);
}
