import assert from 'node:assert/strict';
import { compareVersions } from '../../../../../src/model/versions.js';
import { behaviourOf, CODEX_BEHAVIOURS, NEWEST_CODEX } from '../../../../../src/model/agents/codex/versions.js';
import { known } from '../../../../../src/model/container/container.js';
import { HOSTS } from '../../../../../src/model/host.js';
import { containerWith } from '../../../containers.js';
import { codexOf, readRows } from '../../../../ground-truth/rows.js';

suite('codex: what a version does', () => {
  // docs/how-it-works.md, "Versions of Codex"; the rows of test/ground-truth were measured with 0.98.0, 0.115.0, 0.120.0, 0.130.0 and 0.169.0.
  for (const [version, bwrap] of Object.entries({
    '0.1.0': 'none',
    '0.98.0': 'none',
    '0.114.9': 'none',
    '0.115.0-alpha.1': 'bundled',
    '0.115.0': 'bundled',
    '0.115.9': 'bundled',
    '0.116.0': 'system',
    '0.120.0': 'system',
    '0.128.9': 'system',
    '0.129.0': 'usable-system',
    '0.130.0': 'usable-system',
    '0.169.0': 'usable-system',
    '1.0.0': 'usable-system',
    latest: 'usable-system',
  })) {
    test(`Codex ${version} takes ${bwrap === 'none' ? 'no bubblewrap' : `the bubblewrap ${bwrap}`}`, () => {
      assert.equal(behaviourOf(version).bwrap, bwrap);
    });
  }

  // Measured as a whole (test/ground-truth/rows/docker-desktop-versions.jsonl); the boundaries as they are told apart there.
  const home = 'home: Error: Read-only file system (os error 30)';
  const building = 'tmp: error building bubblewrap command: Read-only file system (os error 30)';
  const registry = (user: string): string =>
    `tmp: failed to create synthetic bubblewrap mount registry /tmp/codex-bwrap-synthetic-mount-targets${user}: Read-only file system (os error 30)`;
  for (const [version, builtIn, ...writes] of [
    ['0.98.0', false],
    ['0.109.0', false],
    ['0.110.0', false, home],
    ['0.115.0', true, home],
    ['0.127.0', true, home],
    ['0.128.0', true, home, registry('')],
    ['0.129.0', false, home, registry('-1000')],
    ['0.135.9', false, home, registry('-1000')],
    ['0.136.0', false, registry('-1000')],
    ['0.155.1', false, registry('-1000')],
    ['0.156.0', false, building],
    ['latest', false, building],
  ] as const) {
    test(`Codex ${version}: what it has to write to${builtIn ? '; it holds a bubblewrap' : ''}`, () => {
      const behaviour = behaviourOf(version);
      const said = behaviour.writes.map(
        ({ folder, error }) => `${folder}: ${typeof error === 'string' ? error : error(containerWith())}`,
      );
      assert.deepEqual([behaviour.bwrapBuiltIn, ...said], [builtIn, ...writes]);
    });
  }

  for (const [user, number] of [
    ['root', '0'],
    ['0:0', '0'],
    ['1234', '1234'],
    ['1234:5', '1234'],
    ['vscode', '1000'],
  ] as const) {
    test(`its registry of mounts bears the number of its user: ${user}`, () => {
      const [, tmp] = behaviourOf('0.130.0').writes;
      assert.ok(typeof tmp?.error === 'function');
      assert.match(tmp.error(containerWith({ user: known(user) })), new RegExp(`-targets-${number}: `));
    });
  }

  test('each behaviour names the versions that it was measured with, and these are in the ground truth', () => {
    const files = [...Object.keys(HOSTS), 'docker-desktop-versions'];
    const measured = new Set(files.flatMap((file) => readRows(file).map((row) => codexOf(row).version)));
    const named = CODEX_BEHAVIOURS.flatMap(({ since, evidence }, i) => {
      const versions = evidence.match(/\b0\.\d+\.\d+\b/g) ?? [];
      assert.ok(evidence.startsWith('measured with ') && versions.length > 0, `${since}: ${evidence}`);
      const next = CODEX_BEHAVIOURS[i + 1]?.since ?? 'latest';
      for (const version of versions) {
        assert.ok(
          compareVersions(version, since) >= 0 && compareVersions(version, next) < 0,
          `${version} is such a one`,
        );
      }
      return versions;
    });
    assert.deepEqual(named.sort(), [...measured].sort());
    assert.ok(named.includes(NEWEST_CODEX));
  });
});
