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
      [
        'error 1: Codex cannot run commands: .git is a symbolic link',
        'Make .git a real folder, or a file as "git worktree add" writes it.',
        "Until then, commands run only in Codex's read-only mode.",
        'Fails on Docker Desktop and Linux (Debian).',
        `Error: error building bubblewrap command: Fatal error: cannot enforce sandbox read-only path ${path} because it crosses writable symlink ${path}`,
      ].join('\n'),
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
    assert.match(one, /^error 1: Codex cannot run commands: \.git, \.agents, \.codex and \.aws are symbolic links\n/);
    assert.match(one, /Make \.git a real folder.*\nMake \.agents, \.codex and \.aws real folders\./);
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
    assert.match(one, /^error 0: Codex cannot run commands: \.aws is a symbolic link\n[^]*This concerns the Codex of/);
  });

  test('not in a mode that only reads, nor while the sandbox is off', async () => {
    const mode = (value: string): Record<string, string> => ({
      ...project(),
      '.codex/config.toml': `sandbox_mode = "${value}"\n`,
    });
    assert.deepEqual(said(await judged(['.git'], mode('read-only'))), []);
    assert.deepEqual(said(await judged(['.git'], mode('danger-full-access'))), []);
  });

  test('what comes behind it is found, and says what hides it', async () => {
    const { findings } = await judged(['.git'], project('"init": true'));
    const seccomp = findings.find(({ rule }) => rule === 'seccomp-profile');
    assert.match(seccomp?.message ?? '', /After the workspace link is fixed, commands fail with/);
  });

  test('a repair opens the rest, and does not claim that Codex works then', async () => {
    const files = memoryFiles(project('"init": true'), ['.git']);
    const judge = (some: typeof files): Promise<Judgement> => judgedIn(some, HOSTS);
    const [first] = (await judge(files)).repairs().fixes();
    assert.match(first?.title ?? '', /^Fix the known problems \(1 problem remains\)$/);
    const done = await repair(files, new Map(), judge);
    assert.deepEqual(
      done.after.predictionsOfFiles.map(({ outcome }) => outcome),
      ['works', 'works'],
    );
    assert.match(
      notes(done, { verbose: false, failOn: 'info', shown: (file) => file }).lines.join('\n'),
      /^fails on .*a protected folder such as \.codex is a link or unreadable\. Make /m,
    );
    const without = await repair(memoryFiles(project('"init": true')), new Map(), judge);
    assert.match(without.applied[0]?.title ?? '', /^Make Codex work here/);
  });

  test('files put over others still tell of links', async () => {
    const files = memoryFiles(project(), ['.git']);
    for (const other of [withImages(files, () => Promise.resolve(undefined)), overlay(files, new Map())]) {
      assert.equal(said(await judgedIn(other, HOSTS)).length, 1);
    }
  });
});
