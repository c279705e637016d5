import assert from 'node:assert/strict';
import { known, unknown, type Container } from '../../../src/model/container.js';
import { predict } from '../../../src/model/gates.js';
import { HOSTS } from '../../../src/model/host.js';
import { CLONE_NEWUSER, tailoredProfile, type SeccompProfile } from '../../../src/model/seccomp.js';
import { DOCKER_DEFAULT_PROFILE } from '../../../src/model/seccompProfiles.js';
import { bwrap, CODEX, containerWith } from '../containers.js';

const DESKTOP = HOSTS['docker-desktop'];
const UNCONFINED = { seccomp: known({ kind: 'unconfined' as const }) };

function outcome(changes: Partial<Container>, codex = CODEX, host = DESKTOP): string {
  const { outcome, gate, error } = predict(containerWith(changes), host, codex);
  return [outcome, gate, error].filter(Boolean).join(' | ');
}

function under(profile: SeccompProfile): Partial<Container> {
  return { seccomp: known({ kind: 'custom', file: 'p.json', profile }) };
}

function without(call: string): Partial<Container> {
  const all = tailoredProfile(DOCKER_DEFAULT_PROFILE);
  return under({
    ...all,
    syscalls: all.syscalls.map((rule, i) =>
      i < DOCKER_DEFAULT_PROFILE.syscalls.length
        ? rule
        : { ...rule, names: rule.names?.filter((n) => n !== call) ?? [] },
    ),
  });
}

suite('gates: measured on 2026-11-21 with Codex 0.169.0 and Docker 20.10', () => {
  const root = { user: known('root') };

  for (const [call, expected] of Object.entries({
    mount: 'fails | pivot-root | bwrap: Failed to make / slave: Operation not permitted',
    umount2: 'fails | pivot-root | bwrap: unmount old root: Operation not permitted',
    pivot_root: 'fails | pivot-root | bwrap: pivot_root: Operation not permitted',
    unshare: 'fails | seccomp-userns | bwrap: unshare user ns: Operation not permitted',
  })) {
    test(`the tailored profile without ${call}`, () => {
      assert.equal(outcome(without(call)), expected);
    });
  }

  test('the tailored profile without clone', () => {
    assert.match(
      outcome(without('clone')),
      /^fails \| seccomp-userns \| bwrap: No permissions to create a new namespace/,
    );
  });

  test('root does without unshare', () => {
    assert.equal(outcome({ ...without('unshare'), ...root }), 'works');
  });

  test('an empty profile filters nothing', () => {
    assert.equal(outcome(under({ syscalls: [] })), 'works');
  });

  test('a read-only root stops Codex before it looks for a bwrap and before seccomp', () => {
    const readOnly = 'fails | writable-paths | error building bubblewrap command: Read-only file system (os error 30)';
    assert.equal(outcome({ readOnlyRoot: known(true) }), readOnly);
    assert.equal(outcome({ readOnlyRoot: known(true) }, { ...CODEX, bundledBwrap: false }), readOnly);
    assert.equal(outcome({ readOnlyRoot: known(true), tmpfs: [known('/home/vscode')], ...UNCONFINED }), readOnly);
  });

  test('a tmpfs on /tmp is enough with the bundled bwrap, not with 0.8', () => {
    const tmp = { readOnlyRoot: known(true), tmpfs: [known('/tmp')], ...UNCONFINED };
    const links = 'fails | writable-paths | bwrap: execvp codex-linux-sandbox: No such file or directory';
    assert.equal(outcome(tmp), 'works');
    assert.equal(outcome({ ...tmp, bwrap: bwrap('0.8.0') }), links);
    assert.equal(outcome({ ...tmp, bwrap: bwrap('0.12.0'), maskedPaths: known(false) }), 'works');
    assert.equal(outcome({ ...tmp, bwrap: bwrap('0.8.0'), tmpfs: [known('/tmp'), known('/home/vscode')] }), links);
    assert.equal(
      outcome({ ...tmp, bwrap: bwrap('0.8.0'), tmpfs: [known('/tmp'), known('/home/vscode:uid=1000')] }),
      'works',
    );
    assert.equal(
      outcome({ ...tmp, bwrap: bwrap('0.8.0'), tmpfs: [known('/tmp'), known('/home/vscode/.codex:mode=1777')] }),
      'works',
    );
    assert.equal(outcome({ ...tmp, ...root, bwrap: bwrap('0.8.0'), tmpfs: [known('/tmp'), known('/root')] }), 'works');
  });

  test('the bare executable needs a bwrap of the distribution that it can use', () => {
    const bare = { ...CODEX, bundledBwrap: false };
    assert.match(outcome(UNCONFINED, bare), /^fails \| bwrap-available \| bubblewrap is unavailable/);
    assert.match(outcome({}, bare), /^fails \| bwrap-available/);
    assert.equal(outcome({ ...UNCONFINED, bwrap: bwrap('0.8.0') }, bare), 'works');
    assert.match(outcome({ ...UNCONFINED, bwrap: bwrap('0.8.0', true) }, bare), /^fails \| bwrap-available/);
    assert.equal(outcome({ ...UNCONFINED, ...root, bwrap: bwrap('0.8.0', true) }, bare), 'works');
  });

  test('a profile under --privileged: ignored by Docker 20.10, not measured on newer ones, so not known', () => {
    assert.equal(outcome({ privileged: known(true), ...under(DOCKER_DEFAULT_PROFILE) }), 'unknown');
    assert.equal(outcome({ privileged: known(true), ...under(tailoredProfile(DOCKER_DEFAULT_PROFILE)) }), 'works');
  });
});

