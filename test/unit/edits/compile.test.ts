import assert from 'node:assert/strict';
import type { Change, TextEdit } from '../../../src/edits/changes/change.js';
import { compile } from '../../../src/edits/compile.js';
import type { Configuration } from '../../../src/sources/configuration/configuration.js';
import type { WorkspaceFiles } from '../../../src/sources/workspace/files.js';
import { readConfigurations } from '../../../src/sources/configuration/readConfiguration.js';
import { applyAll } from '../appliedEdits.js';

type Files = Readonly<Record<string, string>>;

const SECCOMP: Change = { kind: 'security-opt', key: 'seccomp', value: 'unconfined' };
const INSTALL: Change = { kind: 'install-bwrap', setuid: false };
const DEVCONTAINER = '.devcontainer/devcontainer.json';
const DOCKERFILE = '.devcontainer/Dockerfile';
const BUILD = '{ "build": { "dockerfile": "Dockerfile" } }';

function inMemory(files: Files): WorkspaceFiles {
  return {
    read: (path) => {
      const text = files[path];
      return Promise.resolve(text === undefined ? { kind: 'missing' } : { kind: 'text', text });
    },
    folders: () => Promise.resolve([]),
  };
}

async function configurationOf(files: Files): Promise<Configuration> {
  const [configuration] = await readConfigurations(inMemory(files));
  assert.ok(configuration);
  return configuration;
}

/** The files after the changes, which must not change them a second time. */
async function changed(files: Files, ...changes: readonly Change[]): Promise<Files | undefined> {
  const edits = compile(changes, await configurationOf(files))?.edits;
  if (!edits) return undefined;
  assertSorted(edits);
  const after = Object.fromEntries(applyAll(new Map(Object.entries(files)), edits));
  assert.deepEqual(compile(changes, await configurationOf(after))?.edits, [], JSON.stringify(after, null, 2));
  return after;
}

function assertSorted(edits: readonly TextEdit[]): void {
  edits.slice(1).forEach((edit, index) => {
    const before = edits[index]!;
    if (before.file !== edit.file) return;
    const [a, b] = [before.range.end, edit.range.start];
    assert.ok(a.line < b.line || (a.line === b.line && a.character < b.character), JSON.stringify(edits));
  });
}

