import assert from 'node:assert/strict';
import { DEFAULT_HOSTS, HOSTS, type HostName } from '../../../src/model/host.js';
import { predict } from '../../../src/model/gates.js';
import { plan } from '../../../src/model/plan.js';
import { known, unknown, type Container } from '../../../src/model/container.js';
import { bwrap, CODEX, containerWith } from '../containers.js';
import { codexOf, containerOf, readRows, type Row } from '../../ground-truth/rows.js';

const rows = readRows('docker-desktop').filter((r) => r.codex === '0.169.0' && r.network === 'restricted');

function row(distro: string, bwrap: string, user: string, ...dockerArgs: readonly string[]): Row {
  const found = rows.find(
    (r) =>
      r.image.distro === distro &&
      r.image.bwrap === bwrap &&
      r.user === user &&
      r.dockerArgs.join() === dockerArgs.join(),
  );
  assert.ok(found, 'no such row');
  return found;
}

function ids(r: Row, ...hosts: readonly HostName[]): readonly string[] | undefined {
  return plan(
    containerOf(r),
    hosts.map((h) => HOSTS[h]),
    codexOf(r),
  )?.relaxations.map((x) => x.id);
}

suite('plan', () => {
  const unknownImage = containerWith({
    user: unknown('x'),
    distro: unknown('x'),
    bwrap: { presence: unknown('x'), setuid: unknown('x'), version: unknown('x') },
  });
  const planned = (container: Container, host: HostName): readonly [readonly string[], boolean] | undefined => {
    const found = plan(container, [HOSTS[host]], CODEX);
    return found && [found.relaxations.map((r) => r.id), found.certain];
  };

  test('of an unknown image only what is known to be closed is opened', () => {
    assert.deepEqual(planned(unknownImage, 'docker-desktop'), [['seccomp-tailored'], false]);
    assert.deepEqual(planned(unknownImage, 'docker-linux'), [['seccomp-tailored', 'apparmor-unconfined'], false]);
  });

  test('a capability that might help an unknown user is not given on a guess', () => {
    assert.equal(planned(unknownImage, 'docker-ubuntu'), undefined);
  });

  test('a known image gives certainty', () => {
    assert.deepEqual(planned(containerWith(), 'docker-desktop'), [['seccomp-tailored'], true]);
  });

  const plain = row('debian:12', 'absent', 'vscode');

  test('a plain container needs the tailored profile, nothing wider', () => {
    assert.deepEqual(ids(plain, 'docker-desktop'), ['seccomp-tailored']);
  });

  test('with AppArmor, its absence too', () => {
    assert.deepEqual(ids(plain, 'docker-desktop', 'docker-linux'), ['seccomp-tailored', 'apparmor-unconfined']);
  });

  test('on Ubuntu a setuid bubblewrap with the three capabilities beyond the default set', () => {
    assert.deepEqual(ids(plain, ...DEFAULT_HOSTS)?.toSorted(), [
      'apparmor-unconfined',
      'bwrap-setuid',
      'cap-NET_ADMIN',
      'cap-SYS_ADMIN',
      'cap-SYS_PTRACE',
      'seccomp-tailored',
    ]);
  });

  test('nothing helps a non-root user of Debian 13 on Ubuntu: its bubblewrap refuses setuid', () => {
    assert.equal(
      ids(row('debian:13', 'absent', 'vscode', '--security-opt=seccomp=unconfined'), 'docker-ubuntu'),
      undefined,
    );
  });

  test('root with everything dropped needs SETFCAP', () => {
    const r = row('debian:13', 'absent', 'root', '--security-opt=seccomp=unconfined', '--cap-drop=ALL');
    assert.deepEqual(ids(r, 'docker-desktop'), ['cap-SETFCAP']);
  });

  test('bubblewrap 0.12 that the Dockerfile installs is left out rather than /proc unmasked', () => {
    const r = row('debian:13', 'plain', 'vscode', '--security-opt=seccomp=<tailored>');
    const place = { file: 'Dockerfile', range: { start: { line: 1, character: 0 }, end: { line: 1, character: 10 } } };
    const measured = containerOf(r);
    const container: Container = {
      ...measured,
      bwrap: { ...measured.bwrap, presence: { value: 'present', places: [place] } },
    };
    assert.deepEqual(ids(r, 'docker-desktop'), ['systempaths-unconfined']);
    const found = plan(container, [HOSTS['docker-desktop']], codexOf(r));
    assert.deepEqual(
      found?.relaxations.map((x) => x.id),
      ['bwrap-removed'],
    );
  });

  test('a setuid bubblewrap that the bare executable cannot use loses its setuid bit', () => {
    const place = { file: 'Dockerfile', range: { start: { line: 1, character: 0 }, end: { line: 1, character: 5 } } };
    const setuid = containerWith({
      seccomp: known({ kind: 'unconfined' }),
      bwrap: { ...bwrap('0.8.0'), setuid: known(true, place) },
    });
    const found = plan(setuid, [HOSTS['docker-desktop']], { ...CODEX, bundledBwrap: false });
    assert.deepEqual(
      found?.relaxations.map((r) => r.id),
      ['bwrap-not-setuid'],
    );
  });

  test('every plan for a measured container is enough, and no part of it is', () => {
    let plans = 0;
    for (const r of rows) {
      const container = containerOf(r);
      for (const name of DEFAULT_HOSTS) {
        const found = plan(container, [HOSTS[name]], codexOf(r));
        if (!found) continue;
        plans++;
        const works = (set: typeof found.relaxations): boolean =>
          predict(
            set.reduce((c, x) => x.apply(c), container),
            HOSTS[name],
            codexOf(r),
          ).outcome === 'works';
        assert.ok(works(found.relaxations), `${name}: ${found.relaxations.map((x) => x.id).join()} is not enough`);
        for (const left of found.relaxations) {
          assert.ok(!works(found.relaxations.filter((x) => x !== left)), `${name}: ${left.id} is not needed`);
        }
      }
    }
    assert.ok(plans > 500, `only ${String(plans)} plans`);
  });
});
