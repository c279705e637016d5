import assert from 'node:assert/strict';
import { readAwaiting, rebuilt, remember, type AwaitingRebuild } from '../../../src/editor/awaitingRebuild.js';
import { rebuildCommand } from '../../../src/editor/rebuildCommand.js';

const ONE: AwaitingRebuild = { folder: 'orders', files: { 'a.json': 'hash' }, at: 1000 };

function open(name: string, hash: string | undefined): { name: string; hashOf: () => Promise<string | undefined> } {
  return { name, hashOf: () => Promise.resolve(hash) };
}

suite('A fix that awaits its rebuild', () => {
  test('is known again in a newer container with the same files, and nowhere else', async () => {
    assert.deepEqual(await rebuilt([ONE], 2000, [open('orders', 'hash')]), [ONE]);
    assert.deepEqual(await rebuilt([ONE], 500, [open('orders', 'hash')]), [], 'the container of before');
    assert.deepEqual(await rebuilt([ONE], 2000, [open('orders', 'other')]), [], 'changed since');
    assert.deepEqual(await rebuilt([ONE], 2000, [open('orders', undefined)]), [], 'gone');
    assert.deepEqual(await rebuilt([ONE], 2000, [open('bills', 'hash')]), [], 'another folder');
  });

  test('takes the place of an earlier one of the same files, and the oldest are forgotten', () => {
    const again = { ...ONE, at: 3000 };
    assert.deepEqual(remember([ONE], again), [again]);
    const many = Array.from({ length: 30 }, (_, at) => ({ ...ONE, folder: String(at), at }));
    assert.equal(many.reduce<readonly AwaitingRebuild[]>(remember, []).length, 20);
  });

  test('is read from what this version stored only', () => {
    assert.deepEqual(readAwaiting([ONE, null, 3, { folder: 'x' }]), [ONE]);
    assert.deepEqual(readAwaiting(undefined), []);
  });
});

suite('The command that rebuilds the container', () => {
  test('is another one inside than outside, and there is none without Dev Containers', () => {
    assert.equal(
      rebuildCommand('dev-container', () => false),
      'remote-containers.rebuildContainer',
    );
    assert.equal(
      rebuildCommand(undefined, () => true),
      'remote-containers.rebuildAndReopenInContainer',
    );
    assert.equal(
      rebuildCommand('ssh-remote', () => false),
      undefined,
    );
  });
});
