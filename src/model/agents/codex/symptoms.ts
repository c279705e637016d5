import type { AgentSymptoms } from '../../agent/symptom.js';
import { CODEX_FAULTS } from './faults.js';

const READ_ONLY_REMEDY =
  'Mount a tmpfs on /tmp and on the home folder (--tmpfs), or do not make the container read-only.';

/** What the messages mean that Codex prints, or that only Codex brings about. */
export const CODEX_SYMPTOMS: AgentSymptoms = {
  setuidRemedy: 'Or update Codex: 0.130 and later use their own bwrap instead.',
  procCause: 'Codex does without one where bwrap is older than 0.12; from 0.12 on it does not recognise the message.',
  first: [
    {
      pattern: /cannot enforce sandbox read-only path .* because it crosses writable symlink/,
      gate: 'workspace-entries',
      cause:
        'An entry that Codex protects in the workspace is a symbolic link. Codex then refuses every command in workspace-write mode, in any container and on any host.',
      remedy:
        'Replace the link with a real folder. For a Git repository that lies elsewhere, use git worktree, or a .git file instead of a link.',
    },
    {
      pattern: /Failed to read project config file .*: Permission denied/,
      gate: 'workspace-entries',
      cause:
        "The user that Codex runs as may not read the project's .codex folder or its config.toml. Codex stops before it starts a sandbox, in every mode.",
      remedy:
        'Let that user read the .codex folder: change its owner (chown -R) or its mode (chmod -R a+rX .codex). For a bind mount, do it on the host.',
    },
    {
      pattern: /Failed to read project config file .*(?:is not a file|Is a directory)/,
      gate: 'workspace-entries',
      cause:
        'The path .codex/config.toml is a folder. Docker creates such a folder where the source of a bind mount is missing.',
      remedy: 'Remove the folder, then create the file or remove the mount.',
    },
    {
      pattern: /bubblewrap is unavailable|no system bwrap was found|\bbwrap: (?:command )?not found/,
      gate: 'bwrap-available',
      cause: 'There is no bubblewrap: none on PATH that Codex can use, and none beside the Codex executable.',
      remedy: 'Install the bubblewrap package in the image, or install Codex from npm, whose package brings its own.',
    },
    {
      pattern: /bwrap: Unknown option --argv0/,
      gate: 'bwrap-available',
      cause: 'Codex 0.116.0 passes --argv0 to the bwrap on PATH, which knows that option from 0.9 on only.',
      remedy:
        'Update Codex: 0.117.0 and later do without. Or leave the bubblewrap package out of the image, so that Codex starts its own.',
    },
    {
      pattern: /bwrap: Unknown option --perms/,
      gate: 'bwrap-available',
      reported: 'openai/codex #20590, #21516 (Codex 0.128 with bubblewrap 0.4.0)',
      cause: 'Codex 0.128 passes --perms to the bwrap on PATH, which knows that option from 0.5 on only.',
      remedy:
        'Update Codex: 0.129 and later use their own bwrap then. Or leave the bubblewrap package out of the image, so that Codex starts its own.',
    },
    ...CODEX_FAULTS,
  ],
  last: [
    {
      pattern:
        /(?:error building bubblewrap command|synthetic bubblewrap mount registry .*): .*(?:Read-only file system|os error 30)/,
      gate: 'writable-paths',
      cause: 'The root file system of the container is read-only, and Codex has no temporary folder to write to.',
      remedy: READ_ONLY_REMEDY,
    },
    {
      pattern: /\bError: Read-only file system \(os error 30\)/,
      gate: 'writable-paths',
      cause:
        'The root file system of the container is read-only, and this version of Codex has to write to its home (~/.codex).',
      remedy: READ_ONLY_REMEDY,
    },
    {
      pattern: /execvp .*codex-linux-sandbox: No such file/,
      gate: 'writable-paths',
      cause:
        'Codex could not create its helper links, because its home (~/.codex) cannot be written to or lies below the temporary folder; a bwrap older than 0.9 needs them.',
      remedy:
        'Make the home folder writable for the user that Codex runs as (a tmpfs needs uid=… for a user who is not root), and keep HOME and CODEX_HOME out of /tmp.',
    },
    {
      pattern: /could not create PATH aliases: .*Read-only file system/,
      gate: 'writable-paths',
      weak: true,
      cause: 'The home folder of the container is read-only, so Codex cannot create its helper links.',
      remedy: READ_ONLY_REMEDY,
    },
  ],
};
