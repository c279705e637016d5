import type { SystemCall } from '../seccomp/filter.js';
import type { BWRAP_CHANGES } from './bwrap.js';
import { mountSetattrError, openat2Error } from './errors.js';

/** The flag of clone(2) and unshare(2) for a user namespace. */
export const CLONE_NEWUSER = 0x10000000;

/** Namespaces that bubblewrap can be asked for, beside those of users and of mounts, which it always makes. */
export type Namespace = 'pid' | 'ipc' | 'uts' | 'cgroup' | 'net';

const FLAGS: Readonly<Record<Namespace, number>> = {
  pid: 0x20000000,
  ipc: 0x08000000,
  uts: 0x04000000,
  cgroup: 0x02000000,
  net: 0x40000000,
};

/** Asked for together with new namespaces of users and of mounts and, at the end, SIGCHLD (17). */
function cloneFlags(namespaces: readonly Namespace[]): number {
  return namespaces.reduce((sum, name) => sum + FLAGS[name], CLONE_NEWUSER + 0x00020000 + 17);
}

/** MS_SILENT, MS_SLAVE and MS_REC of mount(2). */
const SLAVE_FLAGS = 0x8000 + 0x80000 + 0x4000;

/** MNT_DETACH of umount2(2). */
const DETACH = 2;

/** What bubblewrap calls to set a sandbox up, in its order. */
export type BwrapCall = 'clone' | 'mount' | 'pivotRoot' | 'umount' | 'unshare';

/**
 * The calls that bubblewrap makes for a sandbox with these namespaces, with the flags that strace shows for Codex 0.169; each
 * measured by removing it from a profile that allows all.
 */
export function bwrapCalls(namespaces: readonly Namespace[]): Readonly<Record<BwrapCall, SystemCall>> {
  return {
    clone: { name: 'clone', args: [cloneFlags(namespaces)] },
    /** The first of its mounts, which makes / a slave; some thirty others follow, each with flags of its own. */
    mount: { name: 'mount', args: [0, 0, 0, SLAVE_FLAGS] },
    pivotRoot: { name: 'pivot_root' },
    umount: { name: 'umount2', args: [0, DETACH] },
    /** Last, and only for a user other than root: a second user namespace that has its own uid again. */
    unshare: { name: 'unshare', args: [CLONE_NEWUSER] },
  };
}

/** The names of these calls, whatever the namespaces. */
export const BWRAP_CALL_NAMES: readonly string[] = Object.values(bwrapCalls([])).map(({ name }) => name);

/** A call that only newer bubblewraps make: a profile that lacks it stays valid for older ones. */
export interface LaterCall {
  readonly call: SystemCall;
  readonly since: keyof typeof BWRAP_CHANGES;
  /** What is printed where the filter refuses it with this errno; undefined: bubblewrap does without. */
  readonly error: (errno: number | undefined) => string | undefined;
}

/**
 * What newer bubblewraps call besides, in their order, behind pivot_root. Measured with 0.12.0 and 0.13.1 by refusing each with
 * EPERM, EACCES, EINVAL and ENOSYS.
 */
export const LATER_CALLS: readonly LaterCall[] = [
  { call: { name: 'openat2' }, since: 'opensWithOpenat2', error: openat2Error },
  { call: { name: 'mount_setattr' }, since: 'setsMountAttributes', error: mountSetattrError },
];

/** The names of those that Docker's default profile lacks: a tailored profile allows them whatever its base. */
export const NEWER_BWRAP_CALLS: readonly string[] = ['mount_setattr'];

/** The names of those that Docker's default profile has: one that somebody wrote by hand may lack them. */
export const USUAL_BWRAP_CALLS: readonly string[] = LATER_CALLS.map(({ call }) => call.name).filter(
  (name) => !NEWER_BWRAP_CALLS.includes(name),
);
