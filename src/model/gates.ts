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

/** What people read of a closed gate, as a clause. */
export const GATE_NAMES: Readonly<Record<Gate, string>> = {
  'workspace-entries': 'a protected folder such as .codex is a link or unreadable',
  'writable-paths': 'a folder that Codex must write to is not writable',
  'bwrap-available': 'bubblewrap is missing',
  'bwrap-privileges': 'bubblewrap refuses its privileges',
  'seccomp-userns': "Docker's seccomp profile blocks user namespaces",
  'userns-allowed': 'the kernel forbids user namespaces',
  apparmor: 'AppArmor blocks the sandbox',
  loopback: 'the host restricts user namespaces',
  'uid-map': 'the host restricts user namespaces, or root lacks SETFCAP',
  'pivot-root': 'the seccomp profile blocks pivot_root',
  'proc-mount': '/proc is masked',
};

/** What people read behind "not known whether" of a gate that cannot be judged: what is known of the host is no question. */
export const UNDECIDED_GATE_NAMES: Readonly<Record<Gate, string>> = {
  ...GATE_NAMES,
  'userns-allowed': "the kernel lets the image's bubblewrap create user namespaces",
  loopback: "the host lets the image's bubblewrap create user namespaces",
  'uid-map': "the host lets the image's bubblewrap create user namespaces",
  'proc-mount': "the image's bubblewrap can mount /proc",
};
