import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { hostsOf } from '../../src/editor/hosts.js';
import {
  at,
  DEVCONTAINER,
  DOCKERFILE,
  open,
  problem,
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
    .filter((text) => text.includes('| Host |'));
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

  test('shows the verdict by host where the configuration says what its container is made of', async () => {
    await sampleIsBroken();
    const document = await open(DEVCONTAINER);
    const build = document.positionAt(document.getText().indexOf('"build"') + 2);
    const texts = await until('a hover', async () => {
      const all = await hovers(DEVCONTAINER, build);
      return all.length > 0 ? all : undefined;
    });
    assert.equal(texts.length, 1, 'one table, although there are findings on the same place');
    const [text = ''] = texts;
    assert.match(text, /Codex .*devcontainer/);
    assert.match(text, /\| docker\\-desktop \| \*\*fails\*\* \| `seccomp-userns` \| {2}\|/);
    assert.match(text, /\| docker\\-ubuntu \| \*\*fails\*\* \| `seccomp-userns` \| `apparmor`, `loopback` \|/);
    const name = document.positionAt(document.getText().indexOf('"name"') + 2);
    assert.deepEqual(await hovers(DEVCONTAINER, name), []);
  });

  test('also on the line at fault in a Dockerfile', async () => {
    await sampleIsBroken();
    await open(DOCKERFILE);
    const { range } = await problem(DOCKERFILE, 'setuid-missing');
    assert.equal((await hovers(DOCKERFILE, range.start)).length, 1);
  });

  test('also where everything works', async () => {
    await sampleIsBroken();
    const document = await open(DEVCONTAINER);
    await type(document, '{\n  "image": "debian:12",\n  "privileged": true\n}\n');
    await until('a table in which it works', async () =>
      (await hovers(DEVCONTAINER, new vscode.Position(1, 4))).some((text) =>
        text.includes('docker\\-ubuntu | works |'),
      ),
    );
  });

  test('this machine as a host: judged, and the hover says what was seen of it', async () => {
    await sampleIsBroken();
    const document = await open(DEVCONTAINER);
    const build = document.positionAt(document.getText().indexOf('"build"') + 2);
    await vscode.workspace.getConfiguration('codexSandbox', at('')).update('hosts', ['local']);
    // Whether it fails depends on the engine that this machine has.
    await until('a table of this machine alone', async () =>
      (await hovers(DEVCONTAINER, build)).some(
        (text) =>
          /\| local \| (\*\*fails\*\*|works|unknown) \|[^]*This machine/.test(text) && !text.includes('docker\\-'),
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
