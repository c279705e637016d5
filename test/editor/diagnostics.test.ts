import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  DEVCONTAINER,
  DOCKERFILE,
  aMoment,
  at,
  open,
  pause,
  problem,
  problems,
  remove,
  restore,
  ruleOf,
  rules,
  rulesBecome,
  sampleIsBroken,
  snapshot,
  textOf,
  type,
  until,
  write,
} from './support.js';

suite('Diagnostics', () => {
  let files: ReadonlyMap<string, string>;

  suiteSetup(async () => {
    files = await snapshot();
  });

  teardown(async () => {
    await restore(files);
    await vscode.workspace.getConfiguration('codexSandbox').update('hosts', undefined);
    await vscode.workspace.getConfiguration('codexSandbox').update('enable', undefined);
    await vscode.workspace.getConfiguration('codexSandbox').update('rules', undefined);
  });

  test('the sample fails on all hosts because of seccomp and on some because of AppArmor and Ubuntu', async () => {
    await sampleIsBroken();
    // What another suite has typed may still be told of at its old place.
    const document = await open(DEVCONTAINER);
    const seccomp = await until('the finding at its place', async () => {
      const found = await problem(DEVCONTAINER, 'seccomp-profile');
      return /build|dockerfile/i.test(document.getText(found.range)) ? found : undefined;
    });
    const apparmor = await problem(DEVCONTAINER, 'apparmor-profile');
    const ubuntu = await problem(DEVCONTAINER, 'ubuntu-userns');
    assert.equal(seccomp.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(apparmor.severity, vscode.DiagnosticSeverity.Warning);
    assert.equal(ubuntu.severity, vscode.DiagnosticSeverity.Information, 'nobody named the host');
    assert.match(seccomp.message, /blocks user namespaces/);
  });

  test('unsaved text counts', async () => {
    await sampleIsBroken();
    const document = await open(DEVCONTAINER);
    await type(document, document.getText().replace('"name"', '"privileged": true,\n  "name"'));
    await until('no seccomp finding', () => !rules(DEVCONTAINER).includes('seccomp-profile'));
    assert(document.isDirty);
  });

  test('an unsaved Dockerfile counts for the devcontainer.json that uses it', async () => {
    await sampleIsBroken();
    const document = await open(DOCKERFILE);
    // The bubblewrap of Debian 13 needs an unmasked /proc.
    const bwrap = 'RUN apt-get update && apt-get install -y bubblewrap\nUSER $USERNAME';
    await type(
      document,
      document.getText().replace('FROM debian:12', 'FROM debian:13').replace('USER $USERNAME', bwrap),
    );
    await rulesBecome(DOCKERFILE, ['masked-proc']);
  });

  test('quick typing is judged once, when it rests, as it then stands', async () => {
    await sampleIsBroken();
    const document = await open(DEVCONTAINER);
    await aMoment();
    const original = document.getText();
    // Other extensions (JSON's own) speak about the file as well, so only changes of what this one says count.
    const said = (): string => JSON.stringify(problems(DEVCONTAINER).map(({ range, message }) => [range, message]));
    let last = said();
    let changes = 0;
    let slowest = 0;
    const counting = vscode.languages.onDidChangeDiagnostics(() => {
      if (said() !== last) changes++;
      last = said();
    });
    const before = (await problem(DEVCONTAINER, 'seccomp-profile')).range.start.line;
    for (let keys = 1; keys <= 12; keys++) {
      const pressed = performance.now();
      await type(document, '\n'.repeat(keys) + original);
      await pause(20);
      slowest = Math.max(slowest, performance.now() - pressed);
    }
    await until('the finding twelve lines further down', () =>
      problems(DEVCONTAINER).some(({ range }) => range.start.line === before + 12),
    );
    await aMoment();
    counting.dispose();
    // On a machine so busy that a key takes longer than the pause, the text has rested in between.
    if (slowest < 250) assert.equal(changes, 1);
  });

  test('text that breaks off gives a syntax finding where it breaks', async () => {
    // Of a file that is open VS Code's own JSON support says it.
    await write(DEVCONTAINER, '{\n  "image": "debian:12",\n  "runArgs": [\n');
    const syntax = await problem(DEVCONTAINER, 'invalid-file');
    assert(syntax.range.start.line >= 2, `line ${syntax.range.start.line}`);
    await until('the rest judged', () => rules(DEVCONTAINER).includes('seccomp-profile'));
  });

  test('an empty file, an array and a megabyte of brackets are findings, not crashes', async () => {
    for (const text of ['', '[]', '['.repeat(1024 * 1024 - 1)]) {
      await write(DEVCONTAINER, text);
      const begin = text.slice(0, 2);
      await until(`a finding for "${begin}"`, () =>
        rules(DEVCONTAINER).some((rule) => rule === 'invalid-file' || rule === 'unreadable-file'),
      );
      assert(!rules(DEVCONTAINER).includes('internal-error'), begin);
    }
    await restore(files);
    await sampleIsBroken();
  });

  test('lines that end in CRLF have their findings in the same places', async () => {
    const before = (await problem(DEVCONTAINER, 'seccomp-profile')).range;
    // The line in front moves the finding, which tells that the new text was judged.
    await write(DEVCONTAINER, `\r\n${(await textOf(DEVCONTAINER)).replaceAll('\n', '\r\n')}`);
    const after = await until('the finding one line further down', () =>
      problems(DEVCONTAINER).find(
        (one) => ruleOf(one) === 'seccomp-profile' && one.range.start.line === before.start.line + 1,
      ),
    );
    assert.deepEqual(after.range, new vscode.Range(before.start.translate(1), before.end.translate(1)));
  });

  test('a configuration that appears is judged, one that goes is forgotten', async () => {
    const other = '.devcontainer/other/devcontainer.json';
    await write(other, '{ "image": "debian:12" }\n');
    await until('a finding in the new configuration', () => rules(other).includes('seccomp-profile'));
    await remove('.devcontainer/other');
    await until('nothing said about it any more', () => problems(other).length === 0);
    await sampleIsBroken();
  });

  test('a Dockerfile that goes and comes back', async () => {
    const text = await textOf(DOCKERFILE);
    await remove(DOCKERFILE);
    await until('its loss noticed', () => rules(DEVCONTAINER).includes('unreadable-file'));
    await write(DOCKERFILE, text);
    await sampleIsBroken();
  });

  test('a Dockerfile outside the workspace is not read, and that is said', async () => {
    await write(DEVCONTAINER, '{ "build": { "dockerfile": "../../../etc/passwd" } }\n');
    const { message } = await problem(DEVCONTAINER, 'unreadable-file');
    assert.match(message, /outside the workspace/);
  });

  test('the settings choose the hosts, the severity of a rule, and whether to check at all', async () => {
    await sampleIsBroken();
    const settings = vscode.workspace.getConfiguration('codexSandbox', at(''));
    await settings.update('hosts', ['docker-desktop']);
    await rulesBecome(DEVCONTAINER, ['seccomp-profile']);
    await settings.update('rules', { 'seccomp-profile': 'info' });
    await until('the finding as a remark', () =>
      problems(DEVCONTAINER).some(({ severity }) => severity === vscode.DiagnosticSeverity.Information),
    );
    await settings.update('enable', false);
    await rulesBecome(DEVCONTAINER, []);
  });

  test('Codex’s configuration counts: with a network there is nothing to restrict', async () => {
    await sampleIsBroken();
    await write('.codex/config.toml', 'sandbox_mode = "workspace-write\n');
    await until('the broken file noticed', () => rules('.codex/config.toml').includes('invalid-file'));
    await remove('.codex');
    await until('its finding gone', () => problems('.codex/config.toml').length === 0);
  });
});
