import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { ERRORS } from '../../../../src/model/bwrap/errors.js';
import { CODEX_ERRORS } from '../../../../src/model/agents/codex/errors.js';
import { diagnose, diagnoseAll } from '../../../../src/model/sandbox/symptoms.js';

interface Row {
  readonly outcome: string;
  readonly gate: string | null;
  readonly stderr: string;
  readonly dockerArgs: readonly string[];
  readonly facts?: Readonly<Record<string, string>>;
}

const ROWS = new URL('../../../ground-truth/rows/', import.meta.url);

function rows(): readonly Row[] {
  return readdirSync(ROWS)
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => readFileSync(new URL(name, ROWS), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

/** What a gate's text says in wordings that the rows do not have: other versions, other distributions, other tools. */
const WORDINGS: Readonly<Record<string, readonly string[]>> = {
  'bwrap-available': ['bash: bwrap: command not found', 'bwrap: not found', 'sh: 1: bwrap: not found'],
  'bwrap-privileges': [
    'bwrap: setuid use of bubblewrap is not supported in this build',
    'bwrap: Unexpected capabilities but not setuid, old file caps config?',
  ],
  'seccomp-userns': [
    'bwrap: No permissions to creating new namespace: x\nbwrap: No permissions to create new namespace, likely because',
    'bwrap: Creating new namespace failed: Operation not permitted',
    'bwrap: unshare user ns: Operation not permitted',
    'unshare: unshare failed: Operation not permitted',
    'unshare: unshare(0x10000000): Operation not permitted',
    'unshare: unshare(0x1abcdef0) failed: EPERM',
    'Creating new namespace failed: ENOSYS',
    'bash: line 1:    12 Bad system call         (core dumped) codex sandbox -- true',
  ],
  'userns-allowed': [
    'bwrap: Creating new namespace failed: No space left on device',
    'unshare: unshare failed: No space left on device',
  ],
  apparmor: [
    'bwrap: Creating new namespace failed: Permission denied',
    'bwrap: pivot_root: Permission denied',
    'bwrap: Failed to mount tmpfs: Permission denied',
    "bwrap: Can't mount tmpfs on /newroot/tmp: Permission denied",
    'unshare: mount: EACCES',
    'unshare: unshare failed: Permission denied',
    'unshare: cannot change root filesystem propagation: Permission denied',
  ],
  loopback: [
    'bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted',
    'bwrap: loopback: Failed RTM_NEWLINK: Operation not permitted',
    'bwrap: loopback: Failed to open netlink socket: EACCES',
    'stderr: \u001b[31mbwrap: loopback: Failed RTM_NEWADDR: Operation not permitted\u001b[0m',
  ],
  'uid-map': [
    'bwrap: setting up uid map: Permission denied',
    'bwrap: setting up gid map: Operation not permitted',
    'unshare: write failed /proc/self/uid_map: Operation not permitted',
    'unshare: write failed /proc/self/gid_map: Permission denied',
  ],
  'pivot-root': [
    'bwrap: pivot_root: Operation not permitted',
    'bwrap: unmount old root: Operation not permitted',
    'bwrap: Failed to mount tmpfs: Operation not permitted',
    "bwrap: Can't bind mount /oldroot/ on /newroot/: Operation not permitted",
    "bwrap: Can't open source /: Function not implemented",
    'unshare: cannot change root filesystem propagation: Operation not permitted',
    "pivot_root: failed to change root from `.' to `old': Operation not permitted",
  ],
  'proc-mount': [
    "bwrap: Can't mount proc on /proc: Operation not permitted",
    "bwrap: Can't mount proc on /newroot/proc: Permission denied",
    'bwrap: Can’t mount proc on /proc: Invalid argument',
  ],
  'writable-paths': [
    'error building bubblewrap command: Read-only file system (os error 30)',
    'failed to create synthetic bubblewrap mount registry /tmp/codex-bwrap-synthetic-mount-targets-0: Read-only file system (os error 30)',
    '2026-11-21T08:00:00Z Error: Read-only file system (os error 30)',
  ],
};

suite('symptoms', () => {
  test('every failure of the ground truth is diagnosed with its gate', () => {
    const failures = rows().filter((row) => row.outcome === 'fails');
    assert.ok(failures.length > 800, 'the rows are there');
    for (const row of failures) {
      const gates = (row.gate ?? '').split('|');
      // Rows of newer engines name the gate that it was, others all that share the text.
      const expected = gates[0] === 'seccomp-userns' ? ['seccomp-userns', 'userns-allowed'] : gates;
      const symptom = diagnose(row.stderr);
      assert.ok(symptom?.gate && expected.includes(symptom.gate), `${row.stderr} is ${symptom?.gate ?? 'nothing'}`);
      if (expected.length > 1) {
        assert.deepEqual(
          [symptom.gate, ...symptom.alternatives].sort(),
          expected.sort(),
          'both are named while nothing decides',
        );
      } else {
        assert.deepEqual(symptom.alternatives, []);
      }
    }
  });

  test('the facts recorded with a row decide between the two gates of one text', () => {
    let decided = 0;
    for (const row of rows()) {
      if (row.gate !== 'seccomp-userns|userns-allowed' || row.facts?.['Seccomp'] === undefined) continue;
      const facts = {
        seccomp: Number(row.facts['Seccomp']),
        unprivilegedUsernsClone: Number(row.facts['kernel/unprivileged_userns_clone']),
      };
      const symptom = diagnose(row.stderr, facts);
      const unconfined = row.dockerArgs.some((arg) => arg === '--privileged' || arg.includes('seccomp=unconfined'));
      assert.equal(symptom?.gate, unconfined ? 'userns-allowed' : 'seccomp-userns', row.dockerArgs.join(' '));
      decided += 1;
    }
    assert.ok(decided > 50);
  });

  test('the model predicts only texts that are recognized', () => {
    for (const text of Object.values(ERRORS)) assert.ok(diagnose(text), text);
  });

  for (const [gate, texts] of Object.entries(WORDINGS)) {
    test(`${gate} in other wordings`, () => {
      for (const text of texts) assert.equal(diagnose(text)?.gate, gate, text);
    });
  }

  // Who said no, and what makes it say yes (docs/how-it-works.md, "The gates"): one text of every kind.
  for (const [text, gate, cause, remedy] of [
    [CODEX_ERRORS.bwrapMissing, 'bwrap-available', /none on PATH/, /Install the bubblewrap package.*from npm/],
    [
      ERRORS.capset,
      'bwrap-privileges',
      /SYS_ADMIN, SYS_CHROOT, NET_ADMIN, SETUID, SETGID and SYS_PTRACE/,
      /chmod u-s.* 0\.130/,
    ],
    [ERRORS.setuidRefused, 'bwrap-privileges', /0\.11\.2 and later.*refuses/, /chmod u-s/],
    [ERRORS.ambientCapabilities, 'bwrap-privileges', /Podman gives a user other than root/, /Remove every --cap-add/],
    [
      ERRORS.usernsNoneLeft,
      'userns-allowed',
      /user\.max_user_namespaces is 0/,
      /Raise user\.max_user_namespaces on the host/,
    ],
    [
      ERRORS.appArmorUserns,
      'apparmor',
      /docker-default\) blocks new user namespaces/,
      /apparmor=unconfined.*Capabilities do not help/,
    ],
    [
      ERRORS.usernsDenied,
      'seccomp-userns',
      /seccomp\) blocks new user namespaces/,
      /clone, unshare, mount, mount_setattr, umount2 and pivot_root/,
    ],
    [
      ERRORS.killed,
      'seccomp-userns',
      /seccomp\) ends bubblewrap/,
      /clone, unshare, mount, mount_setattr, umount2 and pivot_root/,
    ],
    [ERRORS.usernsUnsupported, 'seccomp-userns', /seccomp\) ends bubblewrap/, /seccomp=unconfined/],
    [
      ERRORS.loopback,
      'loopback',
      /set up the network.*Ubuntu 23\.10/,
      /^Put a bubblewrap before 0\.12 at \/usr\/bin\/bwrap.*bwrap-userns-restrict.*root with SYS_ADMIN/,
    ],
    [
      ERRORS.uidMapRestricted,
      'uid-map',
      /write the user map.*Ubuntu 23\.10/,
      /profile bwrap-userns-restrict.*setuid bwrap before 0\.11\.2/,
    ],
    [ERRORS.uidMap, 'uid-map', /lacks the capability SETFCAP/, /Add SETFCAP.*a user other than root/],
    [
      ERRORS.procMount,
      'proc-mount',
      /masks parts of \/proc.*older than 0\.12/,
      /^Copy the bubblewrap that comes with Codex to \/usr\/bin\/bwrap.* Or remove the bubblewrap package.*systempaths=unconfined \(Podman: unmask.*only if Codex does not run as root/,
    ],
    [ERRORS.appArmorMount, 'apparmor', /docker-default\) blocks the mounts/, /apparmor=unconfined/],
    [ERRORS.pivotRoot, 'pivot-root', /seccomp\) blocks pivot_root/, /pivot_root\..* Or .*seccomp=unconfined/],
    [CODEX_ERRORS.readOnly, 'writable-paths', /read-only.*no temporary folder/, /tmpfs on \/tmp/],
    [
      CODEX_ERRORS.helperLinks,
      'writable-paths',
      /helper links.*~\/\.codex.*before 0\.9/,
      /Keep HOME and CODEX_HOME out of \/tmp/,
    ],
    [
      "bwrap: Can't mkdir /workspaces/x/.git: Permission denied",
      'writable-paths',
      /may not write to the workspace folder.*even root.*native Linux/,
      /^No option of the container helps, not even privileged\. .*remoteUser.*updateRemoteUserUID is false.*chown.*chmod g\+w/,
    ],
    [
      "bwrap: Can't create file /workspaces/x/.git: Read-only file system",
      'writable-paths',
      /workspace folder is mounted read-only/,
      /without `readonly` and `ro`/,
    ],
    [
      'Error: Read-only file system (os error 30)',
      'writable-paths',
      /root file system is read-only, and this version of Codex must write to its home/,
      /^Mount a tmpfs on \/tmp and on the home folder \(--tmpfs\), or [^.]*\.$/,
    ],
    [
      'could not create PATH aliases: Read-only file system (os error 30)',
      'writable-paths',
      /home folder is read-only/,
      /tmpfs on \/tmp and on the home/,
    ],
  ] as const) {
    test(`${gate}: ${text.slice(0, 60)}`, () => {
      const symptom = diagnose(text);
      assert.equal(symptom?.gate, gate);
      assert.match(symptom.cause, cause);
      assert.match(symptom.remedy, remedy);
    });
  }

  // No filter (Seccomp: 0), or a filter where the switch is on: one cause is left. Else both are possible.
  for (const [what, facts, gate, alternatives, cause, remedy] of [
    [
      'nothing is known',
      {},
      'seccomp-userns',
      ['userns-allowed'],
      /default profile allows them only with .*SYS_ADMIN\.$/,
      /seccomp=unconfined, .*filter\.$/,
    ],
    [
      'no filter',
      { seccomp: 0 },
      'userns-allowed',
      [],
      /kernel forbids.*unprivileged_userns_clone=0/,
      /^Set kernel\.unprivileged_userns_clone=1 on the host/,
    ],
    [
      'a filter, and the switch is on',
      { seccomp: 2, unprivilegedUsernsClone: 1 },
      'seccomp-userns',
      [],
      /with the capability SYS_ADMIN\.$/,
      /seccomp=unconfined, .*filter\.$/,
    ],
    [
      'a filter, and there is no switch',
      { seccomp: 2, unprivilegedUsernsClone: null },
      'seccomp-userns',
      [],
      /with the capability SYS_ADMIN\.$/,
      /seccomp=unconfined, .*filter\.$/,
    ],
    [
      'a filter, and the switch is off',
      { seccomp: 2, unprivilegedUsernsClone: 0 },
      'seccomp-userns',
      ['userns-allowed'],
      /SYS_ADMIN\. The host also has kernel\.unprivileged_userns_clone=0/,
      /seccomp=unconfined, .* Set kernel\.unprivileged_userns_clone=1/,
    ],
    [
      'the switch is on',
      { unprivilegedUsernsClone: 1 },
      'seccomp-userns',
      ['userns-allowed'],
      /with the capability SYS_ADMIN\.$/,
      /seccomp=unconfined, .*filter\.$/,
    ],
  ] as const) {
    test(`seccomp or the kernel's switch: ${what}`, () => {
      const symptom = diagnose(ERRORS.usernsDenied, facts);
      assert.deepEqual([symptom?.gate, symptom?.alternatives], [gate, alternatives]);
      assert.match(symptom?.cause ?? '', cause);
      assert.match(symptom?.remedy ?? '', remedy);
    });
  }

  test('the error is the line, without what stands around it', () => {
    const text = `  \t${ERRORS.procMount.replace("'", '’')}  \nnext line`;
    assert.equal(diagnose(text)?.error, ERRORS.procMount);
  });

  test('two causes of one gate are two symptoms, and one cause is one, whatever the facts', () => {
    assert.equal(diagnoseAll(`${ERRORS.uidMap}\n${ERRORS.uidMapRestricted}`).length, 2);
    assert.equal(diagnoseAll(`${ERRORS.pivotRoot}\n${ERRORS.seccompUmount}`).length, 1);
    const denied = `${ERRORS.usernsDenied}\n${ERRORS.usernsDenied}`;
    assert.equal(diagnoseAll(denied, { seccomp: 0 }).length, 1);
    assert.equal(diagnoseAll(denied, { seccomp: 2, unprivilegedUsernsClone: 0 }).length, 1);
  });

  test('of several gates, the first that is no mere remark counts', () => {
    const log = `stderr: ${ERRORS.loopback}\nexit status: 1\nstderr: ${ERRORS.pivotRoot}`;
    assert.deepEqual(
      diagnoseAll(log).map((symptom) => symptom.gate),
      ['loopback', 'pivot-root'],
    );
    assert.equal(
      diagnose(`${ERRORS.procMount}\n${ERRORS.pivotRoot}`)?.gate,
      'proc-mount',
      'Codex does not get over it',
    );
  });

  test('EACCES and EPERM of one message have different causes', () => {
    assert.match(diagnose(ERRORS.uidMap)?.remedy ?? '', /SETFCAP/);
    assert.match(diagnose(ERRORS.uidMapRestricted)?.cause ?? '', /Ubuntu/);
    assert.equal(diagnose(ERRORS.seccompMount)?.gate, 'pivot-root');
    assert.equal(diagnose(ERRORS.appArmorMount)?.gate, 'apparmor');
  });

  test('the message that stops the sandbox comes before those that Codex gets over', () => {
    const text = [
      'WARNING: proceeding, even though we could not create PATH aliases: Read-only file system (os error 30)',
      "bwrap: Can't mount proc on /newroot/proc: Operation not permitted",
      'bwrap: pivot_root: Operation not permitted',
    ].join('\r\n');
    assert.deepEqual(
      diagnoseAll(text).map((symptom) => symptom.gate),
      ['pivot-root', 'writable-paths', 'proc-mount'],
    );
    assert.equal(diagnose(text)?.error, 'bwrap: pivot_root: Operation not permitted');
  });

  test('a message that is repeated is told once', () => {
    assert.equal(diagnoseAll(`${ERRORS.pivotRoot}\n${ERRORS.pivotRoot}\n`).length, 1);
  });

  test('other texts mean nothing', () => {
    for (const text of [
      '',
      'codex-cli 0.169.0',
      'ls: cannot open directory: Permission denied',
      'libbwrap: not found',
      'bwrap: something else not found',
      'bwrap: setting up uid map: No such process',
      'bwrap: pivot_root: No such file or directory',
      'error building bubblewrap command: no such file',
      "bwrap: Can't mkdir /newroot/x: No space left on device",
      // What mount(8) of util-linux says for EPERM and EACCES alike: it decides nothing.
      'mount: /mnt: permission denied.',
      // What bwrap prints without a process namespace of its own: no gate, and Codex never calls it so.
      'bwrap: loopback: Failed RTM_NEWADDR: No child processes',
      'Codex could not find bubblewrap on PATH. Codex will use the bundled bubblewrap in the meantime.',
    ]) {
      assert.equal(diagnose(text), undefined, text);
    }
  });

  test('a hostile text is read in time', () => {
    diagnose("Can't mount ".repeat(100_000));
    diagnose('unshare(0x'.repeat(100_000) + '\n'.repeat(100_000));
  });

  test('a workspace folder that belongs to somebody else', () => {
    for (const text of [
      "bwrap: Can't mkdir /workspaces/x/.git: Permission denied",
      "bwrap: Can't create file /.git: Permission denied",
      // Codex 0.120, measured.
      "bwrap: Can't create file at /workspaces/x/.codex: Permission denied",
      "bwrap: Can't create file at /workspaces/x/.codex: Read-only file system",
      "bwrap: Can't mkdir /workspaces/my project/.git: Permission denied",
    ]) {
      assert.equal(diagnose(text)?.gate, 'writable-paths', text);
    }
    // What is no folder that bwrap creates is another matter.
    assert.equal(diagnose("mkdir: Can't mkdir x: Permission denied"), undefined);
  });
});
