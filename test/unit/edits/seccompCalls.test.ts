import assert from 'node:assert/strict';
import { allowCalls } from '../../../src/edits/json/seccompCalls.js';

const rule = (changes: object = {}): string =>
  JSON.stringify({ syscalls: [{ names: ['pivot_root'], action: 'SCMP_ACT_ALLOW', ...changes }] });

suite('calls that a seccomp profile’s text is to allow', () => {
  for (const [what, text] of [
    ['no JSON', 'x'],
    ['an empty text', ''],
    ['no rules', '{}'],
    ['rules that are no list', '{ "syscalls": 5 }'],
    ['no rule about pivot_root', rule({ names: ['mount'] })],
    ['the old spelling of names', '{ "syscalls": [{ "name": "pivot_root", "action": "SCMP_ACT_ALLOW" }] }'],
    ['names that are no list', rule({ names: 'pivot_root' })],
    ['another action', rule({ action: 'SCMP_ACT_LOG' })],
    ['conditions on arguments', rule({ args: [{ index: 0 }] })],
    ['conditions on capabilities', rule({ includes: { caps: ['CAP_SYS_ADMIN'] } })],
    ['exceptions', rule({ excludes: { caps: ['CAP_SYS_ADMIN'] } })],
  ] as const) {
    test(`none: ${what}`, () => {
      assert.equal(allowCalls(text, ['mount_setattr']), undefined);
    });
  }

  test('nothing is to do where they are there', () => {
    assert.deepEqual(allowCalls(rule({ names: ['pivot_root', 'mount_setattr'] }), ['mount_setattr']), []);
  });

  test('conditions that are empty are none', () => {
    const edits = allowCalls(rule({ args: [], includes: {}, excludes: null }), ['mount_setattr']);
    assert.deepEqual(
      edits?.map(({ newText }) => newText),
      [',"mount_setattr"'],
    );
  });
});
