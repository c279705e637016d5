/**
 * The steps of the sandbox's start at which it can fail, in the order in which they are met (docs/how-it-works.md, "The gates").
 * bwrap-available is about what else an agent needs to be installed as well.
 */
export const GATES = [
  'workspace-entries',
  'writable-paths',
  'bwrap-available',
  'bwrap-privileges',
  'seccomp-userns',
  'userns-allowed',
  'apparmor',
  'loopback',
  'uid-map',
  'pivot-root',
  'proc-mount',
] as const;

export type Gate = (typeof GATES)[number];
