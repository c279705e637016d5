import * as fs from 'node:fs';
import { format } from 'prettier';
import { CODEX } from '../src/model/agents/codex/agent.js';
import { CODEX_ERRORS, linkedEntry, linkedEntryPanic, unreadableConfig } from '../src/model/agents/codex/errors.js';
import { CODEX_BEHAVIOURS } from '../src/model/agents/codex/versions.js';
import { shieldedEntries } from '../src/model/agents/codex/workspaceEntries.js';
import { BWRAP_CHANGES, type BwrapChoice } from '../src/model/bwrap/bwrap.js';
import { BWRAP_CALL_NAMES, NEWER_BWRAP_CALLS } from '../src/model/bwrap/calls.js';
import { creationError, ERRORS } from '../src/model/bwrap/errors.js';
import { GATES, type Gate } from '../src/model/gates.js';
import { HOSTS, type Host } from '../src/model/host.js';
import { relaxationsFor } from '../src/model/plan/relaxations.js';

/** What the page says of a gate beside its name. */
interface GateText {
  /** Names the gate for people, as the findings do. */
  readonly headline: string;
  readonly closed: string;
  readonly opened: string;
  /** What bubblewrap or Codex prints, one line each. */
  readonly errors: readonly string[];
}

/** A gate that the model gets needs its text here: a name that is missing does not compile. */
export const GATE_TEXTS: Readonly<Record<Gate, GateText>> = {
  'workspace-entries': {
    headline: 'a folder that Codex protects in the workspace is a symlink or cannot be read',
    closed:
      "An entry that Codex protects in the workspace folder is a symbolic link, or Codex's user may not read `.codex/config.toml`.",
    opened: "A real folder, or for Git a worktree or a `.git` file; an owner or a mode that lets Codex's user read.",
    errors: [
      unreadableConfig('/workspaces/app/.codex/config.toml'),
      linkedEntry('/workspaces/app/.git'),
      linkedEntryPanic('/workspaces/app/.git'),
    ],
  },
  'writable-paths': {
    headline: 'a folder that Codex must write to is not writable',
    closed:
      'The root file system is read-only and Codex finds no tmpfs where it must write, or bubblewrap can create nothing in the workspace folder.',
    opened:
      'A tmpfs on `/tmp` and on `~/.codex` (see "Versions of Codex"), or a workspace folder that Codex\'s user can write to.',
    errors: [
      CODEX_ERRORS.readOnly,
      CODEX_ERRORS.readOnlyHome,
      CODEX_ERRORS.mountRegistry,
      CODEX_ERRORS.helperLinks,
      creationError('/workspaces/app/.git', 'folder', 'EACCES', false),
    ],
  },
  'bwrap-available': {
    headline: 'bubblewrap is missing',
    closed:
      'The image has no bubblewrap that Codex can use, and Codex brings none. Codex 0.116.0 also fails with bubblewrap before 0.9.',
    opened: "The distribution's bubblewrap package, or Codex from npm, whose package brings its own.",
    errors: [CODEX_ERRORS.bwrapMissing, ERRORS.unknownArgv0],
  },
  'bwrap-privileges': {
    headline: 'bubblewrap refuses its privileges',
    closed:
      'bubblewrap is setuid without the six capabilities that it needs, its build refuses setuid, or Podman hands it capabilities that it does not expect.',
    opened: 'No setuid bit, or all six capabilities. Under Podman: no added capabilities.',
    errors: [ERRORS.capset, ERRORS.setuidRefused, ERRORS.ambientCapabilities],
  },
  'seccomp-userns': {
    headline: 'the seccomp profile blocks user namespaces',
    closed:
      "The seccomp profile refuses `clone` or `unshare` with a new user namespace. Docker's default allows them only with SYS_ADMIN.",
    opened: 'A tailored seccomp profile. `seccomp=unconfined` and `privileged` open it too, and give away more.',
    errors: [
      ERRORS.usernsDenied,
      ERRORS.usernsDeniedDebian,
      ERRORS.usernsDeniedDebian12,
      ERRORS.usernsUnsupported,
      ERRORS.seccompUnshare,
      ERRORS.killed,
    ],
  },
  'userns-allowed': {
    headline: 'the kernel forbids user namespaces',
    closed:
      '`user.max_user_namespaces` is 0, or `kernel.unprivileged_userns_clone` is 0 and bubblewrap does not hold SYS_ADMIN. The second case prints the text of `seccomp-userns`.',
    opened:
      "The host's setting. In the second case also root with SYS_ADMIN, or a setuid bubblewrap with its six capabilities.",
    errors: [ERRORS.usernsNoneLeft],
  },
  apparmor: {
    headline: 'AppArmor blocks the sandbox',
    closed:
      'The container runs under docker-default on a host with AppArmor, or under another profile that refuses the mounts.',
    opened:
      '`apparmor=unconfined`, or a profile on the host that allows `userns`, `mount`, `umount` and `pivot_root`. Capabilities do not help.',
    errors: [ERRORS.appArmorUserns, ERRORS.appArmorMount],
  },
  loopback: {
    headline: 'the host restricts user namespaces (Ubuntu)',
    closed:
      'The host restricts unprivileged user namespaces, the container is unconfined by AppArmor, and bubblewrap does not hold SYS_ADMIN. Met where Codex isolates the network.',
    opened:
      'An AppArmor profile on the host that grants `userns`, root with SYS_ADMIN, or a setuid bubblewrap with its six capabilities.',
    errors: [ERRORS.loopback],
  },
  'uid-map': {
    headline: 'the host restricts user namespaces (Ubuntu), or root lacks SETFCAP',
    closed: 'As `loopback`, where the network is allowed. Or Codex runs as root in a container without SETFCAP.',
    opened: 'As `loopback`. For root without SETFCAP: that capability, or another user.',
    errors: [ERRORS.uidMapRestricted, ERRORS.uidMap],
  },
  'pivot-root': {
    headline: 'the seccomp profile blocks pivot_root',
    closed:
      "The seccomp profile refuses `pivot_root`, `mount` or `umount2`. Docker's default refuses `pivot_root` to everybody, with SYS_ADMIN too.",
    opened: 'A tailored seccomp profile. `seccomp=unconfined` and `privileged` open it too, and give away more.',
    errors: [ERRORS.pivotRoot, ERRORS.seccompMount, ERRORS.seccompUmount],
  },
  'proc-mount': {
    headline: '/proc is masked',
    closed:
      'The container masks paths of `/proc`, which is the default, and Codex starts a bubblewrap of 0.12 or later, whose message Codex does not recognize.',
    opened:
      'A bubblewrap before 0.12 or the one that comes with Codex, or `systempaths=unconfined` for a user other than root (Podman: `unmask=/proc/*`).',
    errors: [ERRORS.procMount],
  },
};

