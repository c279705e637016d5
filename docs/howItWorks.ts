import * as fs from 'node:fs';
import { format } from 'prettier';
import { CODEX } from '../src/model/agents/codex/agent.js';
import { CODEX_ERRORS, linkedEntry, linkedEntryPanic, unreadableConfig } from '../src/model/agents/codex/errors.js';
import { CODEX_BEHAVIOURS } from '../src/model/agents/codex/versions.js';
import { shieldedEntries } from '../src/model/agents/codex/workspaceEntries.js';
import { BWRAP_CHANGES, type BwrapChoice } from '../src/model/bwrap/bwrap.js';
import { BWRAP_CALL_NAMES, NEWER_BWRAP_CALLS } from '../src/model/bwrap/calls.js';
import { creationError, ERRORS } from '../src/model/bwrap/errors.js';
import { GATE_NAMES, GATES, type Gate } from '../src/model/gates.js';
import { HOSTS, type Host } from '../src/model/host.js';
import { relaxationsFor } from '../src/model/plan/relaxations.js';

/** What the page says about a gate beside its name. */
interface GateText {
  readonly closed: string;
  readonly opened: string;
  /** What bubblewrap or Codex prints, one line each. */
  readonly errors: readonly string[];
}

/** A new gate of the model needs its text here: a missing name does not compile. */
export const GATE_TEXTS: Readonly<Record<Gate, GateText>> = {
  'workspace-entries': {
    closed:
      "An entry that Codex protects in the workspace folder is a symbolic link, or Codex's user may not read `.codex/config.toml`.",
    opened:
      "A real folder, or for Git a worktree or a `.git` file. For an unreadable file: an owner or a mode that lets Codex's user read it.",
    errors: [
      unreadableConfig('/workspaces/app/.codex/config.toml'),
      linkedEntry('/workspaces/app/.git'),
      linkedEntryPanic('/workspaces/app/.git'),
    ],
  },
  'writable-paths': {
    closed:
      'The root file system is read-only and Codex finds no tmpfs in the folders that it needs. Or bubblewrap cannot create entries in the workspace folder.',
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
    closed:
      'The image has no bubblewrap that Codex can use, and Codex has none of its own. Codex 0.116.0 also fails with bubblewrap before 0.9.',
    opened: "The distribution's bubblewrap package, or Codex from npm, which contains one.",
    errors: [CODEX_ERRORS.bwrapMissing, ERRORS.unknownArgv0],
  },
  'bwrap-privileges': {
    closed:
      'bubblewrap is setuid without the six capabilities that it needs, or its build refuses setuid. Or Podman passes capabilities to it that it does not expect.',
    opened: 'No setuid bit, or all six capabilities. Under Podman: no added capabilities.',
    errors: [ERRORS.capset, ERRORS.setuidRefused, ERRORS.ambientCapabilities],
  },
  'seccomp-userns': {
    closed:
      "The seccomp profile refuses `clone` or `unshare` with a new user namespace. Docker's default allows them only with SYS_ADMIN.",
    opened:
      'A tailored seccomp profile. `seccomp=unconfined` and `privileged` also open it, but they remove the whole filter.',
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
    closed:
      '`user.max_user_namespaces` is 0, or `kernel.unprivileged_userns_clone` is 0 and bubblewrap does not have SYS_ADMIN. The second case prints the text of `seccomp-userns`.',
    opened:
      "The host's setting. In the second case also root with SYS_ADMIN, or a setuid bubblewrap with its six capabilities.",
    errors: [ERRORS.usernsNoneLeft],
  },
  apparmor: {
    closed:
      'The container runs under docker-default on a host with AppArmor, or under another profile that refuses the mounts.',
    opened:
      '`apparmor=unconfined`, or a profile on the host that allows `userns`, `mount`, `umount` and `pivot_root`. Capabilities do not help.',
    errors: [ERRORS.appArmorUserns, ERRORS.appArmorMount],
  },
  loopback: {
    closed:
      'The host restricts user namespaces, AppArmor does not confine the container, and bubblewrap does not have SYS_ADMIN. Codex meets this gate if it isolates the network.',
    opened:
      'An AppArmor profile on the host that grants `userns`, root with SYS_ADMIN, or a setuid bubblewrap with its six capabilities.',
    errors: [ERRORS.loopback],
  },
  'uid-map': {
    closed: 'As `loopback`, if the network is allowed. Or Codex runs as root in a container without SETFCAP.',
    opened: 'As `loopback`. For root without SETFCAP: that capability, or another user.',
    errors: [ERRORS.uidMapRestricted, ERRORS.uidMap],
  },
  'pivot-root': {
    closed:
      "The seccomp profile refuses `pivot_root`, `mount` or `umount2`. Docker's default refuses `pivot_root` in every container, even with SYS_ADMIN.",
    opened:
      'A tailored seccomp profile. `seccomp=unconfined` and `privileged` also open it, but they remove the whole filter.',
    errors: [ERRORS.pivotRoot, ERRORS.seccompMount, ERRORS.seccompUmount],
  },
  'proc-mount': {
    closed:
      'The container masks paths of `/proc` (the default), and Codex starts a bubblewrap of 0.12 or later. Codex does not recognize the message of that bubblewrap.',
    opened:
      'A bubblewrap before 0.12 or the one that comes with Codex, or `systempaths=unconfined` for a user other than root (Podman: `unmask=/proc/*`).',
    errors: [ERRORS.procMount],
  },
};

function gates(): string {
  return GATES.map((gate, index) => {
    const { closed, opened, errors } = GATE_TEXTS[gate];
    return [
      `### ${index + 1}. \`${gate}\`: ${GATE_NAMES[gate]}`,
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
  const restricts = apparmor.restrictsUnprivilegedUserns ? ', and restricts unconfined programs' : '';
  const but = (apparmor.attachedTo ?? []).map((path) => `, except \`${path}\``).join('');
  return `blocks ${denied}${restricts}${but}`;
}

function userNamespaces({ anyUserns, unprivilegedUserns }: Host): string {
  return anyUserns ? (unprivilegedUserns ? 'allowed' : 'only with SYS_ADMIN') : 'none';
}

function hosts(root: string): string {
  const runs = measuredRuns(root);
  return table(
    ['host', 'machines', 'AppArmor', 'user namespaces', 'container root is host root', 'measured runs'],
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
      // The host with that name has AppArmor.
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
  rewordsCreation: 'reports a folder that it cannot create as a file',
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
    ['relaxation', 'what it is', 'what the container loses', 'may be planned'],
    relaxationsFor(NEWEST).map(({ id, title, givesAway, neverPlanned, onRequest }) => [
      `\`${id}\``,
      title,
      givesAway || 'nothing',
      neverPlanned ? 'never' : onRequest ? 'only for a host that you name' : 'yes',
    ]),
  );
}

const CHOICES: Readonly<Record<BwrapChoice, string>> = {
  none: 'none (Landlock)',
  bundled: 'its own',
  system: 'the first on PATH, else its own',
  'usable-system': 'the first on PATH if usable, else its own',
};

const FOLDERS = { home: '`~/.codex`', tmp: '`/tmp`' } as const;

function versions(): string {
  return table(
    ['from', 'bubblewrap', 'must write to', 'protects in the workspace', 'evidence'],
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

/** Versions that changed only the protected entries. */
const SHIELDING = [{ since: '0.118.0' }, { since: '0.163.0' }];

/** docs/how-it-works.md with all generated parts renewed. @throws Error if a part has no place there */
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
