import assert from 'node:assert/strict';
import { shieldedBy, shieldedEntries } from '../../../../../src/model/agents/codex/workspaceEntries.js';

suite('what Codex shields in the workspace folder', () => {
  // Each measured with a folder that lets nothing be created (0.117 and 0.162 were not).
  for (const [version, names] of [
    ['0.115.0', ''],
    ['0.116.0', ''],
    ['0.118.0', '.codex'],
    ['0.125.0', '.codex'],
    ['0.128.0', '.git .agents .codex'],
    ['0.130.0', '.git .agents .codex'],
    ['0.156.0', '.git .agents .codex'],
    ['0.163.0', '.git .agents .codex .aws'],
    ['0.169.0', '.git .agents .codex .aws'],
    ['latest', '.git .agents .codex .aws'],
  ] as const) {
    test(`${version}: ${names === '' ? 'nothing' : names}`, () => {
      assert.equal(shieldedEntries(version).join(' '), names);
    });
  }

  test('what is missing is created as a file up to 0.127, as a folder since, and each was measured', () => {
    for (const [version, as] of [
      ['0.115.0', 'file'],
      ['0.118.0', 'file'],
      ['0.128.0', 'folder'],
      ['0.163.0', 'folder'],
    ] as const) {
      assert.equal(shieldedBy(version).as, as);
      assert.match(String(Reflect.get(shieldedBy(version), 'evidence')), /^measured with 0\./);
    }
  });
});
