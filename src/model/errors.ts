/**
 * What bwrap and Codex print on stderr, to the letter, as measured (test/ground-truth/rows) unless said otherwise.
 * bubblewrap and Codex word some differently between versions: symptoms.ts recognises them all.
 */
export const ERRORS = {
  /** openai/codex codex-rs/linux-sandbox/src/launcher.rs. */
  bwrapMissing:
    'bubblewrap is unavailable: no system bwrap was found on PATH and no bundled codex-resources/bwrap binary was found next to the Codex executable',
  readOnly: 'error building bubblewrap command: Read-only file system (os error 30)',
  /** Without a writable ~/.codex and with a system bwrap before 0.9 (no --argv0): Codex then needs its helper links. */
  helperLinks: 'bwrap: execvp codex-linux-sandbox: No such file or directory',
  capset: 'bwrap: capset failed: Operation not permitted',
  setuidRefused: 'bwrap: setuid use of bubblewrap is not supported',
  ambientCapabilities: 'bwrap: Unexpected capabilities but not setuid, old file caps config?',
  usernsDenied:
    "bwrap: No permissions to create a new namespace, likely because the kernel does not allow non-privileged user namespaces. On e.g. debian this can be enabled with 'sysctl kernel.unprivileged_userns_clone=1'.",
  usernsDeniedDebian12:
    'bwrap: No permissions to create new namespace, likely because the kernel does not allow non-privileged user namespaces. See <https://deb.li/bubblewrap> or <file:///usr/share/doc/bubblewrap/README.Debian.gz>.',
  usernsDeniedDebian:
    'bwrap: No permissions to create a new namespace, likely because the kernel does not allow non-privileged user namespaces. See <https://deb.li/bubblewrap> or <file:///usr/share/doc/bubblewrap/README.Debian.gz>.',
  usernsNoneLeft:
    'bwrap: Creating new namespace failed: nesting depth or /proc/sys/user/max_*_namespaces exceeded (ENOSPC)',
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
