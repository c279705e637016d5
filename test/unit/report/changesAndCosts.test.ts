import assert from 'node:assert/strict';
import { changesAndCosts } from '../../../src/report/changesAndCosts.js';
import { judged } from '../judged.js';

const PLAIN = { '.devcontainer.json': '{ "image": "debian:12", "remoteUser": "vscode" }' };

suite('what a fix changes and costs', () => {
  test('is told once: neither what it adds and removes nor the price is in the changes again', async () => {
    const { repairs, request } = await judged(PLAIN);
    const [repair] = repairs().fixes().slice(-1);
    const [way] = repairs().otherWays();
    assert(repair && way);
    assert.deepEqual(changesAndCosts(repair, request), {
      changes: [
        'Adds a seccomp profile that allows bubblewrap (.devcontainer/seccomp-bwrap.json).',
        'Sets apparmor=unconfined.',
      ],
      costs: [
        "disables Docker's AppArmor profile for this container",
        'lets programs in this container create user namespaces',
      ],
    });
    assert.deepEqual(changesAndCosts(way, request).changes, ['Sets apparmor=unconfined.', 'Sets seccomp=unconfined.']);
    assert.equal(changesAndCosts(way, request).costs.length, 2);
  });

  test('where no line says what changes, what it adds and removes does', async () => {
    const { repairs, request } = await judged(PLAIN);
    const [repair] = repairs().fixes();
    assert(repair);
    const bare = { ...repair, details: [], adds: ['capability SYS_ADMIN'], removes: ['default seccomp profile'] };
    assert.deepEqual(changesAndCosts(bare, request).changes, [
      'Adds capability SYS_ADMIN.',
      'Removes default seccomp profile.',
    ]);
  });
});
