import type { SymptomFacts } from '../model/agent/symptom.js';
import { environmentsNamed, surroundingAgent } from './environments.js';
import type { Facts, ObservedBwrap, ObservedCodex, ObservedWorkspace, PassedOver } from './observation.js';
import { PROJECT_CONFIG, shieldedEntries } from '../model/agents/codex/workspaceEntries.js';
import { NEWEST_CODEX } from '../model/agents/codex/versions.js';

type Values = ReadonlyMap<string, string>;

/** Text, or null where it is missing or empty. */
function text(values: Values, key: string): string | null {
  const value = values.get(key);
  return value === undefined || value === '' ? null : value;
}

/** A whole number, or null where it is missing or is none. */
function number(values: Values, key: string): number | null {
  const value = values.get(key);
  return value !== undefined && /^-?\d+$/.test(value) ? Number(value) : null;
}

function bwrapOf(values: Values, key: string, kind: ObservedBwrap['kind']): ObservedBwrap | undefined {
  const path = text(values, `${key}.path`);
  if (path === null) return undefined;
  const mode = text(values, `${key}.mode`);
  return {
    kind,
    path,
    version: text(values, `${key}.version`),
    mode,
    setuid: /^-..[sS]/.test(mode ?? ''),
    usable: values.get(`${key}.usable`) === 'yes',
    argv0: values.get(`${key}.argv0`) === 'yes',
    problem: text(values, `${key}.help`),
  };
}

/** Those on PATH, and the one that comes with a Codex. */
function bwrapsOf(values: Values, codex: string): readonly ObservedBwrap[] {
  const found: ObservedBwrap[] = [];
  for (let i = 1; ; i++) {
    const bwrap = bwrapOf(values, `bwrap.${i}`, 'system');
    if (!bwrap) break;
    found.push(bwrap);
  }
  const bundled = bwrapOf(values, `bwrap.bundled${codex}`, 'bundled');
  return bundled ? [...found, bundled] : found;
}

function codexOf(values: Values, codex: string): ObservedCodex | null {
  const key = `codex${codex}`;
  const path = text(values, `${key}.path`);
  if (path === null) return null;
  const origin = values.get(`${key}.origin`) === 'extension' ? 'extension' : 'path';
  const version = /\d+\.\d+\.\d+(?:-[\w.]+)?/.exec(values.get(`${key}.version`) ?? '');
  return { origin, path, version: version?.[0] ?? null, sandboxCommand: text(values, `${key}.sandbox`) };
}

const REFUSALS: ReadonlyMap<string | undefined, ObservedWorkspace['refuses']> = new Map([
  ['nothing', null],
  ['EACCES', 'EACCES'],
  ['EROFS', 'EROFS'],
]);

function wordsOf(values: Values, key: string): readonly string[] {
  return (values.get(key) ?? '').split(' ');
}

/** null where the script did not look at a folder, or says of it what it never says. */
function workspaceOf(values: Values): ObservedWorkspace | null {
  const path = text(values, 'workspace');
  const refuses = REFUSALS.get(values.get('workspace.refuses'));
  if (path === null || refuses === undefined) return null;
  const [, uid, gid] = /^(\d{1,10}) (\d{1,10})$/.exec(values.get('workspace.owner') ?? '') ?? [];
  const present = wordsOf(values, 'workspace.present');
  const links = wordsOf(values, 'workspace.links');
  const unreadable = wordsOf(values, 'workspace.unreadable');
  return {
    path,
    owner: uid === undefined || gid === undefined ? null : { uid: Number(uid), gid: Number(gid) },
    mode: /^d[rwxsStT-]{9}/.exec(values.get('workspace.mode') ?? '')?.[0] ?? null,
    refuses,
    present: shieldedEntries(NEWEST_CODEX).filter((name) => present.includes(name)),
    links: shieldedEntries(NEWEST_CODEX).filter((name) => links.includes(name)),
    unreadable: [PROJECT_CONFIG.path].filter((path) => unreadable.includes(path)),
  };
}

function engineOf(values: Values): Facts['engine'] {
  const engine = values.get('engine');
  return engine === 'docker' || engine === 'podman' ? engine : null;
}

/**
 * The facts from the `fact` records of media/probe.sh, as they are for one Codex.
 * @param codex how its records are numbered: nothing for the first, `.2` for the second
 */
export function factsOf(values: Values, passedOver: readonly PassedOver[], codex = ''): Facts {
  const temporaryFolder = text(values, 'temporary_folder');
  const codexHome = text(values, 'codex_home');
  const distro = text(values, 'os.ID');
  const noNewPrivileges = number(values, 'status.NoNewPrivs');
  const label = text(values, 'apparmor.label');
  return {
    codex: codexOf(values, codex),
    bwraps: bwrapsOf(values, codex),
    passedOver,
    user: { uid: number(values, 'uid'), name: text(values, 'user') },
    uidMap: text(values, 'uid_map'),
    capabilities: {
      inheritable: text(values, 'status.CapInh'),
      permitted: text(values, 'status.CapPrm'),
      effective: text(values, 'status.CapEff'),
      bounding: text(values, 'status.CapBnd'),
      ambient: text(values, 'status.CapAmb'),
    },
    noNewPrivileges: noNewPrivileges === null ? null : noNewPrivileges !== 0,
    seccomp: number(values, 'status.Seccomp'),
    label,
    apparmor: values.get('apparmor.enabled') === 'Y',
    procSubmounts: (values.get('proc.submounts') ?? '').split(' ').filter((point) => point !== ''),
    readOnlyRoot: values.get('root.readonly') === '1',
    codexHome: codexHome === null ? null : { path: codexHome, writable: values.get('codex_home.writable') === 'yes' },
    workspace: workspaceOf(values),
    temporaryFolder: temporaryFolder === 'none' ? null : temporaryFolder,
    maxUserNamespaces: number(values, 'max_user_namespaces'),
    unprivilegedUsernsClone: number(values, 'unprivileged_userns_clone'),
    apparmorRestrictUnprivilegedUserns: number(values, 'apparmor_restrict_unprivileged_userns'),
    distro: distro === null ? null : { id: distro, version: text(values, 'os.VERSION_ID') },
    kernel: text(values, 'kernel.release'),
    engine: engineOf(values),
    environments: environmentsNamed(wordsOf(values, 'environments')),
  };
}

/** The facts that decide between causes that share an error text. */
export function symptomFacts(facts: Facts): SymptomFacts {
  return {
    seccomp: facts.seccomp,
    unprivilegedUsernsClone: facts.unprivilegedUsernsClone,
    uid: facts.user.uid,
    insideSandbox: surroundingAgent(facts.environments),
  };
}
