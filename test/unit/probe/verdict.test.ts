import assert from 'node:assert/strict';
import { ERRORS } from '../../../src/model/errors.js';
import type { Observation } from '../../../src/probe/observation.js';
import { parseProbe } from '../../../src/probe/parse.js';
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
      assert.match(observation.summary, /lets everything through/);
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
