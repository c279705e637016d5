import type { Refusal } from '../container/container.js';

/**
 * What bwrap prints on stderr, to the letter, as measured (test/ground-truth/rows) unless said otherwise. Versions of it word
 * some differently: sandbox/bwrapMessages.ts recognizes them all.
 */
export const ERRORS = {
  /** Before 0.9. */
  unknownArgv0: 'bwrap: Unknown option --argv0',
  capset: 'bwrap: capset failed: Operation not permitted',
  setuidRefused: 'bwrap: setuid use of bubblewrap is not supported',
  ambientCapabilities: 'bwrap: Unexpected capabilities but not setuid, old file caps config?',
  usernsDenied:
    "bwrap: No permissions to create a new namespace, likely because the kernel does not allow non-privileged user namespaces. On e.g. debian this can be enabled with 'sysctl kernel.unprivileged_userns_clone=1'.",
  /** Debian 11 and 12. */
  usernsDeniedDebian12:
    'bwrap: No permissions to create new namespace, likely because the kernel does not allow non-privileged user namespaces. See <https://deb.li/bubblewrap> or <file:///usr/share/doc/bubblewrap/README.Debian.gz>.',
  usernsDeniedDebian:
    'bwrap: No permissions to create a new namespace, likely because the kernel does not allow non-privileged user namespaces. See <https://deb.li/bubblewrap> or <file:///usr/share/doc/bubblewrap/README.Debian.gz>.',
  usernsNoneLeft:
    'bwrap: Creating new namespace failed: nesting depth or /proc/sys/user/max_*_namespaces exceeded (ENOSPC)',
  usernsUnsupported:
    'bwrap: Creating new namespace failed, likely because the kernel does not support user namespaces.  bwrap must be installed setuid on such systems.',
  /** What a shell says of SIGSYS; bwrap and its caller print nothing and end with status 159 (measured). */
  killed: 'Bad system call',
  appArmorUserns: 'bwrap: Creating new namespace failed: Permission denied',
  appArmorMount: 'bwrap: Failed to make / slave: Permission denied',
  loopback: 'bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted',
  uidMapRestricted: 'bwrap: setting up uid map: Permission denied',
  uidMap: 'bwrap: setting up uid map: Operation not permitted',
  seccompMount: 'bwrap: Failed to make / slave: Operation not permitted',
  /** The second user namespace, which bwrap makes last and only for a user other than root. */
  seccompUnshare: 'bwrap: unshare user ns: Operation not permitted',
  seccompUmount: 'bwrap: unmount old root: Operation not permitted',
  pivotRoot: 'bwrap: pivot_root: Operation not permitted',
  /** 0.12 and later. */
  seccompOpenat2: "bwrap: Can't open source /: Function not implemented",
  /** 0.13 and later. */
  seccompMountSetattr: 'bwrap: Can\'t bind mount / on /: mount_setattr() failed at "/newroot": Operation not permitted',
  procMount: "bwrap: Can't mount proc on /proc: Operation not permitted",
} as const;

/** strerror of what a seccomp profile may make a call fail with. */
const MESSAGES: Readonly<Record<number, string>> = {
  1: 'Operation not permitted',
  13: 'Permission denied',
  22: 'Invalid argument',
  28: 'No space left on device',
  38: 'Function not implemented',
};

/** A text of bwrap's that ends in EPERM's message, for another errno. undefined: the filter killed bwrap, which says nothing. */
export function withErrno(error: string, errno: number | undefined): string {
  if (errno === undefined) return ERRORS.killed;
  return error.replace(/Operation not permitted$/, MESSAGES[errno] ?? `Unknown error ${errno}`);
}

/** What bwrap says of a clone that fails with an errno other than EPERM (measured: ENOSPC, EINVAL and ENOSYS). */
export function cloneError(errno: number | undefined): string {
  if (errno === 28) return ERRORS.usernsNoneLeft;
  if (errno === 22) return ERRORS.usernsUnsupported;
  return withErrno('bwrap: Creating new namespace failed: Operation not permitted', errno);
}

/** What bwrap says of an openat2 that is refused: EPERM and EINVAL it takes for ENOSYS (measured with 0.12.0 and 0.13.1). */
export function openat2Error(errno: number | undefined): string {
  if (errno === 1 || errno === 22 || errno === 38) return ERRORS.seccompOpenat2;
  return withErrno("bwrap: Can't open source /: Operation not permitted", errno);
}

/** What bwrap says of a mount_setattr that is refused; with ENOSYS it does without (measured with 0.13.1). */
export function mountSetattrError(errno: number | undefined): string | undefined {
  return errno === 38 ? undefined : withErrno(ERRORS.seccompMountSetattr, errno);
}

const REFUSALS: Readonly<Record<Refusal, string>> = { EACCES: 'Permission denied', EROFS: 'Read-only file system' };

/** What bwrap prints if it cannot create an entry in a folder; 0.12 reports a folder as a file. */
export function creationError(path: string, as: 'file' | 'folder', refusal: Refusal, reworded: boolean): string {
  const verb = reworded ? 'create file' : as === 'file' ? 'create file at' : 'mkdir';
  return `bwrap: Can't ${verb} ${path}: ${REFUSALS[refusal]}`;
}

/** Whether an error text is the workspace folder's: the gate writable-paths has other causes beside it. */
export function isWorkspaceError(error: string): boolean {
  return /\bbwrap: Can't (?:mkdir(?! parents for)|create file) /.test(error);
}
