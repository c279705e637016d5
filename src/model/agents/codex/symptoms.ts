import type { AgentSymptoms } from '../../agent/symptom.js';
import { CODEX_FAULTS } from './faults.js';

const READ_ONLY_REMEDY = 'Mount a tmpfs on /tmp and on the home folder (--tmpfs), or make the container writable.';

/** What the messages mean that Codex prints or that only Codex causes. */
export const CODEX_SYMPTOMS: AgentSymptoms = {
  setuidRemedy: 'Or update Codex: 0.130 and later use their own bwrap instead.',
  procCause:
    'Codex works without one if bwrap is older than 0.12. It does not recognize the message of bwrap 0.12 and later.',
  first: [
    {
      pattern: /cannot enforce sandbox read-only path .* because it crosses writable symlink/,
      gate: 'workspace-entries',
      cause:
        'An entry that Codex protects in the workspace is a symbolic link. Codex then refuses every command in workspace-write mode, in every container and on every host.',
      remedy:
        'Replace the link with a real folder. For a Git repository in another place, use git worktree or a .git file.',
    },
    {
      pattern: /Failed to read project config file .*: Permission denied/,
      gate: 'workspace-entries',
      cause:
        "Codex's user may not read the project's .codex folder or its config.toml. Codex stops before it starts a sandbox, in every mode.",
      remedy:
        'Let that user read the .codex folder: change its owner (chown -R) or its mode (chmod -R a+rX .codex). For a bind mount, do it on the host.',
    },
    {
      pattern: /Failed to read project config file .*(?:is not a file|Is a directory)/,
      gate: 'workspace-entries',
      cause:
        'The path .codex/config.toml is a folder. Docker creates such a folder if the source of a bind mount is missing.',
      remedy: 'Remove the folder, then create the file or remove the mount.',
    },
    {
      pattern: /bubblewrap is unavailable|no system bwrap was found|\bbwrap: (?:command )?not found/,
      gate: 'bwrap-available',
      cause: 'bubblewrap is missing: Codex finds none on PATH that it can use, and none beside its own executable.',
      remedy: 'Install the bubblewrap package in the image. Or install Codex from npm: that package has its own.',
    },
    {
      pattern: /bwrap: Unknown option --argv0/,
      gate: 'bwrap-available',
      cause: 'Codex 0.116.0 passes --argv0 to the bwrap on PATH, and bwrap before 0.9 does not know that option.',
      remedy:
        'Update Codex: 0.117.0 and later do not need the option. Or remove the bubblewrap package from the image, so that Codex starts its own.',
    },
    {
      pattern: /bwrap: Unknown option --perms/,
      gate: 'bwrap-available',
      reported: 'openai/codex #20590, #21516 (Codex 0.128 with bubblewrap 0.4.0)',
      cause: 'Codex 0.128 passes --perms to the bwrap on PATH, and bwrap before 0.5 does not know that option.',
      remedy:
        'Update Codex: 0.129 and later use their own bwrap then. Or remove the bubblewrap package from the image, so that Codex starts its own.',
    },
    ...CODEX_FAULTS,
  ],
  last: [
    {
      pattern:
        /(?:error building bubblewrap command|synthetic bubblewrap mount registry .*): .*(?:Read-only file system|os error 30)/,
      gate: 'writable-paths',
      cause: "The container's root file system is read-only, and Codex has no temporary folder to write to.",
      remedy: READ_ONLY_REMEDY,
    },
    {
      pattern: /\bError: Read-only file system \(os error 30\)/,
      gate: 'writable-paths',
      cause:
        "The container's root file system is read-only, and this version of Codex must write to its home (~/.codex).",
      remedy: READ_ONLY_REMEDY,
    },
    {
      pattern: /execvp .*codex-linux-sandbox: No such file/,
      gate: 'writable-paths',
      cause:
        'Codex could not create its helper links: its home (~/.codex) is not writable, or it is below the temporary folder. bwrap before 0.9 needs these links.',
      remedy:
        "Make the home folder writable for Codex's user: a tmpfs needs uid=… for a user other than root. Keep HOME and CODEX_HOME out of /tmp.",
    },
    {
      pattern: /could not create PATH aliases: .*Read-only file system/,
      gate: 'writable-paths',
      weak: true,
      cause: 'The home folder is read-only, so Codex cannot create its helper links.',
      remedy: READ_ONLY_REMEDY,
    },
  ],
};