function gates(): string {
  return GATES.map((gate, index) => {
    const { headline, closed, opened, errors } = GATE_TEXTS[gate];
    return [
      `### ${index + 1}. \`${gate}\`: ${headline}`,
      `- Closed: ${closed}\n- Opened by: ${opened}`,
      `\`\`\`text\n${errors.join('\n')}\n\`\`\``,
    ].join('\n\n');
  }).join('\n\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[]): string => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [cells(head), cells(head.map(() => '---')), ...rows.map(cells)].join('\n');
}

function appArmor({ apparmor }: Host): string {
  if (!apparmor) return 'none';
  const denied = apparmor.defaultDenies === 'userns' ? 'user namespaces' : 'mounts';
  const restricts = apparmor.restrictsUnprivilegedUserns ? ', and restricts what is unconfined' : '';
  const but = (apparmor.attachedTo ?? []).map((path) => `, but for \`${path}\``).join('');
  return `denies ${denied}${restricts}${but}`;
}

function userNamespaces({ anyUserns, unprivilegedUserns }: Host): string {
  return anyUserns ? (unprivilegedUserns ? 'allowed' : 'only with SYS_ADMIN') : 'none';
}

function hosts(root: string): string {
  const runs = measuredRuns(root);
  return table(
    ['host', 'machines', 'AppArmor', 'user namespaces', 'root in a container is root of the host', 'measured runs'],
    Object.values(HOSTS).map((host) => [
      `\`${host.name}\``,
      host.description,
      appArmor(host),
      userNamespaces(host),
      host.rootIsHosts ? 'yes' : 'no',
      String(runs.get(host.name) ?? 0),
    ]),
  );
}

/** How many rows of test/ground-truth were measured on each host. */
function measuredRuns(root: string): ReadonlyMap<string, number> {
  const folder = `${root}/test/ground-truth/rows`;
  const runs = new Map<string, number>();
  for (const file of fs.readdirSync(folder).filter((name) => name.endsWith('.jsonl'))) {
    for (const line of fs.readFileSync(`${folder}/${file}`, 'utf8').split('\n').filter(Boolean)) {
      const { host, apparmor } = JSON.parse(line) as { readonly host: string; readonly apparmor?: boolean };
      // The host of that name has it.
      if (host === 'podman-rootful' && apparmor === false) continue;
      runs.set(host, (runs.get(host) ?? 0) + 1);
    }
  }
  return runs;
}

const BWRAP_TEXTS: Readonly<Record<keyof typeof BWRAP_CHANGES, string>> = {
  perms: 'knows `--perms`; Codex does not use an older one',
  argv0: 'knows `--argv0`; with an older one Codex needs its helper links in `~/.codex`',
  refusesSetuid: 'refuses to run setuid',
  rewordsProcError: 'words its `/proc` error so that Codex does not try again without `/proc`',
  rewordsCreation: 'calls everything that it cannot create a file, folders too',
  opensWithOpenat2: 'needs `openat2`',
  setsMountAttributes: 'needs `mount_setattr`, unless the filter answers it with ENOSYS',
};

function bubblewraps(): string {
  const rows = Object.entries(BWRAP_CHANGES).map(([id, { since, evidence }]) => [
    since,
    BWRAP_TEXTS[id as keyof typeof BWRAP_CHANGES],
    evidence,
  ]);
  return table(['from', 'bubblewrap', 'evidence'], rows);
}

function calls(): string {
  const names = (list: readonly string[]): string => list.map((name) => `\`${name}\``).join(', ');
  return `Always needed: ${names(BWRAP_CALL_NAMES)}. Needed by bubblewrap 0.13 and later: ${names(NEWER_BWRAP_CALLS)}.`;
}

/** Codex as npm installs it. */
const NEWEST = { agent: CODEX, version: CODEX.newestVersion, network: 'restricted', bundledBwrap: true } as const;

function relaxations(): string {
  return table(
    ['relaxation', 'what it is', 'what it gives away', 'may be planned'],
    relaxationsFor(NEWEST).map(({ id, title, givesAway, neverPlanned, onRequest }) => [
      `\`${id}\``,
      title,
      givesAway || 'nothing',
      neverPlanned ? 'never' : onRequest === true ? 'only for a host that is named' : 'yes',
    ]),
  );
}

const CHOICES: Readonly<Record<BwrapChoice, string>> = {
  none: 'none (Landlock)',
  bundled: 'its own',
  system: 'the first on PATH, else its own',
  'usable-system': 'the first on PATH that is usable, else its own',
};

const FOLDERS = { home: '`~/.codex`', tmp: '`/tmp`' } as const;

function versions(): string {
  return table(
    ['from', 'bubblewrap', 'must write to', 'shields in the workspace', 'evidence'],
    [...CODEX_BEHAVIOURS, ...SHIELDING]
      .sort((a, b) => a.since.localeCompare(b.since, 'en', { numeric: true }))
      .map((behaviour) => {
        const shielded = shieldedEntries(behaviour.since).map((name) => `\`${name}\``);
        const entries = shielded.join(', ') || 'nothing';
        return 'bwrap' in behaviour
          ? [behaviour.since, CHOICES[behaviour.bwrap], writes(behaviour.writes), entries, behaviour.evidence]
          : [behaviour.since, 'as before', 'as before', entries, `measured with ${behaviour.since}`];
      }),
  );
}

function writes(folders: (typeof CODEX_BEHAVIOURS)[number]['writes']): string {
  return folders.map(({ folder }) => FOLDERS[folder]).join(' and ') || 'nothing';
}

/** Versions that changed only what is shielded. */
const SHIELDING = [{ since: '0.118.0' }, { since: '0.163.0' }];

/** docs/how-it-works.md with everything made anew that follows from the model. @throws Error when it has no place for it */
export async function howItWorks(root: string): Promise<string> {
  const parts: Readonly<Record<string, string>> = {
    gates: gates(),
    hosts: hosts(root),
    bubblewraps: bubblewraps(),
    calls: calls(),
    relaxations: relaxations(),
    versions: versions(),
  };
  let page = fs.readFileSync(`${root}/docs/how-it-works.md`, 'utf8');
  for (const [name, text] of Object.entries(parts)) {
    const marked = new RegExp(`(<!-- ${name} -->\\n)[^]*?(<!-- end of ${name} -->)`);
    if (!marked.test(page)) throw new Error(`docs/how-it-works.md has no place for the ${name}`);
    page = page.replace(marked, (_, start: string, end: string) => `${start}\n${text}\n\n${end}`);
  }
  return format(page, { parser: 'markdown' });
}
