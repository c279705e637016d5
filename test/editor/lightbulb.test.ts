import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { waysOf } from '../../src/editor/otherWays.js';
import { ruleChoices } from '../../src/editor/ruleChoices.js';
import { judged } from '../unit/judged.js';
import { memoryFiles } from '../unit/memoryFiles.js';
import {
  actions,
  allActions,
  aMoment,
  apply,
  at,
  DEVCONTAINER,
  DOCKERFILE,
  exists,
  open,
  problem,
  PROFILE,
  restore,
  rulesBecome,
  sampleIsBroken,
  sampleIsRepaired,
  snapshot,
  textOf,
  type,
  until,
  withSettings,
  write,
} from './support.js';

const { QuickFix } = vscode.CodeActionKind;
const WHOLE = new vscode.Range(0, 0, 1000, 0);

/** Hosts for which the sample has one finding: each rule has lines of its own in the menu only where it is alone. */
const ONE_RULE = { 'codexSandbox.hosts': ['docker-desktop'] };

async function take(file: string, rule: string, title: string): Promise<void> {
  const { range } = await problem(file, rule);
  await apply((await actions(file, range, (action) => action.title === title))[0]);
}

/** Chooses a line of the menu that runs a command. VS Code resolves the one that is chosen last; `actions` resolves all. */
async function choose(file: string, rule: string, title: string): Promise<void> {
  const { range } = await problem(file, rule);
  const [action] = await actions(file, range, (one) => one.title === title);
  assert(action?.command);
  assert.equal(action.command.arguments, undefined);
  const count = 1 + (await allActions(file, range, QuickFix)).findIndex((one) => one.title === title);
  const provider = 'vscode.executeCodeActionProvider';
  await vscode.commands.executeCommand(provider, at(file), range, QuickFix.value, count);
  await vscode.commands.executeCommand(action.command.command);
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

  test('what makes Codex work comes first, then the finding alone, then more, then how to be rid of it', async () => {
    const shown = async (): Promise<readonly string[]> => {
      const { range } = await problem(DEVCONTAINER, 'seccomp-profile');
      return (await allActions(DEVCONTAINER, range, QuickFix)).map(({ title }) => title);
    };
    const inOrder = async (...order: readonly RegExp[]): Promise<void> => {
      await until('the menu', async () => (await shown()).some((title) => order.at(-1)?.test(title)));
      const all = await shown();
      const places = order.map((pattern) => all.findIndex((title) => pattern.test(title)));
      assert(!places.includes(-1), all.join('\n'));
      assert.deepEqual(
        [...places].sort((a, b) => a - b),
        places,
        all.join('\n'),
      );
    };
    const first = [/^Make Codex work here/, /seccomp profile$/, /^Preview…$/, /^Other ways…$/];
    await inOrder(...first, /^Disable or open a rule…$/);
    await withSettings(ONE_RULE, async () => {
      await rulesBecome(DEVCONTAINER, ['seccomp-profile']);
      await inOrder(...first, /^Disable .* here$/, /^Disable .* in this repository$/, /^Open rule/);
    });
  });

  test('“Disable … here” puts a comment above the line', async () => {
    await withSettings(ONE_RULE, async () => {
      const text = (files.get(DOCKERFILE) ?? '')
        .replace('debian:12', 'debian:13')
        .replace(' curl ', ' curl bubblewrap ');
      await write(DOCKERFILE, text);
      for (const [file, rule, comment] of [
        [DEVCONTAINER, 'seccomp-profile', '// codex-sandbox-ignore seccomp-profile: '],
        [DOCKERFILE, 'masked-proc', '# codex-sandbox-ignore masked-proc: '],
      ] as const) {
        const document = await open(file);
        const { range } = await problem(file, rule);
        const line = document.lineAt(range.start.line).text;
        await take(file, rule, `Disable ${rule} here`);
        await until('the comment', () => document.getText().includes(comment));
        const place = document.positionAt(document.getText().indexOf(comment)).line;
        assert.equal(document.lineAt(place + 1).text, line, 'the line itself stays');
        assert.equal(/^\s*/.exec(document.lineAt(place).text)?.[0], /^\s*/.exec(line)?.[0], 'as far to the right');
      }
      await restore(files);
    });
  });

  test('“Remove … from the targets” is only for hosts that decide', async () => {
    const sample = { '.devcontainer.json': '{ "image": "debian:12", "remoteUser": "vscode" }' };
    const offered = async (hosts: string | undefined, rule: string): Promise<readonly string[]> => {
      const own = hosts === undefined ? '' : `, "customizations": { "codex-sandbox-check": { "hosts": ${hosts} } }`;
      const judgement = await judged({ '.devcontainer.json': sample['.devcontainer.json'].replace(/ }$/, `${own} }`) });
      const finding = judgement.findings.find((one) => one.rule === rule);
      assert(finding, rule);
      const origin = { folder: at(''), files: memoryFiles(sample) };
      return ruleChoices([{ origin, judgement, finding }]).map(({ title }) => title);
    };
    const remove = (titles: readonly string[]): readonly string[] =>
      titles.filter((title) => title.startsWith('Remove'));
    assert.deepEqual(remove(await offered(undefined, 'ubuntu-userns')), []);
    assert.deepEqual(remove(await offered(undefined, 'apparmor-profile')), ['Remove Linux (Debian) from the targets']);
    assert.equal(remove(await offered('["docker-desktop", "docker-ubuntu"]', 'setuid-missing')).length, 1);
  });

  test('a way that does what the main fix does is not among the others, and each says its changes once', async () => {
    const judgement = await judged({ '.devcontainer.json': '{ "image": "debian:12", "remoteUser": "vscode" }' });
    const [main] = judgement.repairs().fixes().slice(-1);
    assert(main);
    const repairs = (): ReturnType<typeof judgement.repairs> => ({ ...judgement.repairs(), otherWays: () => ways });
    const [way] = judgement.repairs().otherWays();
    assert(way);
    const ways = [{ ...main, title: 'The same' }, way, { ...way, edits: [], details: ['Something else.'] }];
    const shown = waysOf({ ...judgement, repairs }).filter(({ label }) => !label.startsWith('Make Codex work'));
    assert.deepEqual(
      shown.map(({ label }) => label),
      [`${way.title}: ${way.details[0] ?? ''}`, `${way.title}: Something else.`],
    );
    assert.match(shown[0]?.detail ?? '', /^Sets apparmor=unconfined\. Sets seccomp=unconfined\. Costs: [^.]*\. Shows/);
    assert(shown.every(({ description }) => description.includes('Docker Desktop')));
  });

  test('“Disable … in this repository” writes it into devcontainer.json', async () => {
    await withSettings(ONE_RULE, async () => {
      await rulesBecome(DEVCONTAINER, ['seccomp-profile']);
      const document = await open(DEVCONTAINER);
      await take(DEVCONTAINER, 'seccomp-profile', 'Disable seccomp-profile in this repository');
      await until('the customization', () => document.getText().includes('"seccomp-profile": "off"'));
      assert.match(document.getText(), /"codex-sandbox-check": \{\s*"rules": \{\s*"seccomp-profile": "off"/);
      assert.equal(document.getText().match(/\/\//g)?.length, files.get(DEVCONTAINER)?.match(/\/\//g)?.length);
      await restore(files);
    });
  });

  test('“Remove … from the targets” writes the rest into devcontainer.json, or into the setting that names hosts', async () => {
    const document = await open(DEVCONTAINER);
    const text = document.getText().replace('"build"', '"securityOpt": ["seccomp=unconfined"],\n  "build"');
    await type(document, text);
    await rulesBecome(DEVCONTAINER, ['apparmor-profile', 'seccomp-unconfined-needless', 'ubuntu-userns']);
    await document.save();
    const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('codexSandbox', at(''));
    const { Workspace } = vscode.ConfigurationTarget;
    const title = 'Remove Linux (Debian) from the targets';
    await settings().update('hosts', ['docker-desktop', 'docker-linux'], Workspace);
    try {
      await rulesBecome(DEVCONTAINER, ['apparmor-profile', 'seccomp-unconfined-needless']);
      await settings().update('rules', { 'seccomp-unconfined-needless': 'off' }, Workspace);
      await rulesBecome(DEVCONTAINER, ['apparmor-profile']);
      await choose(DEVCONTAINER, 'apparmor-profile', title);
      await until('the setting', () => JSON.stringify(settings().get('hosts')) === '["docker-desktop"]');
    } finally {
      for (const name of ['hosts', 'rules']) await settings().update(name, undefined, Workspace);
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
        await type(document, `${document.getText()}\n`);
        await actions(DEVCONTAINER, WHOLE, () => true, kind);
        await document.save();
        await rulesBecome(DEVCONTAINER, ['apparmor-profile', 'ubuntu-userns']);
        await until('all saved', () => vscode.workspace.textDocuments.every(({ isDirty }) => !isDirty));
        await type(document, `${document.getText()}\n`);
        await document.save();
        await aMoment();
        assert(document.getText().includes('seccomp='));
        assert(!document.getText().includes('apparmor='));
      },
    );
  });
});
