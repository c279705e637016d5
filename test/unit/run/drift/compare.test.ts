import assert from 'node:assert/strict';
import { behaviourDifferences, codexDifferences, packageDifferences } from '../../../run/drift/compare.js';
import { behaviourKey, recorded, type Behaviour, type Findings } from '../../../run/drift/known.js';

const KEY = behaviourKey('0.169.0', 'debian:13');
const BEHAVIOUR: Behaviour = {
  outcomes: { masked: 'fails: bwrap: no', unmasked: 'works' },
  starts: ['--proc /proc'],
  needs: ['mount'],
  refused: [],
};
const STABLE = {
  suite: 'stable',
  codename: 'trixie',
  release: 'debian:13',
  versions: { bubblewrap: '0.12.0-1', podman: '5.4.2-1' },
};
const KNOWN: Findings = {
  packages: { 'debian:13 bubblewrap': '0.12.0-1', 'debian:13 podman': '5.4.2-1', 'ubuntu:24.04 bubblewrap': '0.9.0-1' },
  behaviours: { [KEY]: BEHAVIOUR },
};

suite('drift: what differs from what is known', () => {
  test('nothing, where all is as it was', () => {
    assert.deepEqual(packageDifferences([STABLE], KNOWN), []);
    assert.deepEqual(behaviourDifferences(KEY, BEHAVIOUR, BEHAVIOUR), []);
    assert.deepEqual(codexDifferences('0.169.0', '0.169.0'), []);
  });

  test('another upstream version of bubblewrap is one for PACKAGED and one for the record', () => {
    const newer = { ...STABLE, versions: { bubblewrap: '0.14.0-1' } };
    assert.deepEqual(packageDifferences([newer], KNOWN), [
      { what: 'debian:13 packages bubblewrap 0.14.0, PACKAGED says 0.12.0', file: 'src/model/bwrap/bwrap.ts' },
      {
        what: 'debian:13 has bubblewrap 0.14.0-1, 0.12.0-1 when it was recorded',
        file: 'test/ground-truth/drift.json',
      },
    ]);
  });

  test('a revision of the distribution is one for the record', () => {
    const revised = { ...STABLE, versions: { bubblewrap: '0.12.0-2' } };
    assert.deepEqual(
      packageDifferences([revised], KNOWN).map(({ file }) => file),
      ['test/ground-truth/drift.json'],
    );
  });

  test('an engine asks for the container suite', () => {
    const [difference] = packageDifferences([{ ...STABLE, versions: { podman: '6.0.0-1' } }], KNOWN);
    assert.match(difference?.what ?? '', /^debian:13 has podman 6\.0\.0-1, 5\.4\.2-1 when .*container suite/);
  });

  test('a release that nobody knows is one for the codenames', () => {
    const [difference] = packageDifferences([{ ...STABLE, release: undefined, codename: 'zany' }], KNOWN);
    assert.equal(difference?.file, 'src/sources/image/distros.ts');
  });

  test('a Codex that is newer than the newest known', () => {
    const [difference] = codexDifferences('0.170.0', '0.169.0');
    assert.equal(difference?.file, 'src/model/agents/codex/versions.ts');
  });

  test('each part of a behaviour names the file that it belongs to', () => {
    const now: Behaviour = {
      outcomes: { masked: 'works', unmasked: 'fails: bwrap: new' },
      starts: ['--dev /dev'],
      needs: ['mount', 'fsopen'],
      refused: ['fsopen'],
    };
    assert.deepEqual(behaviourDifferences(KEY, now, BEHAVIOUR), [
      { what: `${KEY} (masked): works\n    before: fails: bwrap: no`, file: 'src/model/sandbox/predict.ts' },
      { what: `${KEY} (unmasked): fails: bwrap: new\n    before: works`, file: 'src/model/bwrap/errors.ts' },
      {
        what: `${KEY} starts bubblewrap with\n    now: --dev /dev\n    no longer: --proc /proc`,
        file: 'src/model/agents/codex/versions.ts',
      },
      { what: `${KEY} needs beyond Docker's default profile\n    now: fsopen`, file: 'src/model/bwrap/calls.ts' },
      { what: `${KEY} is refused by the tailored profile\n    now: fsopen`, file: 'src/model/plan/tailored.ts' },
    ]);
  });

  test('what was never recorded', () => {
    const [difference, ...more] = behaviourDifferences(KEY, BEHAVIOUR, undefined);
    assert.equal(difference?.file, 'test/ground-truth/drift.json');
    assert.deepEqual(more, []);
  });

  test('a record keeps what could not be reached, and drops what an older Codex did where it was', () => {
    const old = behaviourKey('0.150.0', 'debian:13');
    const elsewhere = behaviourKey('0.150.0', 'ubuntu:24.04');
    const known = { ...KNOWN, behaviours: { ...KNOWN.behaviours, [old]: BEHAVIOUR, [elsewhere]: BEHAVIOUR } };
    const { packages, behaviours } = recorded(known, [STABLE], { [KEY]: BEHAVIOUR });
    assert.deepEqual(packages, KNOWN.packages);
    assert.deepEqual(Object.keys(behaviours).sort(), [elsewhere, KEY].sort());
  });
});
