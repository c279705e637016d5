import assert from 'node:assert/strict';
import { overlay, repair } from '../../../src/cli/repair.js';
import { notes } from '../../../src/cli/repairNotes.js';
import { withImages } from '../../../src/sources/workspace/files.js';
import type { Judgement } from '../../../src/rules/judge.js';
import { workspaceSymlink } from '../../../src/rules/workspaceSymlink.js';
import { judgedIn } from '../judged.js';
import { memoryFiles } from '../memoryFiles.js';

const FILE = '.devcontainer.json';
const HOSTS = ['docker-desktop', 'docker-linux'] as const;

function project(more = '"securityOpt": ["seccomp=unconfined", "apparmor=unconfined"]'): Record<string, string> {
  return { [FILE]: `// A project.\n{\n  "image": "debian:12",\n  "remoteUser": "vscode",\n  ${more}\n}\n` };
}

function judged(links: readonly string[], texts = project(), version?: string): Promise<Judgement> {
  return judgedIn(memoryFiles(texts, links), HOSTS, version);
}

/** The severity, the line and the message. */
function said({ findings }: Judgement): readonly string[] {
  return findings
    .filter(({ rule }) => rule === workspaceSymlink.id)
    .map(({ severity, place, message }) => `${severity} ${place.range.start.line}: ${message}`);
}

suite('rule workspace-symlink', () => {
  test('an error on every host, at the beginning, with the text and the way out', async () => {
    const judgement = await judged(['.git']);
    const path = '/workspaces/…/.git';
    assert.deepEqual(said(judgement), [
      'error 1: Codex cannot run commands: .git is a symbolic link. Make .git a real folder, or a file as git worktree makes it. ' +
        'In workspace-write mode every command that Codex runs in this container fails with ' +
        `“error building bubblewrap command: Fatal error: cannot enforce sandbox read-only path ${path} because it crosses writable symlink ${path}”.`,
    ]);
    assert.deepEqual(
      judgement.predictions.map(({ outcome, gate }) => `${outcome} ${gate ?? ''}`),
      ['fails workspace-entries', 'fails workspace-entries'],
    );
  });

  test('at the line that names the workspace', async () => {
    const basename = '${localWorkspaceFolderBasename}';
    const named = project(`"workspaceFolder": "/workspaces/${basename}"`);
    assert.match(said(await judged(['.codex'], named)).join(), /^error 4: Codex cannot run commands: \.codex is/);
    const mounted = project(
      `"workspaceMount": "source=\${localWorkspaceFolder},target=/workspaces/${basename},type=bind"`,
    );
    assert.match(said(await judged(['.codex'], mounted)).join(), /^error 4/);
  });

  test('all links in one finding, whose headline stays short', async () => {
    const [one = '', ...more] = said(await judged(['.git', '.agents', '.codex', '.aws']));
    assert.deepEqual(more, []);
    assert.match(one, /^error 1: Codex cannot run commands: \.git, \.agents, \.codex and \.aws are symbolic links\. /);
    assert.match(one, /Make \.git a real folder.* Make a real folder of each link, and link what is in it\./);
    assert.ok(one.slice('error 1: '.length, one.indexOf('. Make')).length <= 80);
  });

  test('what this version of Codex minds', async () => {
    assert.match(said(await judged(['.aws'])).join(), /cannot run commands: \.aws is/);
    assert.deepEqual(said(await judged(['.aws'], project(), '0.130.0')), []);
    assert.match(said(await judged(['.aws', '.git'], project(), '0.130.0')).join(), /cannot run commands: \.git is/);
    assert.deepEqual(said(await judged(['.git'], project(), '0.121.0')), []);
  });

  test('what the second Codex minds, where the files install two', async () => {
    const dockerfile = 'FROM debian:12\nRUN npm install -g @openai/codex@0.130.0\n';
    const json = `{ "build": { "dockerfile": "Dockerfile" }, "customizations": { "vscode": { "extensions": ["openai.chatgpt"] } } }`;
    const [one = ''] = said(await judged(['.aws'], { '.devcontainer.json': json, Dockerfile: dockerfile }));
    assert.match(one, /^error 0: Codex cannot run commands: \.aws is a symbolic link\..* This is about the Codex of/);
  });

  test('not in a mode that only reads, and a remark while the sandbox is off', async () => {
    const mode = (value: string): Record<string, string> => ({
      ...project(),
      '.codex/config.toml': `sandbox_mode = "${value}"\n`,
    });
    assert.deepEqual(said(await judged(['.git'], mode('read-only'))), []);
    assert.match(said(await judged(['.git'], mode('danger-full-access'))).join(), /^info 1: sandbox_mode switches/);
  });

  test('what comes behind it is found, and says what hides it', async () => {
    const { findings } = await judged(['.git'], project('"init": true'));
    const seccomp = findings.find(({ rule }) => rule === 'seccomp-profile');
    assert.match(seccomp?.message ?? '', /nce the link in the workspace folder no longer stands in the way/);
  });

  test('a repair opens the rest, and does not claim that Codex works then', async () => {
    const files = memoryFiles(project('"init": true'), ['.git']);
    const judge = (some: typeof files): Promise<Judgement> => judgedIn(some, HOSTS);
    const [first] = (await judge(files)).repairs().fixes();
    assert.match(first?.title ?? '', /^Open what is known to stop Codex here on docker-desktop/);
    const done = await repair(files, new Map(), judge);
    assert.deepEqual(
      done.after.predictionsOfFiles.map(({ outcome }) => outcome),
      ['works', 'works'],
    );
    assert.match(
      notes(done, { hostsNamed: true, verbose: false, counts: () => true }).lines.join('\n'),
      /^fails on .*a protected folder of the workspace is a symbolic link\. Change the workspace folder/m,
    );
    const without = await repair(memoryFiles(project('"init": true')), new Map(), judge);
    assert.match(without.applied[0]?.title ?? '', /^Make Codex work here on/);
  });

  test('files put over others still tell of links', async () => {
    const files = memoryFiles(project(), ['.git']);
    for (const other of [withImages(files, () => Promise.resolve(undefined)), overlay(files, new Map())]) {
      assert.equal(said(await judgedIn(other, HOSTS)).length, 1);
    }
  });
});
