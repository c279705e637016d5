import assert from 'node:assert/strict';
import type { Judgement } from '../../../src/rules/judge.js';
import { applyAll } from '../appliedEdits.js';
import { judged } from '../judged.js';

type Files = Readonly<Record<string, string>>;

const FILES: Files = {
  '.devcontainer/devcontainer.json':
    '{ "build": { "dockerfile": "Dockerfile" }, "remoteUser": "dev", "securityOpt": ["seccomp=unconfined"] }',
  '.devcontainer/Dockerfile':
    'FROM debian:12\nRUN apt-get update && apt-get install -y bubblewrap curl\nRUN useradd -m dev\n',
};

async function judgedFor(files: Files, codexVersion: string): Promise<Judgement> {
  return judged(files, ['docker-desktop'], codexVersion);
}

suite('Codex 0.116.0 with a bubblewrap that it cannot start', () => {
  test('is said on the line that installs it, and the fix leaves it out', async () => {
    const { findings, fixesOf } = await judgedFor(FILES, '0.116.0');
    const found = findings.find(({ rule }) => rule === 'bwrap-missing');
    assert.match(
      found?.message ?? '',
      /^Codex cannot start: bubblewrap is too old for version 0\.116\.0\nInstall Codex 0\.117\.0 or later[^]*bwrap: Unknown option --argv0/,
    );
    assert.equal(found?.place.file, '.devcontainer/Dockerfile');
    const [fix] = fixesOf(found);
    assert.equal(fix?.title, 'Remove bubblewrap, so that Codex uses its own');
    const after = Object.fromEntries(applyAll(new Map(Object.entries(FILES)), fix.edits));
    assert.doesNotMatch(after['.devcontainer/Dockerfile'] ?? '', /bubblewrap/);
    assert.equal((await judgedFor(after, '0.116.0')).predictions[0]?.outcome, 'works');
  });

  test('is nothing to another version', async () => {
    const { findings } = await judgedFor(FILES, '0.117.0');
    assert.ok(!findings.some(({ rule }) => rule === 'bwrap-missing'));
  });
});
