import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import {
  actions,
  allActions,
  apply,
  at,
  DEVCONTAINER,
  DOCKERFILE,
  exists,
  open,
  problem,
  PROFILE,
  restore,
  rules,
  rulesBecome,
  sampleIsBroken,
  sampleIsRepaired,
  snapshot,
  textOf,
  type,
  until,
  withSettings,
} from './support.js';

const RUNS = 10;
const { QuickFix } = vscode.CodeActionKind;

/** What the workbench told, where it was watched: a desktop VS Code is not. */
function notifications(): readonly { readonly severity?: string; readonly text: string }[] {
  const file = process.env['TEST_NOTIFICATIONS'];
  const lines = file === undefined ? [] : readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as { severity?: string; text: string });
}

async function titles(file: string, rule: string): Promise<readonly string[]> {
  const { range } = await problem(file, rule);
  await actions(file, range, ({ title }) => title.startsWith('Disable'));
  return (await allActions(file, range, QuickFix)).map(({ title }) => title);
}

async function take(file: string, rule: string, title: string): Promise<void> {
  const { range } = await problem(file, rule);
  await apply((await actions(file, range, (action) => action.title === title))[0]);
}

suite('The lightbulb', () => {
  let files: ReadonlyMap<string, string>;

  suiteSetup(async () => {
    files = await snapshot();
  });

  setup(async () => {
    await restore(files);
    await sampleIsBroken();
  });

  teardown(async () => {
    await restore(files);
  });

  test(`${RUNS} times check, fix, undo: no error is told, and disk and editor say the same`, async function () {
    this.timeout(300_000);
    const before = notifications().length;
    for (let run = 0; run < RUNS; run++) {
      await vscode.commands.executeCommand('codexSandbox.check');
      const document = await open(DEVCONTAINER);
      const { range } = await problem(DEVCONTAINER, 'seccomp-profile');
      await actions(DEVCONTAINER, range, ({ isPreferred }) => isPreferred === true);
      const editor = await vscode.window.showTextDocument(document);
      editor.selection = new vscode.Selection(range.start, range.start);
      // "Auto Fix", one key: what the menu does with its first entry.
      await vscode.commands.executeCommand('editor.action.autoFix');
      await sampleIsRepaired();
      await until(
        'the profile on disk',
        async () => (await exists(PROFILE)) && (await textOf(PROFILE)).endsWith('}\n'),
      );
      await until('devcontainer.json on disk', async () => (await textOf(DEVCONTAINER)).includes('seccomp='));
      await until('nothing unsaved', () => vscode.workspace.textDocuments.every(({ isDirty }) => !isDirty));
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand('undo');
      await until('no profile', async () => !(await exists(PROFILE)));
      for (const [file, text] of files) {
        await until(`${file} on disk as it was`, async () => (await textOf(file)) === text);
      }
      await until('nothing unsaved', () => vscode.workspace.textDocuments.every(({ isDirty }) => !isDirty));
      await sampleIsBroken();
    }
    const told = notifications().slice(before);
    assert.deepEqual(
      told.filter(({ severity }) => severity === 'error'),
      [],
    );
    if (process.env['TEST_NOTIFICATIONS'] !== undefined) {
      assert(
        told.some(({ text }) => text.startsWith('Rebuild the container')),
        JSON.stringify(told),
      );
    }
  });

  test('what makes Codex work comes first, then the finding alone, then more, then how to be rid of it', async () => {
    const shown = await titles(DEVCONTAINER, 'seccomp-profile');
    const order = [/^Make Codex work here/, /seccomp profile$/, /^Preview…$/, /^Other ways…$/, /^Disable .* here$/];
    order.push(/^Disable .* in this repository$/, /^Open rule/);
    const places = order.map((pattern) => shown.findIndex((title) => pattern.test(title)));
    assert(!places.includes(-1), shown.join('\n'));
    assert.deepEqual(
      [...places].sort((a, b) => a - b),
      places,
      shown.join('\n'),
    );
  });

  test('“Disable … here” puts a comment above the line', async () => {
    for (const [file, rule, comment] of [
      [DEVCONTAINER, 'seccomp-profile', '// codex-sandbox-ignore seccomp-profile: '],
      [DOCKERFILE, 'setuid-missing', '# codex-sandbox-ignore setuid-missing: '],
    ] as const) {
      const document = await open(file);
      const { range } = await problem(file, rule);
      const line = document.lineAt(range.start.line).text;
      await take(file, rule, `Disable ${rule} here`);
      await until('the comment', () => document.getText().includes(comment));
      const at_ = document.positionAt(document.getText().indexOf(comment)).line;
      assert.equal(document.lineAt(at_ + 1).text, line, 'the line itself stays');
      assert.equal(/^\s*/.exec(document.lineAt(at_).text)?.[0], /^\s*/.exec(line)?.[0], 'as far to the right');
    }
  });

  test('“Disable … in this repository” writes it into devcontainer.json', async () => {
    const document = await open(DEVCONTAINER);
    await take(DOCKERFILE, 'setuid-missing', 'Disable setuid-missing in this repository');
    await until('the customization', () => document.getText().includes('"setuid-missing": "off"'));
    assert.match(document.getText(), /"codex-sandbox-check": \{\s*"rules": \{\s*"setuid-missing": "off"/);
    assert.equal(document.getText().match(/\/\//g)?.length, files.get(DEVCONTAINER)?.match(/\/\//g)?.length);
  });

  test('“Remove … from the targets” writes the rest into devcontainer.json, or into the setting that names hosts', async () => {
    const document = await open(DEVCONTAINER);
    await take(DOCKERFILE, 'setuid-missing', 'Remove Ubuntu from the targets');
    await until('the hosts', () => document.getText().includes('"hosts": ["docker-desktop", "docker-linux"]'));
    await restore(files);
    await sampleIsBroken();
    const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('codexSandbox', at(''));
    await settings().update('hosts', ['docker-desktop', 'docker-ubuntu'], vscode.ConfigurationTarget.Workspace);
    try {
      const { range } = await problem(DOCKERFILE, 'setuid-missing');
      const title = 'Remove Ubuntu 24.04 from the targets';
      const [remove] = await actions(DOCKERFILE, range, (action) => action.title === title);
      assert(remove?.command);
      assert.equal(remove.command.arguments, undefined);
      // VS Code resolves the one that is chosen last; here all were.
      const index = (await allActions(DOCKERFILE, range, QuickFix)).findIndex((action) => action.title === title);
      await vscode.commands.executeCommand(
        'vscode.executeCodeActionProvider',
        at(DOCKERFILE),
        range,
        QuickFix.value,
        index + 1,
      );
      await vscode.commands.executeCommand(remove.command.command);
      await until('the setting', () => JSON.stringify(settings().get('hosts')) === '["docker-desktop"]');
    } finally {
      await settings().update('hosts', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  test('“Fix All Problems in This Configuration” fixes the one of the active editor', async () => {
    await open(DOCKERFILE);
    assert.equal(await vscode.commands.executeCommand('codexSandbox.fixAll'), true);
    await sampleIsRepaired();
    await until('the profile on disk', async () => (await exists(PROFILE)) && (await textOf(PROFILE)).endsWith('}\n'));
  });

  test('a fix on save takes the narrowest, and relaxes nothing more once a host works', async () => {
    const kind = vscode.CodeActionKind.SourceFixAll.append('codexSandbox');
    const document = await open(DEVCONTAINER);
    await withSettings(
      { 'files.autoSave': 'off', 'editor.codeActionsOnSave': { [kind.value]: 'explicit' } },
      async () => {
        // docker-desktop works with this, Linux does not.
        await type(document, document.getText().replace(/\{/, '{\n  "securityOpt": ["seccomp=unconfined"],'));
        await rulesBecome(DEVCONTAINER, ['apparmor-profile']);
        await document.save();
        assert(!document.getText().includes('apparmor='));
        assert(rules(DEVCONTAINER).includes('apparmor-profile'));
      },
    );
  });
});
