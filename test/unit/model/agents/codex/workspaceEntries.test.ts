import assert from 'node:assert/strict';
import {
  isWorkspaceError,
  shieldedEntries,
  workspaceError,
} from '../../../../../src/model/agents/codex/workspaceEntries.js';
import { bwrap, containerWith } from '../../../containers.js';

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

  test('what is not known stands in nobody’s way', () => {
    assert.equal(workspaceError(containerWith(), '0.169.0', { kind: 'bundled' }), undefined);
  });

  test('a bubblewrap that is not known is taken for one before 0.12', () => {
    const workspace = { path: '/w', refuses: 'EACCES' as const, present: [] };
    const container = containerWith({ bwrap: bwrap('0.12.0'), workspace });
    assert.match(workspaceError(container, '0.169.0', { kind: 'unknown' }) ?? '', /Can't mkdir/);
    assert.match(workspaceError(container, '0.169.0', { kind: 'bundled' }) ?? '', /Can't mkdir/);
    assert.match(workspaceError(container, '0.169.0', { kind: 'system' }) ?? '', /Can't create file \/w/);
  });

  test('its errors are told from those of a read-only root', () => {
    assert.equal(isWorkspaceError("bwrap: Can't mkdir /w/.git: Permission denied"), true);
    assert.equal(isWorkspaceError("bwrap: Can't create file at /w/.codex: Permission denied"), true);
    assert.equal(isWorkspaceError('bwrap: execvp codex-linux-sandbox: No such file or directory'), false);
    assert.equal(isWorkspaceError('error building bubblewrap command: Read-only file system (os error 30)'), false);
  });
});
