import { causeOutside, MAYBE_INSIDE, remedyOutside } from '../../agent/nestedSandbox.js';
import type { Message } from '../../agent/symptom.js';

const SOCKETS = '/tmp/codex-daemon-UID';

/** Messages whose cause is Codex itself or its configuration. */
export const CODEX_FAULTS: readonly Message[] = [
  {
    // Measured with 0.169.0, a profile with `":root" = "write"` and a denied file, and a user who is not root.
    pattern: /Can't (?:mkdir|create file(?: at)?) \/\.(?:git|agents|codex|aws): Permission denied/,
    gate: 'writable-paths',
    cause:
      'Codex treats / as a writable folder, and bubblewrap must create the protected entries there. A permission profile with ":root" = "write" and any denied path causes this.',
    remedy:
      'Let the profile write to ":workspace_roots" instead of ":root". If / is your workspace folder, open another folder.',
  },
  {
    pattern: /mountinfo path is not absolute/,
    gate: null,
    reported: 'openai/codex #47345, #47368',
    cause: "This Codex cannot read the machine's list of mounts. That is a fault of Codex, seen in 0.155.",
    remedy: 'Update Codex: later versions read the list.',
  },
  {
    // Measured with 0.169.0 and the folder bound to a second place. That 0.155 and 0.156 fail on WSL2: openai/codex #47429, #47465.
    pattern: /app-server socket directory has an unsupported host mount/,
    gate: null,
    cause: `A mount shows Codex's socket folder (${SOCKETS}) in a second place. Codex then refuses to start its sandbox.`,
    remedy:
      'Remove the mount that the message names. If it is /mnt/wslg/distro (WSL2), update Codex: 0.155 and 0.156 fail there (reported).',
  },
  {
    pattern: /cannot establish app-server socket mount isolation/,
    gate: null,
    reported: 'openai/codex #47402 (Termux with proot), #47415 (Btrfs)',
    cause: `Codex cannot tell which mount holds its socket folder (${SOCKETS}). proot and Btrfs show it mounts that do not match.`,
    remedy: 'Update Codex, or mount a tmpfs on /tmp. Under proot, run Codex on a system with real mounts.',
  },
  {
    // Measured with 0.169.0: a folder of another user, one of another mode, and Codex inside Codex's sandbox.
    pattern: /app-server socket directory must be a user-owned directory with mode 0700/,
    gate: null,
    cause: causeOutside(
      `Codex's socket folder (${SOCKETS}) belongs to another user, or its mode is not 0700.`,
      MAYBE_INSIDE.cause,
    ),
    remedy: remedyOutside('Remove that folder: Codex creates it again.', MAYBE_INSIDE.remedy),
  },
  {
    // Measured with 0.169.0 in the sandbox of @anthropic-ai/sandbox-runtime 0.0.78, which sets TMPDIR and makes no such folder.
    pattern: /failed to resolve synthetic mount registry temp directory .*: No such file/,
    gate: null,
    cause:
      "TMPDIR names a folder that does not exist, and Codex needs it. Claude Code's sandbox sets TMPDIR to /tmp/claude.",
    remedy: 'Create that folder, or start Codex outside the sandbox that sets TMPDIR.',
  },
  {
    // Measured with 0.169.0; since 0.156 [read].
    pattern: /filesystem-restricted execution requires bubblewrap/,
    gate: null,
    cause: 'use_legacy_landlock selects a sandbox without bubblewrap. Codex 0.156 and later refuse that.',
    remedy: "Remove use_legacy_landlock from Codex's configuration.",
  },
  {
    // The text was measured with 0.8 and 0.12 of bubblewrap; that 0.169.0 passes with two denied files, too.
    pattern: /Can't write data to file .*: Bad file descriptor/,
    gate: null,
    reported: 'openai/codex #43929 (Codex 0.152 and 0.153)',
    cause:
      'The permission profile denies two or more files, and this Codex closes the data for them before bubblewrap reads it.',
    remedy: 'Update Codex: 0.169 does not have this fault. Or deny the folder that holds the files.',
  },
];
