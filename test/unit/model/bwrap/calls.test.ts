import assert from 'node:assert/strict';
import { BWRAP_CALL_NAMES, bwrapCalls, LATER_CALLS } from '../../../../src/model/bwrap/calls.js';
import { BWRAP_CALLS } from '../../containers.js';

/** As strace shows them: CLONE_NEWUSER, CLONE_NEWNS and SIGCHLD, with none of the others. */
const ALWAYS = 0x10020011;

suite('what bubblewrap calls', () => {
  test('the namespaces that are asked for stand in the flags of clone', () => {
    for (const [namespace, flag] of [
      ['pid', 0x20000000],
      ['ipc', 0x08000000],
      ['uts', 0x04000000],
      ['cgroup', 0x02000000],
      ['net', 0x40000000],
    ] as const) {
      assert.deepEqual(bwrapCalls([namespace]).clone.args, [ALWAYS + flag], namespace);
    }
    assert.deepEqual(bwrapCalls([]).clone.args, [ALWAYS]);
    // Measured with Codex 0.169.
    assert.deepEqual(BWRAP_CALLS.clone.args, [0x78020011]);
  });

  test('the other calls are the same for every sandbox', () => {
    const { clone, ...others } = bwrapCalls([]);
    assert.equal(clone.name, 'clone');
    assert.deepEqual(others, {
      mount: { name: 'mount', args: [0, 0, 0, 0x8c000] },
      pivotRoot: { name: 'pivot_root' },
      umount: { name: 'umount2', args: [0, 2] },
      unshare: { name: 'unshare', args: [0x10000000] },
    });
    assert.deepEqual(BWRAP_CALL_NAMES, ['clone', 'mount', 'pivot_root', 'umount2', 'unshare']);
  });

  // Measured with 0.12.0 and 0.13.1 of Debian and Docker 20.10 by refusing the call with each errno.
  test('what newer ones call besides, and what they make of a refusal', () => {
    const said = LATER_CALLS.map(({ call, since, error }) => [
      call.name,
      since,
      [1, 13, 22, 38, 28, undefined].map((errno) => error(errno)?.split(': ').at(-1)),
    ]);
    const denied = ['Permission denied', 'Function not implemented', 'No space left on device', 'Bad system call'];
    assert.deepEqual(said, [
      ['openat2', 'opensWithOpenat2', [denied[1], denied[0], denied[1], denied[1], denied[2], denied[3]]],
      [
        'mount_setattr',
        'setsMountAttributes',
        ['Operation not permitted', denied[0], 'Invalid argument', undefined, denied[2], denied[3]],
      ],
    ]);
    const [openat2, mountSetattr] = LATER_CALLS;
    assert.equal(openat2?.error(13), "bwrap: Can't open source /: Permission denied");
    assert.equal(openat2.error(1), "bwrap: Can't open source /: Function not implemented");
    assert.match(
      mountSetattr?.error(1) ?? '',
      /^bwrap: Can't bind mount \/ on \/: mount_setattr\(\) failed at "\/newroot": Op/,
    );
  });
});
