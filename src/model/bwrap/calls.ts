import type { SystemCall } from '../seccomp/filter.js';

/** The flag of clone(2) and unshare(2) that asks for a user namespace. */
export const CLONE_NEWUSER = 0x10000000;

/** bubblewrap asks for new user, mount, pid, ipc and network namespaces, and for SIGCHLD (17) at the end. */
const CLONE_FLAGS = CLONE_NEWUSER + 0x00020000 + 0x20000000 + 0x08000000 + 0x40000000 + 17;

/** MS_SILENT, MS_SLAVE and MS_REC of mount(2). */
const SLAVE_FLAGS = 0x8000 + 0x80000 + 0x4000;

/** MNT_DETACH of umount2(2). */
const DETACH = 2;

/**
 * The calls that bubblewrap makes to set the sandbox up, with the flags that strace shows for Codex 0.169; each measured by
 * taking it away from a profile that allows all.
 */
export const BWRAP_CALLS = {
  clone: { name: 'clone', args: [CLONE_FLAGS] },
  /** The first of its mounts, which makes / a slave; some thirty others follow, each with flags of its own. */
  mount: { name: 'mount', args: [0, 0, 0, SLAVE_FLAGS] },
  pivotRoot: { name: 'pivot_root' },
  umount: { name: 'umount2', args: [0, DETACH] },
  /** Last, and only for a user other than root: a second user namespace that has its own uid again. */
  unshare: { name: 'unshare', args: [CLONE_NEWUSER] },
} as const satisfies Record<string, SystemCall>;

/**
 * What bubblewrap calls besides from 0.13.0 on. Measured with 0.13.1: without it
 * `bwrap: Can't bind mount / on /: mount_setattr() failed at "/newroot": Operation not permitted`. Older ones do without, so a
 * profile that lacks it stays valid for them.
 */
export const NEWER_BWRAP_CALLS: readonly string[] = ['mount_setattr'];
