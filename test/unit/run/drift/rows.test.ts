import assert from 'node:assert/strict';
import { CODEX } from '../../containers.js';
import { settings } from '../../../run/drift/matrix.js';
import { modelDifferences, placedRows, readPlacedRows, rowDifferences, type Subject } from '../../../run/drift/rows.js';

const FILE = 'test/ground-truth/rows/docker-desktop.jsonl';
const SUBJECT: Subject = { codex: '0.169.0', bubblewrap: { release: 'debian:13', version: '0.12.0' } };
const ROW = {
  host: 'docker-desktop',
  hostFacts: {},
  image: { distro: 'debian:13', bwrap: 'plain', bwrapVersion: '0.12.0' },
  user: 'vscode',
  dockerArgs: ['--security-opt=systempaths=unconfined', '--security-opt=seccomp=unconfined'],
  codex: '0.169.0',
  network: 'restricted',
  outcome: 'fails',
  gate: 'proc-mount',
  stderr: 'bwrap: warning\nbwrap: no',
};
const setting = settings(CODEX, '/profiles').find(({ title }) => title === 'seccomp=unconfined, unmasked, 1000');
assert(setting);

const inFile = (...rows: readonly object[]): ReturnType<typeof placedRows> =>
  placedRows(FILE, rows.map((row) => `${JSON.stringify(row)}\n`).join('\n'));

suite('drift: rows of the ground truth', () => {
  test('a row that says something else than what was measured is named by its file and line', () => {
    const rows = inFile({ ...ROW, codex: '0.150.0' }, ROW);
    assert.deepEqual(rowDifferences(rows, SUBJECT, setting, 'works'), [
      { what: 'The row says fails: bwrap: no\n    measured: works', file: `${FILE}:3` },
    ]);
    assert.deepEqual(rowDifferences(rows, SUBJECT, setting, 'fails: bwrap: no'), []);
  });

  for (const [what, change] of [
    ['another host', { host: 'podman' }],
    ['root', { user: 'root' }],
    ['another Codex', { codex: '0.150.0' }],
    ['the network', { network: 'full' }],
    ['the executable alone', { bare: true }],
    ['a user who comes in', { containerUser: 'root' }],
    ['other arguments', { dockerArgs: ['--security-opt=seccomp=unconfined'] }],
    ['another version of bubblewrap', { image: { ...ROW.image, bwrapVersion: '0.11.0' } }],
    ['another release', { image: { ...ROW.image, distro: 'debian:12' } }],
    ['setuid', { image: { ...ROW.image, bwrap: 'setuid' } }],
  ] as const) {
    test(`a row about ${what} is another container`, () => {
      assert.deepEqual(rowDifferences(inFile({ ...ROW, ...change }), SUBJECT, setting, 'works'), []);
    });
  }

  test('without a bubblewrap in the image any Debian is the same container', () => {
    const row = { ...ROW, image: { distro: 'debian:12', bwrap: 'absent', bwrapVersion: null } };
    assert.equal(rowDifferences(inFile(row), { ...SUBJECT, bubblewrap: undefined }, setting, 'works').length, 1);
    assert.equal(rowDifferences(inFile(ROW), { ...SUBJECT, bubblewrap: undefined }, setting, 'works').length, 0);
  });

  test('a row that the model contradicts is named, and none of those that are here is', () => {
    const [difference, ...more] = modelDifferences(inFile(ROW));
    assert.deepEqual([difference?.file, more], [`${FILE}:1`, []]);
    assert.deepEqual(modelDifferences(readPlacedRows()), []);
  });

  test('the matrix has rows to be compared with', () => {
    const rows = readPlacedRows();
    const found = settings(CODEX, '').flatMap((each) => rowDifferences(rows, SUBJECT, each, 'nothing like it'));
    assert(found.length > 5, String(found.length));
  });
});
