import { ADVISORY_HOSTS, DEFAULT_HOSTS, HOST_CHOICES, displayNames } from '../model/host.js';
import { list } from '../model/wordList.js';
import { wrapped } from '../report/wrap.js';

/** The commands, in the order in which help lists them. */
export const COMMANDS = ['check', 'fix', 'probe', 'explain', 'rules'] as const;

export type CommandName = (typeof COMMANDS)[number];

/** The help fits into the terminal that everybody has. */
const WIDTH = 80;

/** Every host that --host takes, with its name for people and what it stands for. */
export function hostList(indentation: number): string {
  const indent = ' '.repeat(indentation);
  return HOST_CHOICES.flatMap(({ name, displayName, description }) => [
    `${indent}${name.padEnd(31)}${displayName}`,
    ...wrapped(description, WIDTH, `${indent}  `),
  ]).join('\n');
}

function namesOf(hosts: readonly string[]): string {
  return list(displayNames(hosts));
}

const TARGET_OPTIONS = `  --host NAME,…     hosts that the container must work on; repeatable.
                    Default: ${namesOf(DEFAULT_HOSTS)}.
                    ${namesOf(ADVISORY_HOSTS)} decides neither the exit status nor the fix,
                    unless you name it. The names are listed below.
  --codex VERSION   the Codex version to assume. Default: the version that the
                    container installs, else the newest that the check knows
  --network MODE    restricted or full: what Codex's policy allows commands.
                    Default: the workspace's Codex configuration, else restricted
  --all             also check configurations in folders below PATH, and show
                    each one by itself`;

const OUTPUT = `  --output FILE     write the result to FILE instead of standard output`;

const FAIL_ON = `  --fail-on LEVEL   error, warning, info or never: the lowest severity that makes
                    the exit status 1. Default: warning`;

const PATHS = `PATH is a workspace folder, a .devcontainer folder or a devcontainer.json file.
The default is the current directory. If a folder has no configuration, the
folders below it are searched.`;

const HOSTS = `Hosts:
${hostList(2)}`;

const PAGES: Readonly<Record<CommandName, string>> = {
  check: `codex-sandbox-check check [OPTION…] [PATH…]

Says where Codex's sandbox works, where it fails, and which line is the cause.
${PATHS}

  --verbose         show all fixes, their cost, and everything that is known
  --format FORMAT   text (the default, for people) or json
  --no-fixes        leave out the fixes, which take the most time
${OUTPUT}
${FAIL_ON}
${TARGET_OPTIONS}

Exit status: 0 nothing to report, 1 findings, 2 wrong usage or unreadable input.

${HOSTS}
`,
  fix: `codex-sandbox-check fix [OPTION…] [PATH…]

Shows the smallest changes that make Codex work, as a unified diff.
${PATHS}

  --write           make the changes instead of showing them
  --verbose         show what the changes cost, other ways, and host instructions
${OUTPUT}
${FAIL_ON}
${TARGET_OPTIONS}

Without --host, fix never adds SYS_ADMIN, privileged mode or a setuid bubblewrap,
and never removes no-new-privileges. It removes systempaths=unconfined where
Codex runs as root, because root controls the host with it. It keeps other
settings that are unnecessary or wider than necessary, once Codex works.

Exit status: 0 nothing is left to fix, 1 something is left, 2 wrong usage, or a
file cannot be read or written.

${HOSTS}
`,
  probe: `codex-sandbox-check probe [OPTION…]

Measures whether Codex's sandbox starts in a running container, and where it
fails. It runs as the user that Codex runs as.

  (no option)       measure in the container in which this command runs
  --workspace PATH  measure in the running dev container of this folder
  --container ID    measure in this running container
  --network MODE    restricted or full: the policy to measure. Default: restricted
  --url URL         an http or https address that must answer from the sandbox;
                    sets --network full
  --format FORMAT   text (the default, for people) or json
${OUTPUT}

Exit status: 0 works, 1 fails, 2 wrong usage, or the result is unknown.
`,
  explain: `codex-sandbox-check explain [OPTION…] [TEXT…|-]

Explains an error text: which step failed, why, and what to do.
TEXT is what Codex or bwrap printed. With - or without TEXT, it is read from
standard input. A whole log works too: of a terminal, of the VS Code extension,
of \`codex exec --json\`, or a session file of Codex.

${OUTPUT}

Exit status: 0 the text is known, 1 it is not, 2 wrong usage.
`,
  rules: `codex-sandbox-check rules [OPTION…] [ID]

Lists the rules. With an ID, prints the page of that rule.

${OUTPUT}
`,
};

const OVERVIEW = `Checks whether OpenAI Codex's sandbox can start in a dev container, and fixes the
container's configuration.

First steps, in the folder that you open as a dev container:
  1. codex-sandbox-check check                  see whether Codex works, and why not
  2. codex-sandbox-check fix                    see the changes that make it work
  3. codex-sandbox-check fix --write            make them, then rebuild the container
  4. codex-sandbox-check probe --workspace .    measure in the running container

Commands:
  check [PATH…]     say where Codex works and fails, and which line is the cause
  fix [PATH…]       show the changes that make it work; --write makes them
  probe             measure in this container or another one
  explain [TEXT|-]  explain an error text of Codex or bwrap
  rules [ID]        list the rules, or print the page of one

\`codex-sandbox-check COMMAND --help\` lists the options of a command.
--version prints the version.

Exit status: 0 nothing to report, 1 findings, 2 wrong usage or unreadable input.
`;

/** The help for all or for one command, ready to print. */
export function help(about: CommandName | undefined): string {
  return about === undefined ? OVERVIEW : PAGES[about];
}
