import assert from 'node:assert/strict';
import { ERRORS } from '../../../src/model/bwrap/errors.js';
import type { Observation } from '../../../src/probe/observation.js';
import { parseProbe } from '../../../src/probe/parse.js';
import { probeReport } from '../../../src/probe/text.js';
import { CODEX, NONCE, observe, probeOutput, step, SYSTEM_BWRAP, type Records } from './records.js';

const RECOVERABLE = "bwrap: Can't mount proc on /newroot/proc: Operation not permitted";
const WRITES: Records = [
  ...step('codex-write-inside', 'ok 0 80'),
  ...step('codex-write-outside', 'ok 2 80', 'Read-only file system'),
];
const NO_CODEX: Records = [['skip', 'codex-run', 'Codex is not installed']];

function ladder(kind: string, ends: Readonly<Record<string, readonly [string, string?]>>): Records {
  return ['user', 'pid-ipc', 'net', 'dev', 'proc'].flatMap((rung) => {
    const [end, text] = ends[rung] ?? ['ok 0 10'];
    return step(`${kind}-${rung}`, end, ...(text === undefined ? [] : [text]));
  });
}

function imitation(fails: string, text: string): Records {
  return ['user', 'map', 'all', 'pivot'].flatMap((name) =>
    name === fails ? step(`unshare-${name}`, 'fail 1 0', text) : step(`unshare-${name}`, 'ok 0 0'),
  );
}

function result({ outcome, gate }: Observation): string {
  return gate === null ? outcome : `${outcome} at ${gate}`;
}

