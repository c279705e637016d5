import assert from 'node:assert/strict';
import { ERRORS } from '../../../../src/model/bwrap/errors.js';
import { CODEX_ERRORS } from '../../../../src/model/agents/codex/errors.js';
import { known, unknown, type Container } from '../../../../src/model/container/container.js';
import { GATES } from '../../../../src/model/gates.js';
import { HOSTS, type Host, type HostName } from '../../../../src/model/host.js';
import { obstaclesOn, undecidedOn } from '../../../../src/model/plan/obstacles.js';
import { bwrap, CODEX, containerWith } from '../../containers.js';

const BARE = { ...CODEX, bundledBwrap: false };
const OLD = { ...CODEX, version: '0.120.0' };

function met(container: Container, host: HostName | Host, codex = CODEX): readonly (readonly [string, string])[] {
  const found = obstaclesOn(container, typeof host === 'string' ? HOSTS[host] : host, codex);
  return found.map(({ gate, error }) => [gate, error]);
}

function gates(container: Container, host: HostName | Host, codex = CODEX): readonly string[] {
  return met(container, host, codex).map(([gate]) => gate);
}

const OPEN = containerWith({
  seccomp: known({ kind: 'unconfined' }),
  apparmor: known({ kind: 'unconfined' }),
  maskedPaths: known(false),
});

