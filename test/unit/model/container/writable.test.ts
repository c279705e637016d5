import assert from 'node:assert/strict';
import { known, unknown } from '../../../../src/model/container/container.js';
import { homeOf, writable } from '../../../../src/model/container/writable.js';
import { containerWith } from '../../containers.js';

suite('the home folder', () => {
  test('where it is by custom', () => {
    for (const [user, home] of [
      ['root', '/root'],
      ['0:0', '/root'],
      ['vscode', '/home/vscode'],
      ['node:staff', '/home/node'],
    ] as const) {
      assert.equal(homeOf(containerWith({ user: known(user) })), home);
    }
    assert.equal(homeOf(containerWith({ user: unknown('x') })), '/home/');
  });
});

suite('whether a tmpfs makes a folder writable under a read-only root', () => {
  const CASES: readonly (readonly [string, string, string, boolean])[] = [
    ['vscode', '/tmp', '/tmp', true],
    ['vscode', '/tmp/', '/tmp', true],
    ['vscode', '/tmp:exec', '/tmp', true],
    ['root', '/tmp', '/tmp', true],
    ['vscode', '/run', '/tmp', false],
    ['vscode', '/tmpfiles', '/tmp', false],
    ['vscode', '/t', '/tmp', false],
    // No path at all: nothing is mounted on the root directory.
    ['root', '/', '/tmp', false],
    ['root', '', '/tmp', false],
    ['root', '/root', '/root/.codex', true],
    ['root', '/root/', '/root/.codex', true],
    ['root', '/root/.codex', '/root/.codex', true],
    ['root', '/root/.codex/sessions', '/root/.codex', false],
    ['vscode', '/home/vscode', '/home/vscode/.codex', false],
    ['vscode', '/home/vscode:uid=1000', '/home/vscode/.codex', true],
    ['vscode', '/home/vscode:rw,uid=1000', '/home/vscode/.codex', true],
    ['vscode', '/home/vscode:guid=1000', '/home/vscode/.codex', false],
    ['vscode', '/home/vscode:mode=1777', '/home/vscode/.codex', false],
    ['vscode', '/home/vscode/.codex:mode=1777', '/home/vscode/.codex', true],
    ['vscode', '/home/vscode/.codex:mode=0755', '/home/vscode/.codex', false],
    ['vscode', '/home/vscode/.codex', '/home/vscode/.codex', false],
    ['vscode', '/home:uid=1000', '/home/vscode/.codex', true],
    ['vscode', '/root:uid=1000', '/home/vscode/.codex', false],
    // A volume takes the owner of a folder over that exists, as the home does; on a new one it belongs to root.
    ['vscode', '/tmp:volume', '/tmp', true],
    ['vscode', '/home/vscode:volume', '/home/vscode/.codex', true],
    ['vscode', '/home/vscode/:volume', '/home/vscode/.codex', true],
    ['vscode', '/home/vscode/.codex:volume', '/home/vscode/.codex', false],
    ['vscode', '/home:volume', '/home/vscode/.codex', false],
    ['root', '/root/.codex:volume', '/root/.codex', true],
  ];

  for (const [user, tmpfs, folder, expected] of CASES) {
    test(`${tmpfs === '' ? '(none)' : tmpfs}: ${expected ? '' : 'not '}${folder} for ${user}`, () => {
      const container = containerWith({ user: known(user), tmpfs: [known('/run'), known(tmpfs), unknown('x')] });
      assert.equal(writable(container, folder), expected);
    });
  }

  test('one that cannot be read makes nothing writable', () => {
    assert.equal(writable(containerWith({ tmpfs: [unknown('x')] }), '/tmp'), false);
    assert.equal(writable(containerWith(), '/tmp'), false);
  });
});
