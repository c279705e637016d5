import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageInspector } from '../../../../src/probe/imageInspector.js';
import { withImages } from '../../../../src/sources/workspace/files.js';
import { isImageReference } from '../../../../src/sources/image/reference.js';
import { readInspectedImage } from '../../../../src/sources/image/inspected.js';
import { readConfigurations } from '../../../../src/sources/configuration/readConfiguration.js';
import { memoryFiles } from '../../memoryFiles.js';

const label = (value: unknown, user = ''): string =>
  JSON.stringify({ User: user, Labels: { 'devcontainer.metadata': JSON.stringify(value) } });

suite('sources/inspectedImage', () => {
  test('the label’s entries are merged', () => {
    const entries = [
      { id: 'a', privileged: true, capAdd: ['SYS_PTRACE'], securityOpt: ['seccomp=unconfined'] },
      { init: true, capAdd: ['SYS_PTRACE', 'NET_ADMIN'], remoteUser: 'one', containerUser: 'two' },
      { privileged: false, remoteUser: 'three' },
    ];
    assert.deepEqual(readInspectedImage(label(entries, 'four')), {
      user: 'four',
      metadata: {
        privileged: true,
        init: true,
        capAdd: ['SYS_PTRACE', 'NET_ADMIN'],
        securityOpt: ['seccomp=unconfined'],
        remoteUser: 'three',
        containerUser: 'two',
      },
    });
  });

  test('what is no label says nothing, what is no answer is none', () => {
    const plain = { user: 'root', metadata: {} };
    for (const output of [
      '{}',
      '{"User":"","Labels":null}',
      '{"Labels":{"devcontainer.metadata":"{"}}',
      label([1, 'x', null, { capAdd: 'SYS_PTRACE', remoteUser: 3 }]),
    ]) {
      assert.deepEqual(readInspectedImage(output), plain, output);
    }
    assert.deepEqual(readInspectedImage(label({ remoteUser: 'me' }))?.metadata, { remoteUser: 'me' });
    for (const output of ['', 'Error', '[]', 'null']) assert.equal(readInspectedImage(output), undefined);
  });

  test('it goes before the table, in an image and in a FROM', async () => {
    const files = withImages(
      memoryFiles({
        '.devcontainer/devcontainer.json': '{ "image": "corp/dev:1" }',
        '.devcontainer/b/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }',
        '.devcontainer/b/Dockerfile': 'ARG BASE=corp/dev:1\nFROM ${BASE} AS base\nFROM base\n',
      }),
      (reference) =>
        Promise.resolve(reference === 'corp/dev:1' ? { user: 'corp', metadata: { privileged: true } } : undefined),
    );
    const read = await readConfigurations(files);
    assert.deepEqual(
      read.map(({ container }) => [container.user.value, container.privileged.value, container.distro.value]),
      [
        ['corp', true, undefined],
        ['corp', true, undefined],
      ],
    );
  });
});

suite('sources/imageReference: grammar', () => {
  for (const reference of [
    'debian',
    'debian:12',
    'a/b/c:Tag_1.0-x',
    'localhost:5000/x',
    'Registry.example/x__y/z-1',
    `debian@sha256:${'0'.repeat(64)}`,
  ]) {
    test(`${reference} is one`, () => {
      assert.ok(isImageReference(reference));
    });
  }
  for (const reference of [
    '',
    '-x',
    '--help',
    '--format={{.}}',
    'a b',
    'a;b',
    'a\nb',
    '$(x)',
    'Debian',
    'a:',
    'a//b',
    '../x',
    'a'.repeat(600),
  ]) {
    test(`${JSON.stringify(reference.slice(0, 20))} is none`, () => {
      assert.equal(isImageReference(reference), false);
    });
  }
});

suite('probe/imageInspector', () => {
  let folder = '';
  const log = (): readonly string[] => readFileSync(join(folder, 'log'), 'utf8').split('\n').filter(Boolean);
  /** A docker that takes its arguments down. */
  const program = (at: string, body: string): string => {
    mkdirSync(join(folder, at), { recursive: true });
    const file = join(folder, at, 'docker');
    writeFileSync(file, `#!/bin/sh\necho "$@" >> '${join(folder, 'log')}'\n${body}\n`);
    chmodSync(file, 0o755);
    return join(folder, at);
  };
  setup(() => {
    folder = mkdtempSync(join(tmpdir(), 'codex-sandbox-check-inspect-'));
    writeFileSync(join(folder, 'log'), '');
  });
  teardown(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('asks once, behind --, and never for what is no reference', async () => {
    const PATH = `${program('bin', `echo '${label([{ remoteUser: 'me' }])}'`)}:/usr/bin:/bin`;
    const inspect = imageInspector({ workspaces: [], environment: { PATH } });
    assert.deepEqual(await inspect('debian:12'), { user: 'root', metadata: { remoteUser: 'me' } });
    await inspect('debian:12');
    assert.equal(await inspect('--help'), undefined);
    assert.deepEqual(log(), ['image inspect --format {{json .Config}} -- debian:12']);
  });

  test('never runs a program of the workspace', async () => {
    const PATH = `${program('workspace/bin', 'echo {}')}:/nonexistent`;
    const inspect = imageInspector({ workspaces: [join(folder, 'workspace')], environment: { PATH } });
    assert.equal(await inspect('debian:12'), undefined);
    assert.deepEqual(log(), []);
  });

  test('does not wait for an engine that hangs, and takes an error for no answer', async () => {
    const slow = `${program('slow', 'exec sleep 20')}:/usr/bin:/bin`;
    const since = Date.now();
    const hanging = imageInspector({ workspaces: [], environment: { PATH: slow }, timeLimitMs: 200 });
    assert.equal(await hanging('debian:12'), undefined);
    assert.ok(Date.now() - since < 10_000);
    const wrong = `${program('wrong', 'echo {}; exit 1')}:/usr/bin:/bin`;
    assert.equal(await imageInspector({ workspaces: [], environment: { PATH: wrong } })('debian:12'), undefined);
  });
});
