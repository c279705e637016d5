import { ADVISORY_HOSTS, DEFAULT_HOSTS, HOST_CHOICES } from '../model/host.js';

/** The commands, in the order in which help lists them. */
export const COMMANDS = ['check', 'fix', 'probe', 'explain', 'rules'] as const;

export type CommandName = (typeof COMMANDS)[number];

/** Every host that --host takes, with what it stands for, a line each. */
export function hostList(indentation: number): string {
  const indent = ' '.repeat(indentation);
  return HOST_CHOICES.map(({ name, description }) => `${indent}${name.padEnd(31)}${description}`).join('\n');
}

const TARGET_OPTIONS = `  --host NAME       a host on which the container is to work; repeatable.
                    Default: ${DEFAULT_HOSTS.join(', ')}
                    Unless it is named, ${ADVISORY_HOSTS.join(', ')} is judged only: it changes no exit status and no fix
${hostList(6)}
  --codex VERSION   Codex to assume. Default: what the container installs, else the newest that is known
  --network MODE    restricted or full: what Codex's policy allows the commands that it runs.
                    Default: the workspace's Codex configuration, else restricted`;

const FAIL_ON = `  --fail-on LEVEL   error, warning, info or never: from which severity on the exit status is 1. Default: warning`;

const PATHS = `PATH is a workspace folder, a .devcontainer folder or a devcontainer.json. Default: the current directory.
A folder without a configuration of its own, as a monorepo may be, stands for the folders below that have one.`;

const STATUS = `Exit status: 0 nothing to report, 1 findings, 2 wrong usage or input that cannot be read.`;

const PAGES: Readonly<Record<CommandName, string>> = {
  check: `codex-sandbox-check check [OPTION…] [PATH…]

Says on which hosts Codex's sandbox starts in the dev containers of PATH, where it fails, and which line is the cause.
${PATHS}

${TARGET_OPTIONS}
  --format FORMAT   text (for people, the default) or json
${FAIL_ON}

${STATUS}
`,
  fix: `codex-sandbox-check fix [OPTION…] [PATH…]

Prints, as a unified diff, the smallest edits after which Codex's sandbox starts on every --host. Without --host nothing
adds SYS_ADMIN, privileged or a setuid bubblewrap, and nothing removes no-new-privileges.
${PATHS}

What a warning or an error calls of no use is taken back. What works and is only wider than need be (a remark) is left
to you: check names the narrower way. Where only the host can change something, what and how is said on stderr.

  --write           make the edits instead of printing them
${TARGET_OPTIONS}
${FAIL_ON}

Exit status: 0 the edits repair everything or none is needed, 1 something remains, 2 wrong usage or input that cannot
be read or written.
`,
  probe: `codex-sandbox-check probe [OPTION…]

Measures, as the user that Codex runs as, whether Codex's sandbox starts in a container, and where it fails if not.

  (neither of the next two)   in the container in which it runs itself
  --container ID    in that running container, through docker exec or podman exec
  --workspace PATH  in the running dev container of that folder of this machine
  --network MODE    restricted or full: the policy to measure. Default: restricted
  --url URL         an http or https address that has to answer from within the sandbox; the policy is full then
  --format FORMAT   text (for people, the default) or json

Exit status: 0 it works, 1 it does not, 2 wrong usage, or the probe cannot run or cannot tell.
`,
  explain: `codex-sandbox-check explain [TEXT…|-]

Says which step of the sandbox's start an error text comes from, what causes it and what to do.
TEXT is what Codex or bwrap printed; - or nothing reads it from standard input. It may be a whole log: a terminal's,
the output of the VS Code extension, what codex exec --json prints, a session file of Codex; also in UTF-16.

Exit status: 0 the text is recognised, 1 it is not, 2 wrong usage.
`,
  rules: `codex-sandbox-check rules [ID]

Lists the rules; with an ID, prints that rule's page.
`,
};

const OVERVIEW = `Predicts whether OpenAI Codex's bubblewrap sandbox starts in a dev container, and repairs the container's configuration.

  codex-sandbox-check check [PATH…]     say where it fails, and which line is the cause
  codex-sandbox-check fix [PATH…]       print the edits that make it work as a diff; --write makes them
  codex-sandbox-check probe             measure it, in this or another container
  codex-sandbox-check explain [TEXT|-]  an error text: which step failed, why, what to do
  codex-sandbox-check rules [ID]        the rules, or one rule's page

Every command has --help. --version prints the version.

${STATUS}
`;

/** The help for all or for one command, ready to print. */
export function help(about: CommandName | undefined): string {
  return about === undefined ? OVERVIEW : PAGES[about];
}
