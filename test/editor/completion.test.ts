import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { at, DEVCONTAINER, open, restore, sampleIsBroken, snapshot, type, until } from './support.js';

suite('Completion', () => {
  let files: ReadonlyMap<string, string>;

  suiteSetup(async () => {
    files = await snapshot();
  });

  teardown(async () => {
    await restore(files);
  });

  /** What this extension proposes in a devcontainer.json at the place of `|`. */
  async function proposed(text: string): Promise<readonly vscode.CompletionItem[]> {
    const document = await open(DEVCONTAINER);
    const offset = text.indexOf('|');
    await type(document, text.replace('|', ''));
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      at(DEVCONTAINER),
      document.positionAt(offset),
    );
    return list.items.filter(({ detail }) => detail === 'Codex Sandbox');
  }

  test('proposes what matters to the sandbox in securityOpt, capAdd and runArgs, with its price', async () => {
    await sampleIsBroken();
    const labels = (items: readonly vscode.CompletionItem[]): readonly unknown[] => items.map(({ label }) => label);
    const security = await proposed('{ "image": "debian:12", "securityOpt": ["|"] }');
    for (const one of ['seccomp=unconfined', 'apparmor=unconfined', 'no-new-privileges']) {
      assert(labels(security).includes(`"${one}"`), one);
    }
    const seccomp = security.find(({ label }) => label === '"seccomp=unconfined"');
    assert(typeof seccomp?.documentation === 'string');
    assert.match(seccomp.documentation, /blocks user namespaces[^]*\n\nCosts: /);
    assert(labels(await proposed('{ "image": "debian:12", "capAdd": [|] }')).includes('"SYS_ADMIN"'));
    const run = labels(await proposed('{ "image": "debian:12", "runArgs": ["--init", "--sec|"] }'));
    for (const one of ['--security-opt=apparmor=unconfined', '--cap-add=SETFCAP', '--privileged']) {
      assert(run.includes(`"${one}"`), one);
    }
    assert.deepEqual(labels(await proposed('{ "image": "|", "mounts": [] }')), []);
  });

  test('what is chosen takes the place of the string that was begun', async () => {
    await sampleIsBroken();
    const items = await until('proposals', async () => {
      const found = await proposed('{ "image": "debian:12", "securityOpt": ["secc|"] }');
      return found.length > 0 ? found : undefined;
    });
    const { range } = items.find(({ label }) => label === '"seccomp=unconfined"') ?? {};
    const replaced = range instanceof vscode.Range ? range : range?.replacing;
    const document = await vscode.workspace.openTextDocument(at(DEVCONTAINER));
    assert.equal(document.getText(replaced), '"secc"');
  });
});
