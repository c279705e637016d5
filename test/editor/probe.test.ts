import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { CheckSummary } from '../../src/editor/checkCommand.js';
import {
  DEVCONTAINER,
  open,
  pause,
  problems,
  restore,
  ruleOf,
  sampleIsBroken,
  snapshot,
  type,
  until,
} from './support.js';

/** What the probe measures where the tests run is not known beforehand; what is said of it must fit. */
async function runTask(): Promise<number | undefined> {
  const tasks = await vscode.tasks.fetchTasks({ type: 'codex-sandbox' });
  const task = tasks.find(({ name }) => name === 'probe');
  assert(task, 'the task is offered');
  const ended = new Promise<number | undefined>((resolve) => {
    const listening = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
      if (execution.task.name !== 'probe') return;
      listening.dispose();
      resolve(exitCode);
    });
  });
  await vscode.tasks.executeTask(task);
  return ended;
}

function measured(): readonly vscode.Diagnostic[] {
  return problems(DEVCONTAINER).filter(({ message }) => message.startsWith('Measured here'));
}

suite('Probe', () => {
  let files: ReadonlyMap<string, string>;

  suiteSetup(async () => {
    files = await snapshot();
  });

  setup(async () => {
    await restore(files);
    await until('the findings of the sample', () => problems(DEVCONTAINER).length >= 2);
  });

  teardown(async () => {
    await restore(files);
  });

  test('the task measures, and what it measured is a diagnostic once', async function () {
    this.timeout(180_000);
    await sampleIsBroken();
    const exitCode = await runTask();
    assert(exitCode === 0 || exitCode === 1, `exit code ${String(exitCode)}`);
    const summary = await vscode.commands.executeCommand<CheckSummary>('codexSandbox.check');
    if (summary.probe === 'works' || exitCode === 0) {
      assert.deepEqual(measured(), []);
      return;
    }
    if (summary.probe === 'unknown') return;
    await until('one diagnostic of the measurement', () => measured().length === 1);
    const rules = problems(DEVCONTAINER).map(ruleOf);
    assert.equal(new Set(rules).size, rules.length, 'nothing is said twice');

    const document = await open(DEVCONTAINER);
    await type(document, document.getText().replace('"name"', '"privileged": true,\n  "name"'));
    await until('the measurement is of the container before', () =>
      measured().some(({ message }) => message.startsWith('Measured here before rebuild')),
    );
  });

  test('the command counts what it finds', async function () {
    this.timeout(180_000);
    const summary = await vscode.commands.executeCommand<CheckSummary>('codexSandbox.check');
    assert.equal(summary.configurations, 1);
    assert(summary.errors >= 1);
    assert.match(summary.text, /^1 dev container configuration: /);
    assert(summary.probe !== 'not trusted' && summary.probe !== 'could not run', summary.text);
  });

  test('the command can be cancelled while it measures', async () => {
    const source = new vscode.CancellationTokenSource();
    const running = vscode.commands.executeCommand<CheckSummary | undefined>('codexSandbox.check', source.token);
    await pause(100);
    source.cancel();
    const begin = Date.now();
    assert.equal(await running, undefined);
    assert(Date.now() - begin < 5000, 'it ends soon');
    source.dispose();
  });
});
