import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { predict } from '../../src/model/sandbox/predict.js';
import { codexOf, containerOf, hostOf, readRows, type Row } from './rows.js';

/** How many rows each file has, so that a truncated fixture cannot pass. */
const FILES = {
  'docker-desktop': 612,
  'docker-desktop-versions': 340,
  'docker-linux': 618,
  'docker-ubuntu': 144,
  'docker-ubuntu-bwrap-profile': 398,
  'apparmor-profiles-more': 76,
  'newer-engines': 25,
  'docker-no-unprivileged-userns': 60,
  'docker-no-userns': 40,
  'docker-userns-remap': 32,
  'docker-rootless': 66,
  podman: 78,
  'podman-rootful': 74,
  'podman-4': 693,
  'podman-4-rootful': 403,
  'podman-5-rootful': 155,
};

function describe(row: Row): string {
  const image = `${row.image.distro}/${row.image.bwrap}`;
  return `${image} as ${row.user}, codex ${row.codex} ${row.network}: ${row.dockerArgs.join(' ') || 'no arguments'}`;
}

suite('ground truth: the model agrees with every measured row', () => {
  test('every file of rows is replayed', () => {
    const names = readdirSync(new URL('rows/', import.meta.url)).filter((name) => name.endsWith('.jsonl'));
    assert.deepEqual(names.map((name) => name.slice(0, -'.jsonl'.length)).sort(), Object.keys(FILES).sort());
  });

  for (const [file, count] of Object.entries(FILES)) {
    test(`${file}: ${String(count)} rows`, () => {
      const rows = readRows(file);
      assert.equal(rows.length, count);
      const contradictions = rows.flatMap((row) => {
        const { outcome, gate, error } = predict(containerOf(row), hostOf(row), codexOf(row));
        const gates = row.gate?.split('|') ?? [];
        const last = row.stderr.split('\n').at(-1);
        const agrees =
          outcome === row.outcome && (outcome === 'works' || (gates.includes(gate ?? '') && error === last));
        return agrees
          ? []
          : [
              `${describe(row)}\n    measured ${row.outcome} ${row.gate ?? ''} ${last ?? ''}\n    foretold ${outcome} ${gate ?? ''} ${error ?? ''}`,
            ];
      });
      assert.equal(
        contradictions.length,
        0,
        `${String(contradictions.length)} rows:\n${contradictions.slice(0, 12).join('\n')}`,
      );
    });
  }
});
