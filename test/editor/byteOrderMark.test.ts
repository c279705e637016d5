import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { prepareEdit } from '../../src/editor/workspaceEdits.js';
import { workspaceFiles } from '../../src/editor/workspaceFiles.js';
import { HOSTS } from '../../src/model/host.js';
import { judge } from '../../src/rules/judge.js';
import { nodeFiles } from '../../src/sources/workspace/nodeFiles.js';
import { readConfigurations } from '../../src/sources/configuration/readConfiguration.js';
import { until } from './support.js';

const MARK = '\uFEFF';
const FILE = '.devcontainer.json';
const RELAXED = '{ "image": "debian:12", "securityOpt": ["seccomp=./own.json"] }\n';

suite('A byte order mark', () => {
  let path: string;
  let folder: vscode.Uri;

  setup(() => {
    path = mkdtempSync(join(tmpdir(), 'mark-'));
    folder = vscode.Uri.file(path);
  });

  teardown(() => {
    rmSync(path, { recursive: true, force: true });
  });

  test('is told of, whether the file is open, on disk or in VS Code’s file system', async () => {
    writeFileSync(join(path, 'own.json'), `${MARK}{}`);
    writeFileSync(join(path, 'plain.json'), '{}');
    const marked = { kind: 'text', text: '{}', byteOrderMark: true };
    for (const files of [workspaceFiles(folder, nodeFiles), workspaceFiles(folder, undefined)]) {
      assert.deepEqual(await files.read('own.json'), marked);
      assert.deepEqual(await files.read('plain.json'), { kind: 'text', text: '{}' });
    }
    for (const name of ['own.json', 'plain.json']) {
      await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, name));
    }
    for (const files of [workspaceFiles(folder, nodeFiles), workspaceFiles(folder, undefined)]) {
      assert.deepEqual(await files.read('own.json'), marked);
      assert.deepEqual(await files.read('plain.json'), { kind: 'text', text: '{}' });
    }
  });

  test('in a seccomp profile that is open is what keeps the container from starting', async () => {
    writeFileSync(join(path, FILE), RELAXED);
    writeFileSync(join(path, 'own.json'), `${MARK}{ "defaultAction": "SCMP_ACT_ALLOW" }`);
    await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, 'own.json'));
    const [configuration] = await readConfigurations(workspaceFiles(folder, nodeFiles));
    assert(configuration);
    const { findings } = judge(configuration, { hosts: [HOSTS['docker-desktop']] });
    const invalid = findings.find(({ rule }) => rule === 'seccomp-profile-invalid');
    assert.match(invalid?.message ?? '', /byte order mark/);
  });

  test('stays where it is when a fix changes the file behind it', async () => {
    writeFileSync(join(path, FILE), `${MARK}{ "image": "debian:12" }\n`);
    const uri = vscode.Uri.joinPath(folder, FILE);
    const files = workspaceFiles(folder, nodeFiles);
    const [configuration] = await readConfigurations(files);
    assert(configuration);
    const { findings, fixesOf } = judge(configuration, { hosts: [HOSTS['docker-desktop']] });
    const fix = findings.flatMap(fixesOf).find(({ edits }) => edits.every(({ file }) => file === FILE));
    assert(fix);
    const prepared = await prepareEdit({ folder, files }, configuration.texts, fix.edits);
    assert(prepared);
    assert(await vscode.workspace.applyEdit(prepared.edit));
    const document = await vscode.workspace.openTextDocument(uri);
    await document.save();
    const saved = await until('the saved file', () => {
      const text = readFileSync(join(path, FILE), 'utf8');
      return text.includes('seccomp') ? text : undefined;
    });
    assert.equal(saved, `${MARK}{ "image": "debian:12", "securityOpt": ["seccomp=unconfined"] }\n`);
  });
});
