import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { LINKED } from '../../src/editor/hover.js';
import { hostsOf } from '../../src/editor/hosts.js';
import {
  at,
  DEVCONTAINER,
  DOCKERFILE,
  open,
  problems,
  restore,
  sampleIsBroken,
  snapshot,
  type,
  until,
} from './support.js';

/** The texts of this extension's hovers at a place. */
async function hovers(file: string, position: vscode.Position): Promise<readonly string[]> {
  const found = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', at(file), position);
  return found
    .flatMap(({ contents }) => contents)
    .flatMap((content) => (content instanceof vscode.MarkdownString ? content.value : []))
    .filter((text) => text.includes('Codex sandbox\\:'));
}

suite('The hover', () => {
  let files: ReadonlyMap<string, string>;

  suiteSetup(async () => {
    files = await snapshot();
  });

  teardown(async () => {
    await vscode.workspace.getConfiguration('codexSandbox', at('')).update('hosts', undefined);
    await restore(files);
  });

  test('says the verdict, what it means and where to go on, where the configuration says what its container is made of', async () => {
    await sampleIsBroken();
    const document = await open(DEVCONTAINER);
    const build = document.positionAt(document.getText().indexOf('"build"') + 2);
    const texts = await until('a hover', async () => {
      const all = await hovers(DEVCONTAINER, build);
      return all.length > 0 ? all : undefined;
    });
    assert.equal(texts.length, 1, 'one verdict, although there are findings on the same place');
    const [verdict = '', meaning = '', links = '', ...rest] = (texts[0] ?? '').split('\n\n');
    assert.match(verdict, /^\*\*Codex sandbox\\: fails on Docker Desktop/);
    assert.match(meaning, /^First obstacle\\: .*blocks user namespaces\\\. The prediction .*devcontainer\\\.json\\\.$/);
    assert.match(
      links,
      /^\[Rule seccomp\\-profile\]\(command:codexSandbox\.openRule\?.*\[Report\].*\[Probe\]\(command:[^)]*\)$/,
    );
    assert.deepEqual(rest, []);
    const name = document.positionAt(document.getText().indexOf('"name"') + 2);
    assert.deepEqual(await hovers(DEVCONTAINER, name), []);
  });

  test('also on the line at fault in a Dockerfile', async () => {
    await sampleIsBroken();
    const document = await open(DOCKERFILE);
    await type(
      document,
      'FROM debian:12\nRUN apt-get install -y bubblewrap && chmod u+s /usr/bin/bwrap\nUSER vscode\n',
    );
    const { range } = await until('a fault of the Dockerfile', () => problems(DOCKERFILE)[0]);
    const [text = '', ...more] = await hovers(DOCKERFILE, range.start);
    assert.match(text, /^\*\*Codex sandbox\\: fails/);
    assert.deepEqual(more, []);
  });

  test('also where everything works', async () => {
    await sampleIsBroken();
    const document = await open(DEVCONTAINER);
    await type(document, '{\n  "image": "debian:12",\n  "privileged": true\n}\n');
    await until('a verdict that it works', async () =>
      (await hovers(DEVCONTAINER, new vscode.Position(1, 4))).some(
        (text) => text.includes('Codex sandbox\\: works on') && text.includes('Nothing needs to change'),
      ),
    );
  });

  test('its links run our own commands alone, and text of files makes no link', async () => {
    await sampleIsBroken();
    const document = await open(DEVCONTAINER);
    const build = document.positionAt(document.getText().indexOf('"build"') + 2);
    const content = await until('a hover', async () => {
      const found = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        at(DEVCONTAINER),
        build,
      );
      return found
        .flatMap(({ contents }) => contents)
        .find((one) => one instanceof vscode.MarkdownString && one.value.includes('Codex sandbox'));
    });
    assert(content instanceof vscode.MarkdownString && typeof content.isTrusted === 'object');
    assert.deepEqual([...content.isTrusted.enabledCommands], [...LINKED]);
    const known = await vscode.commands.getCommands(true);
    for (const command of LINKED) assert(known.includes(command), command);
  });

  test('this machine as a host: judged, and the hover says what was seen of it', async () => {
    await sampleIsBroken();
    const document = await open(DEVCONTAINER);
    const build = document.positionAt(document.getText().indexOf('"build"') + 2);
    await vscode.workspace.getConfiguration('codexSandbox', at('')).update('hosts', ['local']);
    // Whether it fails depends on the engine that this machine has.
    await until('a verdict on this machine alone', async () =>
      (await hovers(DEVCONTAINER, build)).some((text) =>
        /\*\*Codex sandbox\\: (fails|works|unknown) on this machine\*\*/.test(text),
      ),
    );
  });

  test('a browser has no machine: local is left out, and alone it means the defaults', async () => {
    const names = async (wanted: Parameters<typeof hostsOf>[0]) =>
      (await hostsOf(wanted, undefined)).map(({ name }) => name);
    assert.deepEqual(await names(['podman', 'local']), ['podman']);
    assert.deepEqual(await names(['local']), [
      'docker-desktop',
      'docker-linux',
      'docker-ubuntu',
      'docker-ubuntu-bwrap-profile',
    ]);
  });
});