suite('compile', () => {
  test('several files at once', async () => {
    const profile = '{}\n';
    const after = await changed(
      { [DEVCONTAINER]: BUILD, [DOCKERFILE]: 'FROM debian:12\n' },
      { kind: 'create-file', file: '.devcontainer/seccomp.json', text: profile },
      { kind: 'security-opt', key: 'seccomp', value: '${localWorkspaceFolder}/.devcontainer/seccomp.json' },
      INSTALL,
      { kind: 'add-capability', capability: 'SYS_ADMIN' },
    );
    assert.equal(after?.['.devcontainer/seccomp.json'], profile);
    assert.equal(
      after[DEVCONTAINER],
      '{ "build": { "dockerfile": "Dockerfile" }, "capAdd": ["SYS_ADMIN"], ' +
        '"securityOpt": ["seccomp=${localWorkspaceFolder}/.devcontainer/seccomp.json"] }',
    );
    assert.match(after[DOCKERFILE] ?? '', /install -y --no-install-recommends bubblewrap/);
  });

  test('an image gets a Dockerfile', async () => {
    const after = await changed(
      { [DEVCONTAINER]: '{\n  "image": "debian:12", // the base\n  "remoteUser": "dev"\n}\n' },
      { kind: 'install-bwrap', setuid: true },
      SECCOMP,
    );
    assert.deepEqual(after, {
      [DEVCONTAINER]:
        '{\n  "build": { "dockerfile": "Dockerfile" }, // the base\n  "securityOpt": ["seccomp=unconfined"],\n  "remoteUser": "dev"\n}\n',
      [DOCKERFILE]:
        'FROM debian:12\n\nRUN apt-get update \\\n    && apt-get install -y --no-install-recommends bubblewrap \\\n' +
        '    && rm -rf /var/lib/apt/lists/* \\\n    && chmod u+s /usr/bin/bwrap\n',
    });
  });

  test('an image whose user is not root', async () => {
    const after = await changed(
      { [DEVCONTAINER]: '{ "image": "mcr.microsoft.com/devcontainers/universal:4-noble" }' },
      INSTALL,
    );
    assert.match(after?.[DOCKERFILE] ?? '', /USER root\nRUN [^]*\nUSER codespace\n$/);
  });

  test('a configuration in the root folder', async () => {
    const after = await changed({ '.devcontainer.json': '{"image":"debian:12"}' }, INSTALL);
    assert.equal(after?.['.devcontainer.json'], '{"build":{"dockerfile":".devcontainer/Dockerfile"}}');
    assert.ok(after[DOCKERFILE]);
  });

  test('a Dockerfile that is there is not overwritten', async () => {
    const configuration = await configurationOf({ [DEVCONTAINER]: '{ "image": "debian:12" }' });
    const texts = new Map([...configuration.texts, [DOCKERFILE, 'FROM scratch\n']]);
    const edits = compile([INSTALL], { ...configuration, texts })?.edits;
    assert.deepEqual(
      edits?.map(({ file, newText }) => [file, newText.split('\n')[0]]),
      [
        ['.devcontainer/Dockerfile.codex', 'FROM debian:12'],
        [DEVCONTAINER, '"build": { "dockerfile": "Dockerfile.codex" }'],
      ],
    );
    const both = new Map([...texts, ['.devcontainer/Dockerfile.codex', 'FROM scratch\n']]);
    assert.equal(compile([INSTALL], { ...configuration, texts: both }), undefined);
  });

  test('a file that is there is created only if it is the same', async () => {
    const configuration = await configurationOf({ [DEVCONTAINER]: '{ "image": "debian:12" }' });
    const texts = new Map([...configuration.texts, ['x', 'one']]);
    const create = (text: string): Change => ({ kind: 'create-file', file: 'x', text });
    assert.deepEqual(compile([create('one')], { ...configuration, texts })?.edits, []);
    assert.equal(compile([create('two')], { ...configuration, texts }), undefined);
  });

  test('the target and the build arguments of devcontainer.json', async () => {
    const after = await changed(
      {
        [DEVCONTAINER]: '{ "build": { "dockerfile": "Dockerfile", "target": "dev", "args": { "BASE": "debian:12" } } }',
        [DOCKERFILE]: 'ARG BASE\nFROM $BASE AS dev\nFROM alpine:3.20\n',
      },
      INSTALL,
    );
    assert.match(after?.[DOCKERFILE] ?? '', /AS dev\nRUN apt-get[^]*\nFROM alpine:3\.20\n$/);
  });

  test('bubblewrap goes out of the Dockerfile', async () => {
    const after = await changed(
      { [DEVCONTAINER]: BUILD, [DOCKERFILE]: 'FROM debian:12\nRUN apt-get install -y git bubblewrap\n' },
      { kind: 'remove-bwrap' },
    );
    assert.equal(after?.[DOCKERFILE], 'FROM debian:12\nRUN apt-get install -y git\n');
  });

  test('where the image overrules runArgs, securityOpt has to say it', async () => {
    const after = await changed(
      {
        [DEVCONTAINER]:
          '{ "image": "mcr.microsoft.com/devcontainers/go:1-bookworm", "runArgs": ["--security-opt=seccomp=a.json"] }',
      },
      { kind: 'security-opt', key: 'seccomp', value: 'b.json' },
    );
    assert.equal(
      after?.[DEVCONTAINER],
      '{ "image": "mcr.microsoft.com/devcontainers/go:1-bookworm", "securityOpt": ["seccomp=b.json"] }',
    );
  });

  const impossible: readonly (readonly [title: string, files: Files, change: Change])[] = [
    ['Compose', { [DEVCONTAINER]: '{ "dockerComposeFile": "compose.yml", "service": "x" }' }, SECCOMP],
    ['bubblewrap with Compose', { [DEVCONTAINER]: '{ "dockerComposeFile": "compose.yml" }' }, INSTALL],
    ['a Dockerfile that is not there', { [DEVCONTAINER]: BUILD }, INSTALL],
    ['a Dockerfile outside', { [DEVCONTAINER]: '{ "build": { "dockerfile": "../../Dockerfile" } }' }, INSTALL],
    ['an unknown image', { [DEVCONTAINER]: '{ "image": "example.com/a" }' }, INSTALL],
    ['broken JSON', { [DEVCONTAINER]: '{ "image": "debian:12"' }, SECCOMP],
    ['no object', { [DEVCONTAINER]: '[]' }, SECCOMP],
    ['no definition', { [DEVCONTAINER]: '{}' }, INSTALL],
    [
      'bubblewrap from a lifecycle command',
      { [DEVCONTAINER]: '{ "image": "debian:12", "postCreateCommand": "apt-get install -y bubblewrap" }' },
      { kind: 'remove-bwrap' },
    ],
    [
      'bubblewrap from a lifecycle command beside a Dockerfile',
      {
        [DEVCONTAINER]:
          '{ "build": { "dockerfile": "Dockerfile" }, "postCreateCommand": "apt-get install -y bubblewrap" }',
        [DOCKERFILE]: 'FROM debian:12\n',
      },
      { kind: 'remove-bwrap' },
    ],
  ];
  for (const [title, files, change] of impossible) {
    test(`cannot be made: ${title}`, async () => {
      assert.equal(compile([change], await configurationOf(files)), undefined);
    });
  }

  test('nothing to do', async () => {
    const configuration = await configurationOf({ [DEVCONTAINER]: '{ "image": "debian:12" }' });
    const none: readonly Change[] = [
      { kind: 'remove-bwrap' },
      { kind: 'remove-setuid' },
      { kind: 'remove-privileged' },
      { kind: 'remove-security-opt', key: 'no-new-privileges' },
    ];
    assert.deepEqual(compile(none, configuration)?.edits, []);
    assert.deepEqual(compile([], configuration)?.edits, []);
  });
});
