import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { at, DEVCONTAINER, open, PROFILE, restore, sampleIsBroken, snapshot, type, until, write } from './support.js';

function labelOf({ label }: vscode.CompletionItem): string {
  return typeof label === 'string' ? label : label.label;
}

/** The labels as the list shows them. */
function inOrder(items: readonly vscode.CompletionItem[]): readonly string[] {
  return [...items].sort((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1)).map(labelOf);
}

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
    return list.items.filter(({ detail }) => detail?.startsWith('Codex Sandbox'));
  }

  test('proposes what matters to the sandbox in securityOpt, capAdd and runArgs, with its price', async () => {
    await sampleIsBroken();
    const labels = (items: readonly vscode.CompletionItem[]): readonly string[] => items.map(labelOf);
    const security = await proposed('{ "image": "debian:12", "securityOpt": ["|"] }');
    for (const one of ['seccomp=unconfined', 'apparmor=unconfined', 'no-new-privileges']) {
      assert(labels(security).includes(`"${one}"`), one);
    }
    const seccomp = security.find((item) => labelOf(item) === '"seccomp=unconfined"');
    assert(typeof seccomp?.documentation === 'string');
    assert.match(seccomp.documentation, /blocks user namespaces[^]*\n\nCosts: /);
    assert(labels(await proposed('{ "image": "debian:12", "capAdd": [|] }')).includes('"SYS_ADMIN"'));
    const run = labels(await proposed('{ "image": "debian:12", "runArgs": ["--init", "--sec|"] }'));
    for (const one of ['--security-opt=apparmor=unconfined', '--cap-add=SETFCAP', '--privileged']) {
      assert(run.includes(`"${one}"`), one);
    }
    assert.deepEqual(labels(await proposed('{ "image": "|", "mounts": [] }')), []);
  });

  test('proposes first what the sandbox needs, and last what the check warns about', async () => {
    await sampleIsBroken();
    await write(PROFILE, '{}');
    const text = '{ "image": "debian:12", "remoteUser": "vscode", "securityOpt": ["|"] }';
    const profile = '"seccomp=${localWorkspaceFolder}/.devcontainer/seccomp-bwrap.json"';
    const security = await until('the profile', async () => {
      const found = await proposed(text);
      return inOrder(found).includes(profile) ? found : undefined;
    });
    const order = inOrder(security);
    assert.deepEqual([...order.slice(0, 2)].sort(), ['"apparmor=unconfined"', profile], order.join('\n'));
    assert.deepEqual([...order.slice(-2)].sort(), ['"apparmor=runc"', '"seccomp=unconfined"'], order.join('\n'));
    for (const { detail, documentation } of security) assert(detail && documentation);
    const run = await proposed('{ "image": "debian:12", "remoteUser": "vscode", "runArgs": ["|"] }');
    const admin = run.find((item) => labelOf(item) === '"--cap-add=NET_ADMIN"');
    assert(typeof admin?.documentation === 'string');
    assert.match(admin.documentation, /The check warns about this value/);
    assert.match(inOrder(run)[0] ?? '', /^"--security-opt=/);
  });

  test('what is chosen takes the place of the string that was begun', async () => {
    await sampleIsBroken();
    const items = await until('proposals', async () => {
      const found = await proposed('{ "image": "debian:12", "securityOpt": ["secc|"] }');
      return found.length > 0 ? found : undefined;
    });
    const { range } = items.find((item) => labelOf(item) === '"seccomp=unconfined"') ?? {};
    const replaced = range instanceof vscode.Range ? range : range?.replacing;
    const document = await vscode.workspace.openTextDocument(at(DEVCONTAINER));
    assert.equal(document.getText(replaced), '"secc"');
  });
});