suite('probe: the verdict', () => {
  suite('Codex is installed: its sandbox decides', () => {
    test('it runs, writes inside and not outside', () => {
      assert.equal(result(observe(...CODEX, ...step('codex-run', 'ok 0 80'), ...WRITES)), 'works');
    });

    test('whatever bwrap does by itself', () => {
      const failing = ladder('system', { proc: ['fail 1 10', ERRORS.procMount] });
      assert.equal(
        result(observe(...CODEX, ...SYSTEM_BWRAP, ...failing, ...step('codex-run', 'ok 0 80'), ...WRITES)),
        'works',
      );
      const passing = ladder('system', {});
      assert.equal(
        result(observe(...CODEX, ...SYSTEM_BWRAP, ...passing, ...step('codex-run', 'fail 1 80', ERRORS.procMount))),
        'fails at proc-mount',
      );
    });

    test('it does not start', () => {
      const observation = observe(...CODEX, ...step('codex-run', 'fail 1 80', ERRORS.pivotRoot));
      assert.equal(result(observation), 'fails at pivot-root');
      assert.match(
        observation.summary,
        /^Codex's sandbox does not start: bwrap: pivot_root: Operation not permitted\. /,
      );
      assert.match(observation.remediation, /seccomp/);
    });

    test('it does not start, and none of the gates is why', () => {
      const parents = "bwrap: Can't mkdir parents for /workspaces/app: Permission denied";
      const observation = observe(
        ...CODEX,
        ['fact', 'workspace', '/workspaces/app'],
        ['fact', 'workspace.refuses', 'EACCES'],
        ...step('codex-run', 'fail 1 80', parents),
        ...step('codex-workspace', 'fail 1 80', parents),
      );
      assert.equal(result(observation), 'fails');
      assert.deepEqual(
        observation.steps.map(({ gate }) => gate),
        [null, null],
      );
      assert.match(
        observation.summary,
        /^Codex's sandbox does not start: bwrap: Can't mkdir parents .* read each folder/,
      );
      assert.match(observation.remediation, /chmod o\+r/);
    });

    test('it does not start for a reason that is not known', () => {
      const observation = observe(...CODEX, ...step('codex-run', 'fail 2 80', 'error: duplicate key `sandbox_mode`'));
      assert.equal(result(observation), 'fails');
      assert.match(observation.summary, /duplicate key/);
    });

    test('it lets everything through', () => {
      const observation = observe(
        ...CODEX,
        ...step('codex-run', 'ok 0 80'),
        ...step('codex-write-inside', 'ok 0 80'),
        ...step('codex-write-outside', 'fail 0 80'),
      );
      assert.equal(result(observation), 'fails');
      assert.match(observation.summary, /protects nothing/);
    });

    test('it cannot write to the workspace', () => {
      const observation = observe(
        ...CODEX,
        ...step('codex-run', 'ok 0 80'),
        ...step('codex-write-inside', 'fail 2 80', 'sh: cannot create inside: Read-only file system'),
        ...step('codex-write-outside', 'ok 2 80'),
      );
      assert.equal(result(observation), 'fails');
      assert.match(observation.summary, /cannot write to the workspace/);
    });

    test('it hangs', () => {
      assert.equal(result(observe(...CODEX, ...step('codex-run', 'fail 124 20000'))), 'unknown');
      assert.equal(
        result(
          observe(
            ...CODEX,
            ...step('codex-run', 'ok 0 80'),
            ...step('codex-write-inside', 'ok 0 80'),
            ...step('codex-write-outside', 'fail 124 20000'),
          ),
        ),
        'unknown',
      );
    });
  });

  suite('Codex is not installed: its calls of bwrap decide', () => {
    test('bwrap does all of it', () => {
      assert.equal(result(observe(...SYSTEM_BWRAP, ...ladder('system', {}), ...NO_CODEX)), 'works');
    });

    test('Codex tries again without /proc when bwrap is older than 0.12', () => {
      const old = ladder('system', { proc: ['fail 1 10', RECOVERABLE] });
      assert.equal(result(observe(...SYSTEM_BWRAP, ...old, ...NO_CODEX)), 'works');
      const recent = ladder('system', { proc: ['fail 1 10', ERRORS.procMount] });
      assert.equal(result(observe(...SYSTEM_BWRAP, ...recent, ...NO_CODEX)), 'fails at proc-mount');
    });

    test('the fullest call names the gate, as with Codex', () => {
      const ubuntu = ladder('system', {
        user: ['fail 1 10', ERRORS.uidMapRestricted],
        proc: ['fail 1 10', ERRORS.loopback],
      });
      assert.equal(result(observe(...SYSTEM_BWRAP, ...ubuntu, ...NO_CODEX)), 'fails at loopback');
    });

    test('a bwrap without --argv0 needs a home that Codex can write to', () => {
      const home: Records = [
        ['fact', 'codex_home', '/home/vscode/.codex'],
        ['fact', 'codex_home.writable', 'no'],
      ];
      assert.equal(
        result(observe(...SYSTEM_BWRAP, ...home, ...ladder('system', {}), ...NO_CODEX)),
        'fails at writable-paths',
      );
    });

    test('a bwrap that Codex does not take is not judged', () => {
      const setuid: Records = [
        ['fact', 'bwrap.1.path', '/usr/bin/bwrap'],
        ['fact', 'bwrap.1.usable', 'no'],
      ];
      assert.equal(
        result(observe(...setuid, ...imitation('pivot', 'pivot_root: Operation not permitted'), ...NO_CODEX)),
        'fails at pivot-root',
      );
    });
  });

  suite('neither Codex nor bwrap: the same system calls decide', () => {
    test('they succeed', () => {
      assert.equal(result(observe(...imitation('none', ''), ...NO_CODEX)), 'works');
    });

    test('the first that fails names the gate', () => {
      const denied = 'unshare: unshare failed: Operation not permitted';
      assert.equal(
        result(observe(['fact', 'status.Seccomp', '2'], ...imitation('user', denied))),
        'fails at seccomp-userns',
      );
      assert.equal(
        result(observe(['fact', 'status.Seccomp', '0'], ...imitation('user', denied))),
        'fails at userns-allowed',
      );
    });

    test("Ubuntu's restriction stops bwrap a step earlier than unshare", () => {
      const map = imitation('map', 'unshare: write failed /proc/self/uid_map: Operation not permitted');
      assert.equal(result(observe(...map)), 'fails at uid-map');
      assert.equal(
        result(observe(['fact', 'apparmor_restrict_unprivileged_userns', '1'], ...map)),
        'fails at loopback',
      );
    });

    test('without unshare nothing is known', () => {
      const skipped = ['user', 'map', 'all', 'pivot'].map(
        (n) => ['skip', `unshare-${n}`, 'there is no unshare'] as const,
      );
      assert.equal(result(observe(...skipped, ...NO_CODEX)), 'unknown');
    });
  });

  suite('the workspace folder is somebody else’s', () => {
    const folder = (present: string, refuses = 'EACCES'): Records => [
      ['fact', 'workspace', '/w'],
      ['fact', 'workspace.mode', 'drwxr-xr-x'],
      ['fact', 'workspace.owner', '1000 1001'],
      ['fact', 'workspace.present', present],
      ['fact', 'workspace.refuses', refuses],
      ['fact', 'uid', '0'],
      ['fact', 'user', 'root'],
    ];
    const DENIED = "bwrap: Can't mkdir /w/.git: Permission denied";
    const denied = step('codex-workspace', 'fail 1 80', 'WARNING: something', DENIED);
    const works: Records = [...step('codex-run', 'ok 0 80'), ...WRITES];

    test('Codex says so, though it runs elsewhere', () => {
      const observation = observe(...CODEX, ...folder(''), ...denied, ...works);
      assert.equal(result(observation), 'fails at writable-paths');
      assert.match(
        observation.summary,
        /^Codex's sandbox does not start in the workspace folder: bwrap: Can't mkdir \/w\/\.git: Permission denied\. \/w belongs to user 1000 and group 1001 \(drwxr-xr-x\), and Codex runs as root \(0\)\. /,
      );
      assert.match(observation.remediation, /^No option of the container helps.*chown/);
    });

    test('it is met before /proc', () => {
      const proc = step('codex-run', 'fail 1 80', ERRORS.procMount);
      assert.equal(result(observe(...CODEX, ...folder(''), ...denied, ...proc)), 'fails at writable-paths');
    });

    test('what is met before it counts', () => {
      const seccomp = ['codex-workspace', 'codex-run'].flatMap((id) => step(id, 'fail 1 80', ERRORS.pivotRoot));
      assert.equal(result(observe(...CODEX, ...folder(''), ...seccomp)), 'fails at pivot-root');
    });

    test('it starts where nothing is missing, but commands can write nothing there', () => {
      const ok = step('codex-workspace', 'ok 0 80');
      const observation = observe(...CODEX, ...folder('.git .agents .codex .aws'), ...ok, ...works);
      assert.equal(result(observation), 'works');
      assert.match(observation.summary, /works.* But no command can write to the workspace folder: \/w belongs to/);
      assert.match(observation.remediation, /chown/);
      const readOnly = observe(...CODEX, ...folder('.git .agents .codex .aws', 'EROFS'), ...ok, ...works);
      assert.match(readOnly.summary, /can write to the workspace folder: \/w is mounted read-only\.$/);
      assert.match(readOnly.remediation, /^Mount the workspace folder/);
    });

    test('it does not start there for a reason that is not known', () => {
      const link = 'error building bubblewrap command: Fatal error: it crosses writable symlink /w/.git';
      const observation = observe(...CODEX, ...folder('.git'), ...step('codex-workspace', 'fail 1 80', link), ...works);
      assert.equal(result(observation), 'fails');
      assert.match(
        observation.summary,
        /starts elsewhere, but not in the workspace folder: .*crosses writable symlink/,
      );
    });

    test('nor can they without Codex, where bwrap has nothing to create', () => {
      const full = observe(
        ...SYSTEM_BWRAP,
        ...folder('.git .agents .codex .aws'),
        ...ladder('system', {}),
        ...NO_CODEX,
      );
      assert.equal(result(full), 'works');
      assert.match(full.summary, /no command can write to the workspace folder/);
    });

    test('a user who may not even enter it', () => {
      const skipped: Records = [['skip', 'codex-workspace', 'this user may not enter the folder']];
      const observation = observe(...CODEX, ...folder(''), ...skipped, ...works);
      assert.equal(result(observation), 'fails at writable-paths');
      assert.match(
        observation.summary,
        /in the workspace folder: this user may not enter it\. \/w belongs to user 1000/,
      );
      assert.match(observation.remediation, /chown/);
    });

    test('a folder that lets things be created says nothing', () => {
      const observation = observe(...CODEX, ...folder('', 'nothing'), ...works);
      assert.deepEqual([result(observation), observation.remediation], ['works', '']);
      assert.doesNotMatch(observation.summary, /workspace folder/);
      // Nor does a step that nobody asked for.
      assert.equal(result(observe(...CODEX, ...folder('', 'nothing'), ...denied, ...works)), 'works');
    });

    test('without Codex bwrap tells, and without bwrap the same system call', () => {
      const rung = step('system-workspace', 'fail 1 10', DENIED);
      const bwrapTells = observe(...SYSTEM_BWRAP, ...folder(''), ...ladder('system', {}), ...rung, ...NO_CODEX);
      assert.equal(result(bwrapTells), 'fails at writable-paths');
      const said = "mkdir: cannot create directory '/w/.agents': Permission denied";
      const mkdir = step('unshare-workspace', 'fail 1 10', said);
      const imitated = observe(...folder('.git'), ...imitation('none', ''), ...mkdir, ...NO_CODEX);
      assert.equal(result(imitated), 'fails at writable-paths');
      assert.match(imitated.summary, /bwrap: Can't mkdir \/w\/\.agents: Permission denied/);
      const earlier = observe(...folder(''), ...imitation('pivot', 'pivot_root: Operation not permitted'), ...mkdir);
      assert.equal(result(earlier), 'fails at pivot-root');
    });

    test('the report says whose it is', () => {
      assert.match(
        probeReport(observe(...CODEX, ...folder('.git'), ...denied, ...works)),
        /^ {2}Workspace +\/w: owner 1000:1001, drwxr-xr-x, not writable by this user, has \.git, lacks \.agents \.codex \.aws$/m,
      );
    });
  });

  test('no folder that can be written to', () => {
    const output = probeOutput().replace('/tmp', 'none');
    assert.equal(result(parseProbe(output, NONCE)), 'fails at writable-paths');
  });

  test('a probe that was cut short knows only what Codex has said', () => {
    const cut = (records: Records): Observation =>
      parseProbe(probeOutput(...records).replace(`${NONCE}\tprobe\tdone\t1\n`, ''), NONCE);
    assert.equal(result(cut([...SYSTEM_BWRAP, ...ladder('system', {})])), 'unknown');
    assert.equal(result(cut([...CODEX, ...step('codex-run', 'ok 0 80')])), 'unknown');
    assert.equal(result(cut([...CODEX, ...step('codex-run', 'fail 1 80', ERRORS.pivotRoot)])), 'fails at pivot-root');
  });
});