suite('gates: what is not known is unknown, unless something before it decides', () => {
  test('an unknown image fails at seccomp all the same', () => {
    const image = {
      bwrap: { presence: unknown<'absent'>('x'), setuid: unknown<boolean>('x'), version: unknown<string>('x') },
    };
    assert.match(outcome(image), /^fails \| seccomp-userns/);
    assert.equal(outcome({ ...image, ...UNCONFINED }), 'unknown');
    assert.equal(outcome({ ...image, ...UNCONFINED, maskedPaths: known(false) }), 'works');
  });

  test('an AppArmor profile that nobody knows', () => {
    const named = { ...UNCONFINED, apparmor: known({ kind: 'named' as const, name: 'team-profile' }) };
    assert.equal(outcome(named, CODEX, HOSTS['docker-linux']), 'unknown');
    assert.equal(outcome(named), 'works');
  });

  test('a capability that something unread may add', () => {
    assert.equal(outcome({ capAdd: [unknown('a Feature')] }), 'unknown');
  });

  test('an unknown user matters where root passes and others do not', () => {
    const ubuntu = { ...UNCONFINED, apparmor: known({ kind: 'unconfined' as const }), capAdd: [known('SYS_ADMIN')] };
    assert.equal(outcome({ ...ubuntu, user: unknown('x') }, CODEX, HOSTS['docker-ubuntu']), 'unknown');
    assert.equal(outcome({ ...ubuntu, user: known('root') }, CODEX, HOSTS['docker-ubuntu']), 'works');
  });
});

suite('tailored profile', () => {
  test('adds nothing but the five calls, two of them only with CLONE_NEWUSER', () => {
    const added = tailoredProfile(DOCKER_DEFAULT_PROFILE).syscalls.slice(DOCKER_DEFAULT_PROFILE.syscalls.length);
    assert.deepEqual(
      added.map((r) => [r.names, r.args?.map((a) => [a.index, a.value, a.valueTwo, a.op])]),
      [
        [['clone', 'unshare'], [[0, CLONE_NEWUSER, CLONE_NEWUSER, 'SCMP_CMP_MASKED_EQ']]],
        [['mount', 'pivot_root', 'umount2'], undefined],
      ],
    );
  });
});
