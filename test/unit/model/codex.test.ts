import assert from 'node:assert/strict';
import { behaviourOf, CODEX_BEHAVIOURS, compareVersions, NEWEST_CODEX } from '../../../src/model/codex.js';
import { HOSTS } from '../../../src/model/host.js';
import { codexOf, readRows } from '../../ground-truth/rows.js';

suite('codex: what a version does', () => {
  // sandbox-facts 1; the rows of test/ground-truth were measured with 0.98.0, 0.115.0, 0.120.0, 0.130.0 and 0.169.0.
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
  for (const [version, builtIn, needs, tmpError] of [
    ['0.98.0', false, 'nothing', 'building'],
    ['0.109.0', false, 'nothing', 'building'],
    ['0.110.0', false, 'codex-home', 'building'],
    ['0.115.0', true, 'codex-home', 'building'],
    ['0.127.0', true, 'codex-home', 'building'],
    ['0.128.0', true, 'codex-home-and-tmp', 'registry'],
    ['0.129.0', false, 'codex-home-and-tmp', 'registry-of-user'],
    ['0.135.9', false, 'codex-home-and-tmp', 'registry-of-user'],
    ['0.136.0', false, 'tmp', 'registry-of-user'],
    ['0.155.1', false, 'tmp', 'registry-of-user'],
    ['0.156.0', false, 'tmp', 'building'],
    ['latest', false, 'tmp', 'building'],
  ] as const) {
    test(`Codex ${version} has to write to ${needs}${builtIn ? ', and holds a bubblewrap' : ''}`, () => {
      const behaviour = behaviourOf(version);
      assert.deepEqual([behaviour.bwrapBuiltIn, behaviour.needs, behaviour.tmpError], [builtIn, needs, tmpError]);
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

  for (const [a, b, order] of [
    ['0.115.0', '0.115.0', 0],
    ['0.115', '0.115.0', 0],
    ['0.115.0', '0.115', 0],
    ['0.98.0', '0.115.0', -1],
    ['0.115.0', '0.98.0', 1],
    ['0.115.1', '0.115', 1],
    ['0.115', '0.115.1', -1],
    ['1', '0.999.999', 1],
    ['latest', '99.0.0', 1],
    ['0.130.0', 'latest', -1],
    ['0.11.1-2+deb13u1', '0.11.1', 0],
    ['0.11.x', '0.11.999', 1],
    ['v1', '0.1', 1],
    ['latest', 'latest', 0],
  ] as const) {
    test(`${a} ${order < 0 ? 'is older than' : order > 0 ? 'is newer than' : 'counts as'} ${b}`, () => {
      assert.equal(compareVersions(a, b), order);
    });
  }
});
