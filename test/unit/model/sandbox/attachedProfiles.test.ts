import assert from 'node:assert/strict';
import { SETUID_BWRAP_CAPABILITIES } from '../../../../src/model/container/capabilities.js';
import { known, unknown, type Container } from '../../../../src/model/container/container.js';
import { HOSTS, type AttachedProfiles, type Host } from '../../../../src/model/host.js';
import { predict } from '../../../../src/model/sandbox/predict.js';
import { bwrap, CODEX, containerWith } from '../../containers.js';

const UBUNTU = HOSTS['docker-ubuntu-bwrap-profile'];
const SYSTEM = '/usr/bin/bwrap';
const BUNDLED = '/**/codex-resources/bwrap';

function attaching(attachedTo: AttachedProfiles): Host {
  assert.ok(UBUNTU.apparmor);
  return { ...UBUNTU, apparmor: { ...UBUNTU.apparmor, attachedTo } };
}

/** All open but for what Ubuntu keeps back. */
function outcome(
  changes: Partial<Container> = {},
  host: Host = UBUNTU,
  network: 'restricted' | 'full' = 'restricted',
): string {
  const container = containerWith({
    seccomp: known({ kind: 'unconfined' }),
    apparmor: known({ kind: 'unconfined' }),
    ...changes,
  });
  const { outcome, gate, undecided } = predict(container, host, { ...CODEX, network });
  return [outcome, gate ?? undecided].filter(Boolean).join(' ');
}

function at(path: Container['bwrap']['path']): Partial<Container> {
  return { bwrap: { ...bwrap('0.8.0'), ...(path && { path }) } };
}

const PLAIN = { bwrap: bwrap('0.8.0') };
const SETUID = { bwrap: bwrap('0.8.0', true) };
const SIX = SETUID_BWRAP_CAPABILITIES.map((name) => known(name));

// test/ground-truth/rows/docker-ubuntu-bwrap-profile.jsonl and apparmor-profiles-more.jsonl.
suite('profiles that attach to bubblewrap by its path', () => {
  for (const [what, changes, expected] of [
    ['a plain one where packages put it', PLAIN, 'works'],
    ['for root', { ...PLAIN, user: known('root') }, 'works'],
    ['under no-new-privileges', { ...PLAIN, noNewPrivileges: known(true) }, 'works'],
    ['with all capabilities dropped', { ...PLAIN, capDrop: [known('ALL')] }, 'works'],
    ['with all dropped, for root', { ...PLAIN, capDrop: [known('ALL')], user: known('root') }, 'fails uid-map'],
    ['none: Codex starts its own, to which no profile attaches', {}, 'fails loopback'],
    ['a setuid one: Codex starts its own', SETUID, 'fails loopback'],
    ['a setuid one, for root', { ...SETUID, user: known('root') }, 'works'],
    ['a setuid one, inert', { ...SETUID, noNewPrivileges: known(true) }, 'works'],
    ['a setuid one with its capabilities', { ...SETUID, capAdd: SIX }, 'works'],
    ['one elsewhere', at(known('/usr/local/bin/bwrap')), 'fails loopback'],
    ['one behind a link', at(known(SYSTEM)), 'works'],
    ['one that may be elsewhere', at(unknown('x')), 'unknown loopback'],
    ['without apparmor=unconfined', { ...PLAIN, apparmor: known({ kind: 'default' as const }) }, 'fails apparmor'],
    ['0.12, then /proc', { bwrap: bwrap('0.12.0') }, 'fails proc-mount'],
    ['privileged', { ...PLAIN, privileged: known(true), apparmor: known({ kind: 'default' as const }) }, 'works'],
    ['the profile runc instead', { apparmor: known({ kind: 'named' as const, name: 'runc' }) }, 'works'],
    [
      'its own profile as the container’s',
      { apparmor: known({ kind: 'named' as const, name: 'bwrap' }) },
      'fails userns-allowed',
    ],
  ] as const satisfies readonly (readonly [string, Partial<Container>, string])[]) {
    test(what, () => {
      assert.equal(outcome(changes), expected);
    });
  }

  test('with the network allowed it shows at the uid map', () => {
    assert.equal(outcome(PLAIN, UBUNTU, 'full'), 'works');
    assert.equal(outcome({}, UBUNTU, 'full'), 'fails uid-map');
  });

  test('two profiles of one path: neither attaches', () => {
    assert.equal(outcome(PLAIN, attaching([SYSTEM, SYSTEM])), 'fails loopback');
    assert.equal(outcome(PLAIN, attaching([BUNDLED, SYSTEM])), 'works');
  });

  test('one for the bubblewrap that comes with Codex', () => {
    const host = attaching([BUNDLED]);
    assert.equal(outcome({}, host), 'works');
    assert.equal(outcome(PLAIN, host), 'fails loopback');
    assert.equal(outcome(SETUID, host), 'works');
  });

  test('what is loaded is not known: only what does not depend on it is foretold', () => {
    const host = attaching(undefined);
    assert.equal(outcome(PLAIN, host), 'unknown loopback');
    assert.equal(outcome({}, host), 'fails loopback');
    assert.equal(outcome(at(known('/usr/local/bin/bwrap')), host), 'fails loopback');
    assert.equal(outcome(at(unknown('x')), host), 'unknown loopback');
    assert.equal(outcome({ ...SETUID, capAdd: SIX }, host), 'works');
    assert.equal(outcome({ ...PLAIN, apparmor: known({ kind: 'default' }) }, host), 'fails apparmor');
  });

  test('where it is not known which bubblewrap is started, it counts where the answer is the same', () => {
    const either = { bwrap: { ...bwrap('0.8.0'), setuid: unknown<boolean>('x') } };
    assert.equal(outcome(either), 'unknown loopback');
    assert.equal(outcome(either, attaching([SYSTEM, BUNDLED])), 'works');
    assert.equal(outcome(either, attaching([])), 'fails loopback');
  });

  test('hosts without AppArmor, and such as do not restrict, ask for no profile', () => {
    assert.equal(outcome({}, HOSTS['docker-desktop']), 'works');
    assert.equal(outcome({}, HOSTS['docker-linux']), 'works');
  });
});
