import assert from 'node:assert/strict';
import { diagnose, diagnoseAll } from '../../../../src/model/sandbox/symptoms.js';
import { ERRORS } from '../../../../src/model/bwrap/errors.js';

/** Texts whose cause is not the container's: which gate, why, what helps, and whether it is only reported. */
const TEXTS: readonly (readonly [string, string | null, RegExp, RegExp, 'measured' | 'reported'])[] = [
  [
    "bwrap: Can't mount devpts on /newroot/dev/pts: Permission denied",
    null,
    /^SELinux on the host/,
    /ausearch -m AVC.*label=disable/,
    'reported',
  ],
  [
    "bwrap: Can't mount devpts on /dev/pts: Permission denied",
    null,
    /^SELinux on the host/,
    /label=disable/,
    'reported',
  ],
  [
    "bwrap: Can't mkdir parents for /workspaces/app: Permission denied",
    null,
    /^bubblewrap 0\.12\.0 to 0\.13\.0 must be able to read each folder.*0\.9\.0-1ubuntu0\.2/,
    /chmod o\+r.*0\.13\.1\. Or remove the bubblewrap package/,
    'measured',
  ],
  [
    'bwrap: Can\'t bind mount / on /: mount_setattr() failed at "/newroot": Operation not permitted',
    'pivot-root',
    /seccomp.* mount_setattr\. bubblewrap 0\.13/,
    /^Add mount_setattr to the calls.*only this call is missing\.$/,
    'measured',
  ],
  [
    "bwrap: Can't open source /: Function not implemented",
    'pivot-root',
    /seccomp.* openat2\. bubblewrap 0\.12/,
    /^Add openat2 .*Or remove the bubblewrap package/,
    'measured',
  ],
  [
    "bwrap: Can't mkdir parents for /: Function not implemented",
    'pivot-root',
    /seccomp.* openat2\. bubblewrap 0\.12/,
    /^Add openat2/,
    'measured',
  ],
  [
    'bwrap: pivot_root: Invalid argument',
    'pivot-root',
    /rootfs.*Unraid/,
    /root file system that is mounted over rootfs/,
    'measured',
  ],
  [
    "bwrap: Can't read /proc/sys/kernel/overflowuid: No such file or directory",
    null,
    /^\/proc\/sys is hidden.*Termux.*gVisor/,
    /remove ProcSubset=pid/,
    'measured',
  ],
  [
    "bwrap: Can't write data to file /w/one.key: Bad file descriptor",
    null,
    /denies two or more files/,
    /^Update Codex.*deny the folder/,
    'reported',
  ],
  ['bwrap: Unknown option --perms', 'bwrap-available', /bwrap before 0\.5/, /^Update Codex: 0\.129/, 'reported'],
  [
    "bwrap: Can't mkdir /.git: Permission denied",
    'writable-paths',
    /^Codex treats \/ as a writable folder.*":root" = "write"/,
    /":workspace_roots" instead of ":root"/,
    'measured',
  ],
  [
    'error building bubblewrap command: mountinfo path is not absolute',
    null,
    /list of mounts/,
    /^Update Codex/,
    'reported',
  ],
  [
    'error building bubblewrap command: app-server socket directory has an unsupported host mount at /alias; remove the bind-mount alias or nested mount before starting the sandbox',
    null,
    /codex-daemon-UID.* second place/,
    /^Remove the mount.*\/mnt\/wslg\/distro.*0\.155 and 0\.156/,
    'measured',
  ],
  [
    'error building bubblewrap command: cannot establish app-server socket mount isolation',
    null,
    /proot and Btrfs/,
    /^Update Codex.* mount a tmpfs on \/tmp/,
    'reported',
  ],
  [
    'error building bubblewrap command: app-server socket directory must be a user-owned directory with mode 0700',
    null,
    /mode is not 0700\. Another agent's sandbox/,
    /^Remove that folder.*start it outside/,
    'measured',
  ],
  [
    'failed to resolve synthetic mount registry temp directory /tmp/claude: No such file or directory (os error 2)',
    null,
    /^TMPDIR names a folder that does not exist/,
    /^Create that folder/,
    'measured',
  ],
  [
    'filesystem-restricted execution requires bubblewrap to isolate app-server sockets',
    null,
    /^use_legacy_landlock/,
    /^Remove use_legacy_landlock/,
    'measured',
  ],
  [
    'bwrap: loopback: Failed to create NETLINK_ROUTE socket: Operation not permitted',
    'loopback',
    /^A filter .*network sockets.*agent/,
    /^Start the inner agent outside/,
    'measured',
  ],
];

