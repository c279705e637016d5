import assert from 'node:assert/strict';
import { ERRORS } from '../../../src/model/bwrap/errors.js';
import { probeReport } from '../../../src/probe/text.js';
import { CODEX, observe, step, SYSTEM_BWRAP } from './records.js';

const OBSERVATION = observe(
  ...CODEX,
  ...SYSTEM_BWRAP,
  ['passed', 'bin', 'a relative entry'],
  ...step('system-user', 'ok 0 10'),
  ...step('system-proc', 'fail 1 10', 'a warning', ERRORS.procMount),
  ...step('codex-run', 'fail 1 80', ERRORS.procMount),
  ['skip', 'codex-write-inside', 'the sandbox does not start'],
);

suite('probe: the report', () => {
  test('says the result with cause and remedy first, then what is here and each step', () => {
    const report = probeReport(OBSERVATION);
    for (const part of [
      /^What is here\n/m,
      /^ {2}Codex +0\.169\.0, \/usr\/local\/bin\/codex$/m,
      /^ {2}bubblewrap +0\.8\.0, \/usr\/bin\/bwrap$/m,
      /^ {2}Not run +bin: a relative entry$/m,
      /^ {3}ok {3}a user namespace$/m,
      /^ {2}FAILS \+ a new \/proc\n {10}a warning\n {10}bwrap: Can't mount proc/m,
      /^ +- +it can write to the workspace \(not tried: the sandbox does not start\)$/m,
      /^Result: FAILS: \/proc is masked \[proc-mount\]\nCodex's sandbox does not start: bwrap: Can't mount proc on \/proc/m,
      /^To do: Copy the bubblewrap .*remove the bubblewrap package, .*systempaths=unconfined/m,
    ]) {
      assert.match(report, part);
    }
    assert.ok(report.startsWith('Result:'));
    assert.ok(report.endsWith('\n'));
  });

  test('says of a refused /proc that Codex continues without it, where it does', () => {
    const old = "bwrap: Can't mount proc on /newroot/proc: Operation not permitted";
    const report = probeReport(observe(...SYSTEM_BWRAP, ...step('system-proc', 'fail 1 10', old)));
    assert.match(report, /^ {2}FAILS \+ a new \/proc \(Codex continues without it\)\n {10}bwrap: Can't mount proc/m);
  });

  test('a step that fails without a word has no lines below it', () => {
    const report = probeReport(observe(...step('system-user', 'fail 1 10'), ...step('system-network', 'ok 0 10')));
    assert.match(report, /^ {2}FAILS a user namespace\n {3}ok {3}/m);
  });

  test('has no colours unless asked for', () => {
    assert.ok(!probeReport(OBSERVATION).includes('\u001b'));
    assert.ok(probeReport(OBSERVATION, { colour: true }).includes('\u001b[31mFAILS\u001b[0m: '));
  });

  test('of nothing says that nothing is known', () => {
    assert.match(probeReport(observe()), /^Result: UNKNOWN\n[^]*Codex +not installed/);
  });
});
