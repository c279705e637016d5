import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseProbe } from '../../../src/probe/parse.js';
import { CODEX, NONCE, observe, probeOutput, step, SYSTEM_BWRAP } from './records.js';

suite('probe: reading its output', () => {
  test('facts', () => {
    const { facts } = observe(
      ...CODEX,
      ...SYSTEM_BWRAP,
      ['fact', 'bwrap.2.path', '/usr/local/bin/bwrap'],
      ['fact', 'bwrap.2.mode', '-rwsr-xr-x'],
      ['fact', 'bwrap.2.help', 'bwrap: capset failed: Operation not permitted'],
      ['fact', 'bwrap.2.usable', 'no'],
      ['fact', 'bwrap.bundled.path', '/opt/codex/codex-resources/bwrap'],
      ['passed', 'bin', 'a relative entry'],
      ['fact', 'uid', '1000'],
      ['fact', 'user', 'vscode'],
      ['fact', 'status.Seccomp', '2'],
      ['fact', 'status.NoNewPrivs', '0'],
      ['fact', 'max_user_namespaces', '96365'],
      ['fact', 'apparmor_restrict_unprivileged_userns', 'x'],
      ['fact', 'proc.submounts', '/proc/keys /proc/sys'],
      ['fact', 'os.ID', 'debian'],
      ['fact', 'os.VERSION_ID', '12'],
    );
    assert.deepEqual(facts.codex, {
      origin: 'path',
      path: '/usr/local/bin/codex',
      version: '0.169.0',
      sandboxCommand: null,
    });
    assert.deepEqual(
      facts.bwraps.map(({ kind, setuid, usable, problem }) => [kind, setuid, usable, problem]),
      [
        ['system', false, true, null],
        ['system', true, false, 'bwrap: capset failed: Operation not permitted'],
        ['bundled', false, false, null],
      ],
    );
    assert.deepEqual(facts.passedOver, [{ path: 'bin', reason: 'a relative entry' }]);
    assert.deepEqual(facts.user, { uid: 1000, name: 'vscode' });
    assert.equal(facts.seccomp, 2);
    assert.equal(facts.noNewPrivileges, false);
    assert.equal(facts.maxUserNamespaces, 96365);
    assert.equal(facts.apparmorRestrictUnprivilegedUserns, null);
    assert.deepEqual(facts.procSubmounts, ['/proc/keys', '/proc/sys']);
    assert.deepEqual(facts.distro, { id: 'debian', version: '12' });
  });

  test('the workspace folder', () => {
    const folder = (...more: readonly (readonly [string, string])[]) =>
      observe(...[['workspace', '/w'] as const, ...more].map(([key, value]) => ['fact', key, value] as const)).facts
        .workspace;
    const seen = [
      ['workspace.mode', 'drwxrwsr-t+'],
      ['workspace.owner', '1000 65534'],
      ['workspace.present', '.codex .git'],
      ['workspace.refuses', 'EACCES'],
    ] as const;
    assert.deepEqual(folder(...seen), {
      path: '/w',
      owner: { uid: 1000, gid: 65534 },
      mode: 'drwxrwsr-t',
      refuses: 'EACCES',
      present: ['.git', '.codex'],
      links: [],
      unreadable: [],
    });
    assert.equal(folder(['workspace.refuses', 'nothing'])?.refuses, null);
    assert.equal(folder(['workspace.refuses', 'EROFS'])?.refuses, 'EROFS');
    // What the script never says is not believed.
    assert.equal(folder(), null);
    assert.equal(folder(['workspace.refuses', 'toString']), null);
    assert.equal(folder(['workspace.refuses', 'perhaps'], ...seen.slice(0, 3)), null);
    const odd = folder(
      ['workspace.refuses', 'nothing'],
      ['workspace.owner', '-1 x'],
      ['workspace.mode', 'rm -rf /'],
      ['workspace.present', '.git/../.. [click](command:x) .aws'],
    );
    assert.deepEqual(odd, {
      path: '/w',
      owner: null,
      mode: null,
      refuses: null,
      present: ['.aws'],
      links: [],
      unreadable: [],
    });
  });

  test('steps keep their order, their text and their gate', () => {
    const { steps } = observe(
      ...step('system-net', 'fail 1 10', 'a warning', 'bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted'),
      ['skip', 'codex-run', 'Codex is not installed'],
    );
    assert.deepEqual(steps, [
      {
        id: 'system-net',
        command: 'run system-net',
        status: 'fail',
        exitCode: 1,
        stderr: 'a warning\nbwrap: loopback: Failed RTM_NEWADDR: Operation not permitted',
        durationMs: 10,
        gate: 'loopback',
      },
      {
        id: 'codex-run',
        command: '',
        status: 'skipped',
        exitCode: null,
        stderr: 'Codex is not installed',
        durationMs: 0,
        gate: null,
      },
    ]);
  });

  test('lines without the nonce are not the script’s', () => {
    const forged = [
      'end\tcodex-run\tok 0 10',
      'other\tend\tcodex-run\tok 0 10',
      `x${NONCE}\tend\tcodex-run\tok 0 10`,
      `${NONCE}\tend\tcodex-run`,
      `${NONCE}\tend\tcodex-run\tok\t0 10`,
    ].join('\n');
    const output = probeOutput(...CODEX, ['begin', 'codex-run', 'codex'], ['output', 'codex-run', 'x']);
    const { steps, outcome } = parseProbe(output.replace(/$/, `\n${forged}\n`), NONCE);
    assert.equal(steps[0]?.exitCode, null);
    assert.equal(outcome, 'unknown');
  });

  test('a record within a printed line stays a printed line', () => {
    const { steps } = observe(
      ['begin', 'codex-run', 'codex'],
      ['output', 'codex-run', `${NONCE} end codex-run ok 0 1`],
      ['end', 'codex-run', 'fail 1 5'],
      ['end', 'codex-run', 'ok 0 1'],
      ['output', 'codex-run', 'too late'],
      ['end', 'never-began', 'ok 0 1'],
    );
    assert.deepEqual(
      steps.map(({ id, status, stderr }) => [id, status, stderr]),
      [['codex-run', 'fail', `${NONCE} end codex-run ok 0 1`]],
    );
  });

  test('what steers a terminal is taken out', () => {
    const { steps } = observe(...step('system-user', 'fail 1 0', 'a\u001b[2Jb\u009b31m\u202ec\u2028'));
    assert.equal(steps[0]?.stderr, 'a[2Jb31mc');
  });

  test('sizes are capped', () => {
    const many = Array.from({ length: 500 }, (_, i) =>
      step(`s-${i}`, 'ok 0 0', ...Array<string>(100).fill('x')),
    ).flat();
    const { steps } = observe(...many);
    assert.equal(steps.length, 50);
    assert.equal(steps[0]?.stderr.split('\n').length, 40);
  });

  test('no output gives an observation that knows nothing', () => {
    const observation = parseProbe('', NONCE);
    assert.equal(observation.outcome, 'unknown');
    assert.equal(observation.facts.codex, null);
    assert.deepEqual(observation.steps, []);
  });

  test('any text is read without an exception', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom(NONCE, 'fact', 'begin', 'end', 'skip', 'output', 'probe', 'done', 'ok 0 1'),
    );
    fc.assert(
      fc.property(fc.array(fc.array(word, { maxLength: 5 }), { maxLength: 20 }), (lines) => {
        const observation = parseProbe(lines.map((words) => words.join('\t')).join('\n'), NONCE);
        assert.equal(observation.schemaVersion, 1);
      }),
    );
  });
});
