import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  actions,
  aMoment,
  at,
  DEVCONTAINER,
  folder,
  open,
  problems,
  restore,
  ruleOf,
  sampleIsBroken,
  snapshot,
  type,
  until,
} from './support.js';

function ended(name: string): Promise<void> {
  return new Promise((resolve) => {
    const listening = vscode.tasks.onDidEndTask(({ execution }) => {
      if (execution.task.name !== name) return;
      listening.dispose();
      resolve();
    });
  });
}

suite('Nothing is said twice', () => {
  let files: ReadonlyMap<string, string>;

  suiteSetup(async () => {
    files = await snapshot();
  });

  teardown(async () => {
    await restore(files);
    for (const terminal of vscode.window.terminals) terminal.dispose();
  });

  test('the problem matcher of a task neither doubles nor replaces the findings of the extension', async () => {
    await sampleIsBroken();
    const before = problems(DEVCONTAINER).map(({ message }) => message);
    const line = `${at(DEVCONTAINER).fsPath}:4:3: error: From the command line [seccomp-profile]`;
    const execution = new vscode.ShellExecution(`printf '%s\\n' '${line}'`);
    const task = new vscode.Task({ type: 'shell' }, folder(), 'check in CI', 'test', execution, [
      '$codex-sandbox-check',
    ]);
    const end = ended('check in CI');
    await vscode.tasks.executeTask(task);
    await end;
    await aMoment();
    await until(
      'the findings as they were',
      () =>
        problems(DEVCONTAINER)
          .map(({ message }) => message)
          .join() === before.join() || undefined,
    );
    const { length } = vscode.languages
      .getDiagnostics(at(DEVCONTAINER))
      .filter((one) => ruleOf(one) === 'seccomp-profile');
    assert.equal(length, 1);
  });

  test('a syntax error that VS Code marks is left to it, and is ours again when the file is closed', async () => {
    await sampleIsBroken();
    const document = await open(DEVCONTAINER);
    await vscode.languages.setTextDocumentLanguage(document, 'jsonc');
    await type(document, '{ "image": "debian:12", "privileged": 5, "runArgs": [ }');
    await until('what VS Code says', () =>
      vscode.languages.getDiagnostics(at(DEVCONTAINER)).some(({ source }) => source === 'jsonc'),
    );
    // A value of the wrong type is still ours: VS Code knows nothing of it.
    await until('only the wrong type', () => {
      const invalid = problems(DEVCONTAINER).filter((one) => ruleOf(one) === 'invalid-file');
      return invalid.length === 1 && invalid[0]?.severity === vscode.DiagnosticSeverity.Warning;
    });
    await document.save();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await until(
      'the syntax error',
      () => problems(DEVCONTAINER).filter((one) => ruleOf(one) === 'invalid-file').length > 1,
    );
  });

  test('a misspelled choice of the repository is said once, by the check', async () => {
    await sampleIsBroken();
    const document = await open(DEVCONTAINER);
    await vscode.languages.setTextDocumentLanguage(document, 'jsonc');
    const own = '{ "hosts": ["docker-desktp"], "rules": { "nope": "off" }, "codexVersion": 5, "sandbx": "" }';
    await type(document, `{ "image": "debian:12", "customizations": { "codex-sandbox-check": ${own} } }`);
    const invalid = await until('four faults', () => {
      const found = problems(DEVCONTAINER).filter((one) => ruleOf(one) === 'invalid-choice');
      return found.length === 4 ? found : undefined;
    });
    // VS Code looks at the schema a moment after the text.
    await aMoment();
    const all = vscode.languages.getDiagnostics(at(DEVCONTAINER));
    for (const { range } of invalid) assert.equal(all.filter((one) => one.range.intersection(range)).length, 1);
  });

  test('what the files do not tell offers the probe', async () => {
    await sampleIsBroken();
    const document = await open(DEVCONTAINER);
    await type(document, '{ "image": "registry.example.com/team/toolbox:7", "securityOpt": ["seccomp=unconfined"] }');
    const open_ = await until('a finding that is not judged', () =>
      problems(DEVCONTAINER).find((one) => ruleOf(one) === 'not-judged'),
    );
    const [probe] = await actions(DEVCONTAINER, open_.range, ({ title }) => title === 'Run the probe');
    assert.deepEqual(probe?.command?.command, 'codexSandbox.probe');
  });
});