suite('all closed gates of a container on a host', () => {
  test('none where it works', () => {
    assert.deepEqual(met(OPEN, 'docker-linux'), []);
    assert.equal(undecidedOn(OPEN, HOSTS['docker-linux'], CODEX), undefined);
  });

  test('in the order in which they are met, each with its error and those that hide it', () => {
    const host = HOSTS['docker-ubuntu'];
    const container = containerWith({ bwrap: bwrap('0.12.0'), readOnlyRoot: known(true) });
    assert.deepEqual(obstaclesOn(container, host, CODEX), [
      { host, gate: 'writable-paths', error: CODEX_ERRORS.readOnly, behind: [] },
      { host, gate: 'seccomp-userns', error: ERRORS.usernsDeniedDebian12, behind: ['writable-paths'] },
      { host, gate: 'apparmor', error: ERRORS.appArmorUserns, behind: ['writable-paths', 'seccomp-userns'] },
      { host, gate: 'loopback', error: ERRORS.loopback, behind: ['writable-paths', 'seccomp-userns', 'apparmor'] },
      {
        host,
        gate: 'proc-mount',
        error: ERRORS.procMount,
        behind: ['writable-paths', 'seccomp-userns', 'apparmor', 'loopback'],
      },
    ]);
  });

  test('a missing bubblewrap is taken for one with which nothing is the matter', () => {
    assert.deepEqual(gates(containerWith(), 'docker-desktop', BARE), ['bwrap-available', 'seccomp-userns']);
    const readOnly = { ...OPEN, readOnlyRoot: known(true), tmpfs: [known('/tmp')], maskedPaths: known(true) };
    assert.deepEqual(gates(readOnly, 'docker-desktop', BARE), ['bwrap-available']);
    assert.deepEqual(gates({ ...OPEN, noNewPrivileges: known(false) }, 'docker-desktop', BARE), ['bwrap-available']);
    assert.deepEqual(gates({ ...OPEN, bwrap: bwrap('0.8.0', true) }, 'docker-desktop', BARE), ['bwrap-available']);
  });

  test('a read-only root is met once, whichever folder is not writable', () => {
    const container = { ...OPEN, readOnlyRoot: known(true), bwrap: bwrap('0.8.0') };
    assert.deepEqual(met(container, 'docker-desktop'), [['writable-paths', CODEX_ERRORS.readOnly]]);
    assert.deepEqual(met({ ...container, tmpfs: [known('/tmp')] }, 'docker-desktop'), [
      ['writable-paths', CODEX_ERRORS.helperLinks],
    ]);
  });

  test('a workspace folder of somebody else and a read-only root are opened each by itself', () => {
    const workspace = { path: '/w', refuses: 'EACCES' as const, present: ['.git'] };
    const created = "bwrap: Can't create file /w/.agents: Permission denied";
    const container = containerWith({ bwrap: bwrap('0.12.0'), readOnlyRoot: known(true), workspace });
    assert.deepEqual(met(container, 'docker-desktop'), [
      ['writable-paths', CODEX_ERRORS.readOnly],
      ['seccomp-userns', ERRORS.usernsDeniedDebian12],
      ['writable-paths', created],
      ['proc-mount', ERRORS.procMount],
    ]);
  });

  test('a setuid bubblewrap that lacks its capabilities, or added ones under Podman, are taken away', () => {
    assert.deepEqual(met({ ...OPEN, bwrap: bwrap('0.8.0', true) }, 'docker-linux', OLD), [
      ['bwrap-privileges', ERRORS.capset],
    ]);
    const masked = { ...OPEN, maskedPaths: known(true) };
    assert.deepEqual(met({ ...masked, bwrap: bwrap('0.12.0', true) }, 'docker-linux', OLD), [
      ['bwrap-privileges', ERRORS.setuidRefused],
      ['proc-mount', ERRORS.procMount],
    ]);
    const added = { ...OPEN, capAdd: [known('NET_ADMIN'), unknown<string>('x')] };
    assert.deepEqual(met(added, 'podman'), [['bwrap-privileges', ERRORS.ambientCapabilities]]);
    assert.deepEqual(met({ ...added, bwrap: bwrap('0.12.0') }, 'podman'), [
      ['bwrap-privileges', ERRORS.ambientCapabilities],
    ]);
    assert.deepEqual(met({ ...added, capAdd: [known('NET_ADMIN')], bwrap: bwrap('0.8.0', true) }, 'podman', OLD), [
      ['bwrap-privileges', ERRORS.capset],
      ['bwrap-privileges', ERRORS.ambientCapabilities],
    ]);
  });

  test('a profile that lets the namespace pass and not the new root is met there alone', () => {
    const added = containerWith({ capAdd: [known('SYS_ADMIN')] });
    assert.deepEqual(met(added, 'docker-desktop'), [['pivot-root', ERRORS.pivotRoot]]);
  });

  test('a host that gives no user namespaces is opened with all that it keeps back', () => {
    assert.deepEqual(met(OPEN, 'docker-no-userns'), [['userns-allowed', ERRORS.usernsNoneLeft]]);
    assert.deepEqual(met(OPEN, 'docker-no-unprivileged-userns'), [['userns-allowed', ERRORS.usernsDenied]]);
    const neither = { ...HOSTS['docker-no-userns'], unprivilegedUserns: false };
    assert.deepEqual(met(OPEN, neither), [['userns-allowed', ERRORS.usernsNoneLeft]]);
    assert.deepEqual(gates(containerWith({ seccomp: known({ kind: 'unconfined' }) }), neither), [
      'userns-allowed',
      'apparmor',
    ]);
    assert.deepEqual(met(OPEN, { ...neither, apparmor: undefined }), [['userns-allowed', ERRORS.usernsNoneLeft]]);
  });

  test('a loaded profile that grants namespaces without power is met once, another stays what it is', () => {
    const host: Host = {
      ...HOSTS['docker-ubuntu'],
      apparmor: {
        defaultDenies: 'userns',
        restrictsUnprivilegedUserns: true,
        loadedProfiles: { powerless: 'denies-capabilities', mountless: 'denies-mount', fine: 'allows' },
        attachedTo: [],
      },
    };
    const under = (name: string): Container => ({ ...OPEN, apparmor: known({ kind: 'named', name }) });
    assert.deepEqual(met(under('powerless'), host), [['userns-allowed', ERRORS.usernsDenied]]);
    assert.deepEqual(met(under('mountless'), host), [
      ['apparmor', ERRORS.appArmorMount],
      ['loopback', ERRORS.loopback],
    ]);
    assert.deepEqual(met(under('fine'), host), []);
    const switchedOff = { ...host, unprivilegedUserns: false };
    assert.deepEqual(gates(under('mountless'), switchedOff), ['userns-allowed', 'apparmor', 'loopback']);
    assert.deepEqual(gates(under('fine'), switchedOff), ['userns-allowed']);
  });

  test('the restriction of Ubuntu is met at the loopback device, or at the uid map where the network is allowed', () => {
    assert.deepEqual(met(OPEN, 'docker-ubuntu'), [['loopback', ERRORS.loopback]]);
    assert.deepEqual(met(OPEN, 'docker-ubuntu', { ...CODEX, network: 'full' }), [['uid-map', ERRORS.uidMapRestricted]]);
    const root = { ...OPEN, user: known('root'), capDrop: [known('SETFCAP'), known('ALL')] };
    assert.deepEqual(met(root, 'docker-desktop'), [['uid-map', ERRORS.uidMap]]);
    assert.deepEqual(met(root, 'docker-ubuntu'), [
      ['loopback', ERRORS.loopback],
      ['uid-map', ERRORS.uidMap],
    ]);
    assert.deepEqual(met(root, 'docker-ubuntu', { ...CODEX, network: 'full' }), [
      ['uid-map', ERRORS.uidMapRestricted],
      ['uid-map', ERRORS.uidMap],
    ]);
  });

  test('whatever is opened, the next one is met', () => {
    const newer = { ...OPEN, maskedPaths: known(true), bwrap: bwrap('0.12.0') };
    const added = { ...newer, capAdd: [known('SYS_ADMIN')] };
    assert.deepEqual(gates(added, 'podman'), ['bwrap-privileges', 'proc-mount']);
    assert.deepEqual(gates({ ...added, seccomp: known({ kind: 'default' }) }, 'docker-desktop'), [
      'pivot-root',
      'proc-mount',
    ]);
    const root = { ...newer, user: known('root'), capDrop: [known('SETFCAP')] };
    assert.deepEqual(gates(root, 'docker-desktop'), ['uid-map', 'proc-mount']);
    assert.deepEqual(gates(newer, 'docker-ubuntu'), ['loopback', 'proc-mount']);
    const names = ['clone', 'mount', 'umount2', 'pivot_root', 'openat2'];
    const profile = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ names, action: 'SCMP_ACT_ALLOW' }] };
    assert.deepEqual(met({ ...newer, seccomp: known({ kind: 'custom', file: 'x', profile }) }, 'docker-desktop'), [
      ['proc-mount', ERRORS.procMount],
      ['seccomp-userns', ERRORS.seccompUnshare],
    ]);
    const sameText = containerWith({ apparmor: known({ kind: 'unconfined' }) });
    assert.deepEqual(met(sameText, 'docker-no-unprivileged-userns'), [
      ['seccomp-userns', ERRORS.usernsDenied],
      ['userns-allowed', ERRORS.usernsDenied],
    ]);
  });

  test('ends at what cannot be judged, and says at which gate', () => {
    const container = containerWith({ apparmor: unknown('x') });
    assert.deepEqual(gates(container, 'docker-linux'), ['seccomp-userns']);
    assert.equal(undecidedOn(container, HOSTS['docker-linux'], CODEX), 'apparmor');
  });

  test('ends in every container on every host', () => {
    for (const host of Object.values(HOSTS)) {
      for (const [user, seccomp] of [
        ['root', { kind: 'custom', file: 'x', profile: { defaultAction: 'SCMP_ACT_KILL', syscalls: [] } }],
        ['vscode', { kind: 'custom', file: 'x', profile: undefined }],
      ] as const) {
        const found = obstaclesOn(
          containerWith({
            user: known(user),
            seccomp: known(seccomp),
            bwrap: bwrap('0.12.0', true),
            capAdd: [known('ALL')],
            capDrop: [known('SETFCAP')],
            readOnlyRoot: known(true),
          }),
          host,
          OLD,
        );
        assert.ok(found.length <= GATES.length);
      }
    }
  });
});
