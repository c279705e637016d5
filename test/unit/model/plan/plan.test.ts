import assert from 'node:assert/strict';
import { DEFAULT_HOSTS, HOSTS, type HostName } from '../../../../src/model/host.js';
import { predict } from '../../../../src/model/sandbox/predict.js';
import { alternatives, plan, type Choice } from '../../../../src/model/plan/plan.js';
import { known, unknown, type Container } from '../../../../src/model/container/container.js';
import { bwrap, CODEX, containerWith } from '../../containers.js';
import { codexOf, containerOf, readRows, type Row } from '../../../ground-truth/rows.js';

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

const WITHOUT_RUNC: Choice = { except: ['apparmor-runc'] };

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
    assert.equal(plan(unknownImage, [HOSTS['docker-ubuntu']], CODEX, WITHOUT_RUNC), undefined);
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

  test('of a non-root user of Debian 13 on Ubuntu only the profile runc helps: its bubblewrap refuses setuid', () => {
    const r = row('debian:13', 'absent', 'vscode', '--security-opt=seccomp=unconfined');
    assert.deepEqual(ids(r, 'docker-ubuntu'), ['apparmor-runc']);
    assert.equal(ids(r, 'docker-linux', 'docker-ubuntu'), undefined);
  });

  // test/ground-truth/rows/docker-ubuntu-bwrap-profile.jsonl
  test('on Ubuntu 25.04 and later a plain bubblewrap, and no setuid one', () => {
    assert.deepEqual(ids(plain, 'docker-ubuntu-bwrap-profile'), [
      'bwrap-installed',
      'seccomp-tailored',
      'apparmor-unconfined',
    ]);
    assert.deepEqual(ids(plain, 'docker-desktop', 'docker-linux', 'docker-ubuntu-bwrap-profile'), [
      'bwrap-installed',
      'seccomp-tailored',
      'apparmor-unconfined',
    ]);
    const place = { file: 'Dockerfile', range: { start: { line: 1, character: 0 }, end: { line: 1, character: 5 } } };
    const setuid = containerWith({ bwrap: { ...bwrap('0.8.0'), setuid: known(true, place) } });
    assert.deepEqual(planned(setuid, 'docker-ubuntu-bwrap-profile'), [
      ['bwrap-not-setuid', 'seccomp-tailored', 'apparmor-unconfined'],
      true,
    ]);
  });

  test('a copy of Codex’s own bubblewrap where the package is of 0.12, on hosts of which each needs another thing', () => {
    const place = { file: 'Dockerfile', range: { start: { line: 1, character: 0 }, end: { line: 1, character: 5 } } };
    const newer = containerWith({
      distro: known({ id: 'debian', version: '13' }),
      agents: { codex: known({ version: undefined, bundledBwrap: true }, place) },
    });
    const hosts = [HOSTS['docker-desktop'], HOSTS['docker-linux'], HOSTS['docker-ubuntu-bwrap-profile']];
    const copied = ['bwrap-copied', 'seccomp-tailored', 'apparmor-unconfined'];
    assert.deepEqual(
      plan(newer, hosts, CODEX)?.relaxations.map((r) => r.id),
      copied,
    );
    const installed = { ...newer, bwrap: { ...bwrap('0.12.0'), presence: known('present' as const, place) } };
    assert.deepEqual(
      plan(installed, hosts, CODEX)?.relaxations.map((r) => r.id),
      copied,
    );
  });

  test('apparmor=runc only where every host that the container is to start on is known to have it, or has no AppArmor', () => {
    const on = (hosts: readonly HostName[], choice: Choice = {}): readonly string[] | undefined =>
      plan(
        containerWith(),
        hosts.map((h) => HOSTS[h]),
        CODEX,
        choice,
      )?.relaxations.map((r) => r.id);
    const under = ['seccomp-tailored', 'apparmor-runc'];
    assert.deepEqual(on(['docker-ubuntu']), under);
    assert.deepEqual(on(['docker-ubuntu', 'docker-ubuntu-bwrap-profile', 'docker-desktop', 'podman']), under);
    assert.ok(on(['docker-ubuntu', 'docker-linux'])?.includes('bwrap-setuid'));
    const targets = [HOSTS['docker-ubuntu'], HOSTS['docker-linux']];
    assert.ok(on(['docker-ubuntu'], { targets })?.includes('bwrap-setuid'));
    assert.ok(on(['docker-ubuntu'], WITHOUT_RUNC)?.includes('bwrap-setuid'));
    assert.equal(on(['docker-ubuntu'], { scope: 'unasked' }), undefined);
    const old = HOSTS['docker-ubuntu'];
    const debian12 = { ...old, apparmor: { ...old.apparmor!, loadedProfiles: {} } };
    assert.ok(plan(containerWith(), [debian12], CODEX)?.relaxations.every((r) => r.id !== 'apparmor-runc'));
  });

  test('apparmor=unconfined is not replaced by apparmor=runc, with which other hosts refuse to start the container', () => {
    const authored = containerWith({ apparmor: known({ kind: 'unconfined' }), user: known('vscode') });
    for (const host of ['docker-ubuntu', 'docker-ubuntu-bwrap-profile'] as const) {
      const plans = [plan(authored, [HOSTS[host]], CODEX) ?? [], alternatives(authored, [HOSTS[host]], CODEX)].flat();
      assert.ok(plans.every(({ relaxations }) => relaxations.every((r) => r.id !== 'apparmor-runc')));
    }
  });

  test('what led to a way is no part of the plan when the way makes it useless', () => {
    // no-new-privileges off lets Codex skip the 0.12 that refuses setuid; it is met only behind apparmor=unconfined, which runc replaces.
    const r = row('debian:13', 'setuid', 'vscode', '--security-opt=no-new-privileges');
    assert.deepEqual(ids(r, 'docker-ubuntu'), ['no-new-privileges-removed', 'seccomp-tailored', 'apparmor-runc']);
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

  const placed = { file: 'x', range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } } };

  test('capabilities that Podman hands on are taken out, but not those that something needs', () => {
    const added = (...names: readonly string[]): Container =>
      containerWith({ capAdd: names.map((name) => known(name, placed)) });
    assert.deepEqual(planned(added('SYS_PTRACE'), 'podman'), [['capabilities-removed'], true]);
    assert.deepEqual(planned(added('SYS_PTRACE'), 'docker-desktop'), [['seccomp-tailored'], true]);
    const firewall = { ...added('NET_ADMIN'), programs: [known('iptables')] };
    assert.deepEqual(planned(firewall, 'podman'), [['bwrap-setuid', 'cap-SYS_PTRACE', 'cap-SYS_ADMIN'], true]);
  });

  test('hosts of which one needs what the other stumbles on get a setuid bubblewrap with all its capabilities', () => {
    const found = plan(containerWith(), [HOSTS['docker-ubuntu'], HOSTS.podman], CODEX, WITHOUT_RUNC);
    assert.deepEqual(
      found?.relaxations.map((r) => r.id),
      ['seccomp-tailored', 'apparmor-unconfined', 'bwrap-setuid', 'cap-SYS_PTRACE', 'cap-NET_ADMIN', 'cap-SYS_ADMIN'],
    );
    assert.equal(found.cost, 10 + 20 + 25 + 50 + 50 + 300);
    assert.deepEqual(found.hosts, [HOSTS['docker-ubuntu'], HOSTS.podman]);
    const newer = containerWith({ distro: known({ id: 'debian', version: '13' }) });
    assert.equal(plan(newer, [HOSTS['docker-ubuntu'], HOSTS.podman], CODEX, WITHOUT_RUNC), undefined);
  });

  test('what works needs nothing; a Codex that needs no bubblewrap neither', () => {
    const { relaxations, cost, certain } = plan(containerWith(), [HOSTS.podman], CODEX)!;
    assert.deepEqual({ relaxations, cost, certain }, { relaxations: [], cost: 0, certain: true });
    assert.deepEqual(plan(containerWith(), [], CODEX)?.relaxations, []);
    assert.deepEqual(plan(containerWith(), [HOSTS['docker-no-userns']], { ...CODEX, version: '0.98.0' })?.cost, 0);
  });

  test('where there are no user namespaces nothing helps, whatever else is not known', () => {
    const container = containerWith({ seccomp: unknown('x') });
    assert.deepEqual(planned(container, 'docker-desktop'), [[], false]);
    assert.equal(planned(container, 'docker-no-userns'), undefined);
    assert.equal(plan(container, [HOSTS['docker-desktop'], HOSTS['docker-no-userns']], CODEX), undefined);
  });

  test('a profile that cannot be judged is no reason to take another one', () => {
    const named = containerWith({
      seccomp: known({ kind: 'unconfined' }),
      apparmor: known({ kind: 'named', name: 'local' }),
    });
    assert.deepEqual(planned(named, 'docker-linux'), [[], false]);
    assert.equal(plan(named, [HOSTS['docker-desktop'], HOSTS['docker-linux']], CODEX)?.certain, false);
  });

  test('what not even `privileged` would open stays closed', () => {
    const image = containerWith({ capAdd: [known('SYS_PTRACE')], distro: known({ id: 'debian', version: '13' }) });
    assert.equal(predict({ ...image, privileged: known(true) }, HOSTS.podman, CODEX).outcome, 'fails');
    assert.equal(planned(image, 'podman'), undefined);
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

suite('alternatives to a plan', () => {
  const placed = { file: 'x', range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } } };
  const others = (container: Container, hosts: readonly HostName[], most?: number): readonly (readonly string[])[] =>
    alternatives(
      container,
      hosts.map((h) => HOSTS[h]),
      CODEX,
      most,
    ).map(({ relaxations }) => relaxations.map((r) => r.id));
  const newer = containerWith({ bwrap: { ...bwrap('0.12.0'), presence: known('present', placed) } });

  test('the wider way that people know', () => {
    assert.deepEqual(others(containerWith(), ['docker-desktop']), [['seccomp-unconfined']]);
  });

  test('the cheapest first, three unless more are asked for, none of them the plan or more than is needed', () => {
    const all = [
      ['seccomp-tailored', 'systempaths-unconfined'],
      ['bwrap-removed', 'seccomp-unconfined'],
      ['systempaths-unconfined', 'seccomp-unconfined'],
    ];
    assert.deepEqual(others(newer, ['docker-desktop']), all);
    assert.deepEqual(others(newer, ['docker-desktop'], 9), all);
    assert.deepEqual(others(newer, ['docker-desktop'], 1), all.slice(0, 1));
    const readOnly = { ...newer, bwrap: { ...newer.bwrap, version: known('0.8.0') }, readOnlyRoot: known(true) };
    assert.deepEqual(others(readOnly, ['docker-desktop'], 9), [
      ['tmpfs-tmp', 'bwrap-removed', 'seccomp-tailored'],
      ['tmpfs-tmp', 'tmpfs-codex-home', 'seccomp-unconfined'],
      ['tmpfs-tmp', 'bwrap-removed', 'seccomp-unconfined'],
    ]);
    const found = alternatives(newer, [HOSTS['docker-desktop']], CODEX);
    assert.deepEqual(
      found.map(({ cost, certain, hosts }) => [cost, certain, hosts.length]),
      [
        [40, true, 1],
        [45, true, 1],
        [70, true, 1],
      ],
    );
  });

  test('none where nothing needs to change, and none where nothing helps', () => {
    assert.deepEqual(others(containerWith(), ['podman']), []);
    assert.deepEqual(others(containerWith(), ['docker-no-userns']), []);
  });

  test('privileged is none, although it works', () => {
    assert.ok(others(newer, ['docker-linux'], 99).every((ids) => !ids.includes('privileged')));
  });
});
