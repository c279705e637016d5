import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { CheckSummary } from '../../../src/editor/checkCommand.js';
import { DEVCONTAINER, folder, open, rules, sampleIsBroken, type, until } from '../support.js';

suite('Restricted Mode', () => {
  test('the workspace is not trusted', () => {
    assert.equal(vscode.workspace.isTrusted, false);
  });

  test('configurations are judged', async () => {
    await sampleIsBroken();
    const document = await open(DEVCONTAINER);
    const original = document.getText();
    await type(document, original.replace('"name"', '"privileged": true,\n  "name"'));
    await until('no seccomp finding', () => !rules(DEVCONTAINER).includes('seccomp-profile'));
    await type(document, original);
    await document.save();
  });

  test('the command judges and does not measure', async () => {
    const summary = await vscode.commands.executeCommand<CheckSummary>('codexSandbox.check');
    assert.equal(summary.configurations, 1);
    assert.equal(summary.errors, 1);
    assert.equal(summary.probe, 'not trusted');
    assert.match(summary.text, / Trust this workspace to run the probe\.$/);
  });

  test('no program is asked what this machine is', async () => {
    const { localHost } = await import('../../../src/editor/localHost.js');
    const local = localHost();
    assert.match((await local.read()).description, /no engine answered/);
    assert.equal(local.read(), local.read(), 'it is looked at once');
    const before = local.read();
    local.forget();
    assert.notEqual(local.read(), before);
  });

  test('the probe refuses', async () => {
    const { localProber } = await import('../../../src/editor/localProber.js');
    const prober = localProber(vscode.Uri.file('/'));
    const { signal } = new AbortController();
    const request = { folder: folder(), container: undefined, network: 'restricted', signal } as const;
    await assert.rejects(prober.run(request), /Trust this workspace to run the probe/);
    await assert.rejects(prober.containersOf(folder(), signal), /Trust this workspace to run the probe/);
  });
});
