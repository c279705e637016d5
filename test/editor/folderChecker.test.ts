import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { entriesOf } from '../../src/editor/entries.js';
import { FolderChecker } from '../../src/editor/folderChecker.js';
import { workspaceFiles } from '../../src/editor/workspaceFiles.js';
import type { WorkspaceFiles } from '../../src/sources/workspace/files.js';
import { nodeFiles } from '../../src/sources/workspace/nodeFiles.js';
import { aMoment, ruleOf, until } from './support.js';

suite('A workspace folder', () => {
  let path: string;
  let folder: vscode.WorkspaceFolder;
  let log: vscode.LogOutputChannel;

  setup(() => {
    path = mkdtempSync(join(tmpdir(), 'folder-'));
    folder = { uri: vscode.Uri.file(path), name: 'other', index: 1 };
    log = vscode.window.createOutputChannel('Codex Sandbox under test', { log: true });
  });

  teardown(() => {
    log.dispose();
    rmSync(path, { recursive: true, force: true });
  });

  async function check(files: WorkspaceFiles): Promise<readonly string[]> {
    const checker = new FolderChecker(folder, files, log, undefined, () => undefined);
    await checker.checkNow();
    checker.dispose();
    return entriesOf({ folder: folder.uri, files }, checker.checked, undefined, () => undefined).map(
      ({ uri, diagnostic }) => `${uri.path.slice(folder.uri.path.length)} ${ruleOf(diagnostic)}`,
    );
  }

  test('is judged by itself, in a second folder of a workspace as in the first', async () => {
    writeFileSync(join(path, '.devcontainer.json'), '{ "image": "debian:12", "remoteUser": "vscode" }');
    const found = await check(workspaceFiles(folder.uri, nodeFiles));
    assert(found.includes('/.devcontainer.json seccomp-profile'), found.join());
  });

  test('is read through VS Code’s file system where there is no disk', async () => {
    writeFileSync(join(path, '.devcontainer.json'), '{ "image": "debian:12", "remoteUser": "vscode" }');
    const files = workspaceFiles(folder.uri, undefined);
    const found = await check(files);
    assert(found.includes('/.devcontainer.json seccomp-profile'), found.join());
    assert.deepEqual(await files.read('../elsewhere'), { kind: 'outside' });
    assert.deepEqual(await files.read('no/such/file'), { kind: 'missing' });
    writeFileSync(join(path, 'large'), 'x'.repeat(1024 * 1024 + 1));
    assert.deepEqual(await files.read('large'), { kind: 'too-large', bytes: 1024 * 1024 + 1 });
    assert.equal((await files.read('.')).kind, 'unreadable');
  });

  test('a link that leads out of it is not followed, not even when its target is open in an editor', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'outside-'));
    try {
      writeFileSync(join(outside, 'Dockerfile'), 'FROM debian:12\n');
      symlinkSync(join(outside, 'Dockerfile'), join(path, 'Dockerfile'));
      const files = workspaceFiles(folder.uri, nodeFiles);
      await vscode.workspace.openTextDocument(join(path, 'Dockerfile'));
      assert.deepEqual(await files.read('Dockerfile'), { kind: 'outside' });
    } finally {
      rmSync(outside, { recursive: true, force: true });
    }
  });

  test('a link among what Codex protects is found, with a disk and through VS Code’s file system', async () => {
    writeFileSync(join(path, '.devcontainer.json'), '{ "image": "debian:12" }');
    mkdirSync(join(path, 'real'));
    symlinkSync('real', join(path, '.agents'));
    for (const disk of [nodeFiles, undefined]) {
      const found = await check(workspaceFiles(folder.uri, disk));
      assert(found.includes('/.devcontainer.json workspace-symlink'), found.join());
    }
    symlinkSync('nowhere', join(path, '.git'));
    const files = workspaceFiles(folder.uri, undefined);
    const asked = ['.agents', 'real', 'none', '../outside'].map(async (file) => files.isLink?.(file));
    assert.deepEqual(await Promise.all(asked), [true, false, false, false]);
  });

  test('an error of the extension itself is one diagnostic and does not end it', async () => {
    const broken: WorkspaceFiles = {
      read: (file) =>
        file === '.devcontainer.json'
          ? Promise.reject(new Error('a parser threw'))
          : Promise.resolve({ kind: 'missing' }),
      folders: () => Promise.resolve([]),
    };
    assert.deepEqual(await check(broken), ['/.devcontainer.json internal-error']);
  });

  suite('judges again what a change concerns and nothing else', () => {
    const DOCKERFILE = 'FROM debian:12\n';
    const own = (name: string): string => `.devcontainer/${name}/devcontainer.json`;
    let judged: string[];
    let checker: FolderChecker;

    setup(async () => {
      judged = [];
      write('docker/Dockerfile', DOCKERFILE);
      write(own('a'), '{ "build": { "dockerfile": "../../docker/Dockerfile" } }');
      write(
        own('b'),
        '{ "build": { "dockerfile": "../../docker/Dockerfile" }, "runArgs": ["--security-opt=seccomp=later.json"] }',
      );
      write(own('c'), '{ "image": "debian:12" }');
      write(own('d'), '{ "dockerComposeFile": "../../compose.yaml", "service": "x", "features": { "./own": {} } }');
      write('compose.yaml', 'services:\n  x:\n    extends: { file: base/common.yaml, service: y }\n');
      write('base/common.yaml', 'services:\n  y:\n    image: debian:${RELEASE:-12}\n');
      write('.devcontainer/d/own/devcontainer-feature.json', '{ "id": "own" }');
      const disk = nodeFiles(path);
      const files: WorkspaceFiles = {
        ...disk,
        read(file) {
          if (file.endsWith('devcontainer.json')) judged.push(file);
          return disk.read(file);
        },
      };
      checker = new FolderChecker(folder, files, log, undefined, () => undefined);
      await checker.checkNow();
      judged.length = 0;
    });

    teardown(() => {
      checker.dispose();
    });

    function write(file: string, text: string): void {
      mkdirSync(dirname(join(path, file)), { recursive: true });
      writeFileSync(join(path, file), text);
    }

    /** These and no others, once the pause is over; what is judged is read one after the other. */
    async function judgedAre(files: readonly string[]): Promise<void> {
      await until(`${files.join()} judged`, () => files.every((file) => judged.includes(file)));
      await aMoment();
      assert.deepEqual([...new Set(judged)].sort(), files);
    }

    const changes: readonly (readonly [string, readonly string[]])[] = [
      ['docker/Dockerfile', ['a', 'b']],
      ['docker', ['a', 'b']],
      ['later.json', ['b']],
      [own('c'), ['c']],
      ['.codex/config.toml', ['a', 'b', 'c', 'd']],
      // Nothing says where the service of the last one has its workspace.
      ['.agents', ['a', 'b', 'c']],
      ['compose.yaml', ['d']],
      ['base/common.yaml', ['d']],
      ['.env', ['d']],
      ['.devcontainer/d/own/devcontainer-feature.json', ['d']],
      ['.devcontainer/d/own/install.sh', ['d']],
      ['.devcontainer/d/own', ['d']],
      ['compose.override.yaml', []],
      ['docker/other.Dockerfile', []],
      ['README.md', []],
      ['.devcontainer/a/notes.txt', []],
      ['devcontainer.json', []],
      ['.devcontainer/notes', []],
    ];
    for (const [file, configurations] of changes) {
      test(`${file} concerns ${configurations.join(', ') || 'none'}`, async () => {
        checker.touched(vscode.Uri.joinPath(folder.uri, file));
        await judgedAre(configurations.map(own));
      });
    }

    test('what comes or goes in .devcontainer may be a folder of a configuration', async () => {
      checker.touched(vscode.Uri.joinPath(folder.uri, '.devcontainer/notes'), true);
      const all = ['a', 'b', 'c', 'd'].map(own);
      await judgedAre(['.devcontainer.json', ...all, '.devcontainer/devcontainer.json']);
    });
  });
});
