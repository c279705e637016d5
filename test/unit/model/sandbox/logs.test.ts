import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ERRORS } from '../../../../src/model/bwrap/errors.js';
import { diagnose, diagnoseAll } from '../../../../src/model/sandbox/symptoms.js';

function log(name: string): string {
  return readFileSync(new URL(`../../../fixtures/logs/${name}`, import.meta.url), 'utf8');
}

function gates(text: string): readonly (string | null)[] {
  return diagnoseAll(text).map(({ gate }) => gate);
}

const DEVPTS = "bwrap: Can't mount devpts on /newroot/dev/pts: Permission denied";

suite('logs as error texts', () => {
  for (const [name, gate, error] of [
    ['exec-json-seccomp.jsonl', 'seccomp-userns', ERRORS.usernsDenied],
    ['exec-text-seccomp.log', 'seccomp-userns', ERRORS.usernsDenied],
    ['exec-ansi-seccomp.log', 'seccomp-userns', ERRORS.usernsDenied],
    ['session-proc.jsonl', 'proc-mount', ERRORS.procMount],
  ] as const) {
    test(`${name}, as Codex wrote it`, () => {
      assert.deepEqual(
        diagnoseAll(log(name)).map((symptom) => [symptom.gate, symptom.error]),
        [[gate, error]],
      );
    });

    test(`${name} with the line ends of Windows, and read in another encoding`, () => {
      assert.deepEqual(gates(log(name).replaceAll('\n', '\r\n')), [gate]);
      assert.deepEqual(gates(log(name).replaceAll(/(?=.)/gs, String.fromCharCode(0))), [gate]);
    });
  }

  test('a log of a sandbox that starts holds no error', () => {
    assert.deepEqual(diagnoseAll(log('exec-json-recovers.jsonl')), []);
  });

  test("VS Code's output: the first that stopped the sandbox, the other one also, the repetition not", () => {
    assert.deepEqual(
      diagnoseAll(log('vscode-output.log')).map(({ gate, error }) => [gate, error]),
      [
        [null, DEVPTS],
        ['pivot-root', ERRORS.pivotRoot],
      ],
    );
  });

  test('what the model asked for is no message, what it got and what it says of that is', () => {
    const item = { type: 'command_execution', command: `grep '${ERRORS.loopback}' log`, aggregated_output: '' };
    const call = { type: 'function_call', arguments: JSON.stringify({ cmd: `echo '${ERRORS.loopback}'` }) };
    assert.deepEqual(diagnoseAll([{ item }, { payload: call }].map((event) => JSON.stringify(event)).join('\n')), []);
    const told = { item: { type: 'agent_message', text: `The sandbox fails:\n\n    ${ERRORS.loopback}` } };
    assert.equal(diagnose(JSON.stringify(told))?.error, ERRORS.loopback);
  });

  test('what the model or a command that succeeded only quotes counts where nothing fails', () => {
    const quotes = [
      { item: { type: 'agent_message', text: `I will mend "${ERRORS.loopback}".` } },
      { item: { type: 'command_execution', aggregated_output: ERRORS.uidMapRestricted, exit_code: 0 } },
      { payload: { output: JSON.stringify({ output: ERRORS.capset, metadata: { exit_code: 0 } }) } },
    ];
    const fails = { item: { type: 'command_execution', aggregated_output: ERRORS.procMount, exit_code: 1 } };
    const text = (events: readonly unknown[]): string => events.map((event) => JSON.stringify(event)).join('\n');
    assert.deepEqual(gates(text([...quotes, fails])), ['proc-mount']);
    assert.deepEqual(gates(text(quotes)), ['loopback', 'uid-map', 'bwrap-privileges']);
  });

  test('an event within an event, one after the time, and one that is cut off', () => {
    const event = JSON.stringify({ item: { aggregated_output: `x\n${ERRORS.pivotRoot}\n`, exit_code: 1 } });
    for (const text of [JSON.stringify({ output: event }), `2026-11-21T22:53:12.147Z ${event}`, event.slice(0, -8)]) {
      assert.equal(diagnose(text)?.error, ERRORS.pivotRoot, text);
    }
  });

  test('colours, as characters and escaped, in the middle of a message', () => {
    const escape = String.fromCharCode(0x1b);
    for (const start of [escape, '\\u001b', '\\x1b']) {
      assert.equal(
        diagnose(`${start}[1;31mbwrap:${start}[0m pivot_root: Operation not permitted`)?.error,
        ERRORS.pivotRoot,
      );
    }
    const title = `${escape}]0;bash${String.fromCharCode(7)}`;
    assert.equal(diagnose(`${title}${ERRORS.pivotRoot}`)?.error, ERRORS.pivotRoot);
  });

  test('a message behind thousands of characters of one line, and one that lies across pieces', () => {
    for (const before of [1980, 2500, 50_000]) {
      assert.equal(diagnose(`${'x'.repeat(before)} ${ERRORS.pivotRoot}`)?.error, ERRORS.pivotRoot, String(before));
    }
  });

  test('fifty megabytes are read in time', function () {
    this.timeout(20_000);
    const line = `2026-11-21 22:53:12.147 [info] [CodexMcpConnection] ${'nothing of interest '.repeat(4)}\n`;
    const text = line.repeat(Math.ceil((50 * 1024 * 1024) / line.length)) + ERRORS.pivotRoot;
    assert.equal(diagnose(text)?.gate, 'pivot-root');
    assert.equal(diagnose(`${"Can't mount ".repeat(4_000_000)}\n`), undefined);
    assert.equal(diagnose('{"a":'.repeat(1_000_000)), undefined);
    assert.equal(diagnose(`${'['.repeat(500_000)}${']'.repeat(500_000)}`), undefined);
  });
});
