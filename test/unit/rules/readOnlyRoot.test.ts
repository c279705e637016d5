import assert from 'node:assert/strict';
import { judged } from '../judged.js';

/** What is asked for, and what the fix mounts, where this much is writable already. */
async function asked(codexVersion: string, ...tmpfs: readonly string[]): Promise<readonly string[]> {
  const runArgs = ['--read-only', '--security-opt=seccomp=unconfined', ...tmpfs.map((path) => `--tmpfs=${path}`)];
  const file = JSON.stringify({ image: 'debian:13', remoteUser: 'root', runArgs }, undefined, 2);
  const { findings, fixesOf } = await judged({ '.devcontainer.json': file }, ['docker-desktop'], codexVersion);
  return findings
    .filter(({ rule }) => rule === 'read-only-root')
    .flatMap((finding) => [
      /cannot write to (.*)$/.exec(finding.headline)?.[1] ?? finding.message,
      ...fixesOf(finding).map(({ relaxations }) => relaxations.join(' ')),
    ]);
}

suite('read-only-root: what this version of Codex has to write to', () => {
  for (const [version, tmpfs, expected] of [
    ['0.109.0', [], []],
    ['0.114.0', [], ['~/.codex', 'tmpfs-codex-home']],
    ['0.120.0', ['/tmp'], ['~/.codex', 'tmpfs-codex-home']],
    ['0.120.0', ['/root/.codex'], []],
    ['0.130.0', [], ['~/.codex and /tmp', 'tmpfs-codex-home tmpfs-tmp']],
    ['0.130.0', ['/tmp'], ['~/.codex', 'tmpfs-codex-home']],
    ['0.130.0', ['/root'], ['/tmp', 'tmpfs-tmp']],
    ['0.169.0', [], ['/tmp', 'tmpfs-tmp']],
    ['0.169.0', ['/tmp'], []],
  ] as const) {
    test(`${version} with ${tmpfs.join(' ') || 'nothing'}: ${expected.join(' by ') || 'nothing'}`, async () => {
      assert.deepEqual(await asked(version, ...tmpfs), expected);
    });
  }
});