suite('error texts whose cause is not the container’s', () => {
  for (const [text, gate, cause, remedy, evidence] of TEXTS) {
    test(text.slice(0, 90), () => {
      const symptom = diagnose(text);
      assert.ok(symptom);
      assert.equal(symptom.gate, gate);
      assert.match(symptom.cause, cause);
      assert.match(symptom.remedy, remedy);
      assert.equal(symptom.reported === undefined ? 'measured' : 'reported', evidence);
      assert.equal(symptom.weak, false);
    });

    test(`the same, wrapped by Codex: ${text.slice(0, 60)}`, () => {
      const wrapped = `ERROR codex_core: error=Failed to read /w/a: fs sandbox helper failed with status exit status: 1: ${text}`;
      assert.match(diagnose(wrapped)?.cause ?? '', cause);
    });
  }

  test('fs sandbox helper: the message within decides', () => {
    const failed = 'fs sandbox helper failed with status exit status: 1: ';
    assert.equal(diagnose(`${failed}${ERRORS.loopback}`)?.gate, 'loopback');
    assert.equal(diagnose(`${failed}${ERRORS.loopback}`)?.error, ERRORS.loopback);
    assert.equal(diagnose(failed), undefined);
  });

  test('the neighbours of these texts mean what they meant', () => {
    for (const [text, gate] of [
      ["bwrap: Can't mount tmpfs on /newroot/dev: Permission denied", 'apparmor'],
      ["bwrap: Can't mount devpts on /newroot/dev/pts: Operation not permitted", 'pivot-root'],
      ["bwrap: Can't mkdir /workspaces/app/.git: Permission denied", 'writable-paths'],
      ["bwrap: Can't bind mount / on /: Operation not permitted", 'pivot-root'],
      ['bwrap: pivot_root: Permission denied', 'apparmor'],
      ['bwrap: Unknown option --argv0', 'bwrap-available'],
    ] as const) {
      assert.equal(diagnose(text)?.gate, gate, text);
    }
  });
});

suite('an agent inside the sandbox of another', () => {
  const texts = [
    ERRORS.loopback,
    ERRORS.uidMapRestricted,
    'bwrap: loopback: Failed to create NETLINK_ROUTE socket: Operation not permitted',
    'error building bubblewrap command: app-server socket directory must be a user-owned directory with mode 0700',
  ];

  for (const text of texts) {
    test(`the facts decide: ${text}`, () => {
      const inside = diagnose(text, { insideSandbox: 'Claude Code' });
      assert.match(inside?.cause ?? '', /^This runs inside the sandbox of Claude Code, [^.]*\.$/);
      assert.match(inside?.remedy ?? '', /^Start the inner agent outside that sandbox/);
      const outside = diagnose(text, { insideSandbox: null });
      assert.doesNotMatch(outside?.cause ?? '', /Claude Code|Another agent's/);
      assert.equal(inside?.gate, outside?.gate);
    });
  }

  test('without facts both causes of a text are named', () => {
    for (const text of [ERRORS.loopback, ERRORS.uidMapRestricted]) {
      assert.match(diagnose(text)?.cause ?? '', /Ubuntu 23\.10.*Another agent's sandbox around this one [^.]*\.$/);
      assert.match(diagnose(text)?.remedy ?? '', /setuid bwrap.*If another agent started this one/);
      assert.doesNotMatch(diagnose(text, { insideSandbox: null })?.remedy ?? '', /another agent/);
    }
  });
});

suite('a refused /proc that Codex gets over', () => {
  const old = "bwrap: Can't mount proc on /newroot/proc: Operation not permitted";

  test('alone it is no failure, and says so', () => {
    const symptom = diagnose(old);
    assert.equal(symptom?.gate, 'proc-mount');
    assert.equal(symptom.weak, true);
    assert.match(symptom.remedy, /^You can ignore this line/);
  });

  test('as 0.12 words it, it is one', () => {
    const symptom = diagnose(ERRORS.procMount);
    assert.equal(symptom?.weak, false);
    assert.match(symptom.remedy, /^Copy the bubblewrap that comes with Codex to \/usr\/bin\/bwrap/);
  });

  test('with an error that Codex does not look for, it is one', () => {
    assert.equal(diagnose("bwrap: Can't mount proc on /newroot/proc: No such device")?.weak, false);
  });

  test('beside another message it comes last', () => {
    assert.deepEqual(
      diagnoseAll(`${old}\n${ERRORS.pivotRoot}`).map(({ gate }) => gate),
      ['pivot-root', 'proc-mount'],
    );
  });
});
