import assert from 'node:assert/strict';
import { known, unknown } from '../../../../../src/model/container/container.js';
import { mountRegistryOfUser } from '../../../../../src/model/agents/codex/errors.js';
import { containerWith } from '../../../containers.js';

suite('model/agents/codex: the folder that Codex 0.129 to 0.155 cannot create', () => {
  const users: readonly (readonly [user: string, number: string])[] = [
    ['root', '0'],
    ['501', '501'],
    ['501:20', '501'],
    ['vscode', '1000'],
    ['user501', '1000'],
    ['501user', '1000'],
  ];
  for (const [user, number] of users) {
    test(`carries the number of ${user}`, () => {
      assert.match(mountRegistryOfUser(containerWith({ user: known(user) })), new RegExp(`mount-targets-${number}: `));
    });
  }

  test('carries the number that most users have where the user is not known', () => {
    assert.match(mountRegistryOfUser(containerWith({ user: unknown('nobody says') })), /mount-targets-1000: /);
  });
});
