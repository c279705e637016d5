import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { ERRORS } from '../../../src/model/errors.js';
import { diagnose, diagnoseAll } from '../../../src/model/symptoms.js';

interface Row {
  readonly outcome: string;
  readonly gate: string | null;
  readonly stderr: string;
  readonly dockerArgs: readonly string[];
  readonly facts?: Readonly<Record<string, string>>;
}

const ROWS = new URL('../../ground-truth/rows/', import.meta.url);

function rows(): readonly Row[] {
  return readdirSync(ROWS)
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => readFileSync(new URL(name, ROWS), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

/** What a gate's text says in wordings that the rows do not have: other versions, other distributions, other tools. */
const WORDINGS: Readonly<Record<string, readonly string[]>> = {
  'bwrap-available': ['bash: bwrap: command not found', 'sh: 1: bwrap: not found'],
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
  ],
  'userns-allowed': [
    'bwrap: Creating new namespace failed: No space left on device',
    'unshare: unshare failed: No space left on device',
  ],
  apparmor: [
    'bwrap: Creating new namespace failed: Permission denied',
    'bwrap: pivot_root: Permission denied',
    'bwrap: Failed to mount tmpfs: Permission denied',
    'unshare: unshare failed: Permission denied',
    'unshare: cannot change root filesystem propagation: Permission denied',
  ],
  loopback: [
    'bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted',
    'bwrap: loopback: Failed RTM_NEWLINK: Operation not permitted',
    'stderr: \u001b[31mbwrap: loopback: Failed RTM_NEWADDR: Operation not permitted\u001b[0m',
  ],
  'uid-map': [
    'bwrap: setting up uid map: Permission denied',
    'bwrap: setting up gid map: Operation not permitted',
    'unshare: write failed /proc/self/uid_map: Operation not permitted',
  ],
  'pivot-root': [
    'bwrap: pivot_root: Operation not permitted',
    'bwrap: unmount old root: Operation not permitted',
    "pivot_root: failed to change root from `.' to `old': Operation not permitted",
  ],
  'proc-mount': [
    "bwrap: Can't mount proc on /proc: Operation not permitted",
    "bwrap: Can't mount proc on /newroot/proc: Permission denied",
    'bwrap: Can’t mount proc on /proc: Invalid argument',
  ],
  'writable-paths': ['error building bubblewrap command: Read-only file system (os error 30)'],
};

suite('symptoms', () => {
  test('every failure of the ground truth is diagnosed with its gate', () => {
    const failures = rows().filter((row) => row.outcome === 'fails');
    assert.ok(failures.length > 800, 'the rows are there');
    for (const row of failures) {
      const expected = (row.gate ?? '').split('|');
      const symptom = diagnose(row.stderr);
      assert.ok(symptom && expected.includes(symptom.gate), `${row.stderr} is ${symptom?.gate ?? 'nothing'}`);
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
        maxUserNamespaces: Number(row.facts['user/max_user_namespaces']),
      };
      const symptom = diagnose(row.stderr, facts);
      const unconfined = row.dockerArgs.some((arg) => arg === '--privileged' || arg.includes('seccomp=unconfined'));
      assert.equal(symptom?.gate, unconfined ? 'userns-allowed' : 'seccomp-userns', row.dockerArgs.join(' '));
      decided += 1;
    }
    assert.ok(decided > 50);
  });

  test('the model foretells no text that is not recognised', () => {
    for (const text of Object.values(ERRORS)) assert.ok(diagnose(text), text);
  });

  for (const [gate, texts] of Object.entries(WORDINGS)) {
    test(`${gate} in other wordings`, () => {
      for (const text of texts) assert.equal(diagnose(text)?.gate, gate, text);
    });
  }

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
      // What bwrap prints without a process namespace of its own: no gate, and Codex never calls it so.
      'bwrap: loopback: Failed RTM_NEWADDR: No child processes',
      'Codex could not find bubblewrap on PATH. Codex will use the bundled bubblewrap in the meantime.',
    ]) {
      assert.equal(diagnose(text), undefined, text);
    }
  });

  test('a hostile text takes no time', () => {
    const started = Date.now();
    diagnose("Can't mount ".repeat(100_000));
    diagnose('unshare(0x'.repeat(100_000) + '\n'.repeat(100_000));
    assert.ok(Date.now() - started < 1000);
  });

  test('a workspace folder that belongs to somebody else', () => {
    assert.equal(diagnose("bwrap: Can't mkdir /workspaces/x/.git: Permission denied")?.gate, 'writable-paths');
    assert.equal(diagnose("bwrap: Can't create file /.git: Permission denied")?.gate, 'writable-paths');
  });
});
