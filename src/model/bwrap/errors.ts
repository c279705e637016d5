/**
 * What bwrap and Codex print on stderr, to the letter, as measured (test/ground-truth/rows) unless said otherwise.
 * bubblewrap and Codex word some differently between versions: symptoms.ts recognises them all.
 */
export const ERRORS = {
  /** openai/codex codex-rs/linux-sandbox/src/launcher.rs. */
  bwrapMissing:
    'bubblewrap is unavailable: no system bwrap was found on PATH and no bundled codex-resources/bwrap binary was found next to the Codex executable',
  /** Codex 0.110 to 0.135, where it cannot write to ~/.codex. */
  readOnlyHome: 'Error: Read-only file system (os error 30)',
  /** Codex since 0.156, where it cannot write to /tmp. */
  readOnly: 'error building bubblewrap command: Read-only file system (os error 30)',
  /** Without a writable ~/.codex and with a system bwrap before 0.9 (no --argv0): Codex then needs its helper links. */
  helperLinks: 'bwrap: execvp codex-linux-sandbox: No such file or directory',
  /** Codex 0.116.0 with a system bwrap before 0.9. */
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
  /** What a shell says of SIGSYS; bwrap and Codex print nothing and end with status 159 (measured). */
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
  procMount: "bwrap: Can't mount proc on /proc: Operation not permitted",
} as const;

/**
 * What Codex 0.128 to 0.155 panics with where it cannot write to /tmp.
 * @param uid the number of the user, with which the folder's name ends since 0.129
 */
export function mountRegistry(uid: string | undefined): string {
  const folder = `/tmp/codex-bwrap-synthetic-mount-targets${uid === undefined ? '' : `-${uid}`}`;
  return `failed to create synthetic bubblewrap mount registry ${folder}: Read-only file system (os error 30)`;
}

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
