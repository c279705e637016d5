import { NEWEST_CODEX } from '../model/agents/codex/versions.js';
import { shieldedEntries } from '../model/agents/codex/workspaceEntries.js';
import { GATE_NAMES } from '../model/gates.js';
import { diagnose } from '../model/sandbox/symptoms.js';
import type { Facts, MeasuredCodex, Observation, ObservedBwrap, ObservedWorkspace, Step } from './observation.js';
import { nameOf } from './together.js';

/** Colours of the terminal (ECMA-48 select graphic rendition). */
type Paint = (code: 1 | 2 | 31 | 32 | 33, text: string) => string;

const PLAIN: Paint = (_code, text) => text;
const COLOURED: Paint = (code, text) => `\u001b[${code}m${text}\u001b[0m`;

/** What each step adds, in words. */
const RUNGS: Readonly<Record<string, string>> = {
  user: 'a user namespace',
  'pid-ipc': '+ process and IPC namespaces',
  net: '+ a network namespace',
  dev: '+ a new /dev',
  proc: '+ a new /proc',
  map: '+ its user map',
  all: '+ all other namespaces',
  pivot: '+ a new root (pivot_root)',
  run: 'a command runs in the sandbox',
  'write-inside': 'it can write to the workspace',
  'write-outside': 'it cannot write outside it',
  url: 'the URL answers from inside it',
  workspace: 'in the workspace folder itself',
};

const LADDERS: Readonly<Record<string, string>> = {
  system: 'bwrap on PATH, called as Codex calls it, with one more thing at each step',
  bundled: 'bwrap that comes with Codex, in the same way',
  unshare: 'the system calls of bwrap, made by unshare because bwrap is missing',
  codex: 'codex sandbox itself: if Codex is installed, this result counts',
};

function bwrapLine(bwrap: ObservedBwrap): string {
  const notes = [
    bwrap.kind === 'bundled' ? 'comes with Codex' : '',
    bwrap.setuid ? 'setuid' : '',
    bwrap.usable ? '' : `Codex does not use it${bwrap.problem === null ? '' : `: ${bwrap.problem}`}`,
  ].filter((note) => note !== '');
  const version = bwrap.version?.replace(/^bubblewrap (?=\d)/, '') ?? 'version unknown';
  return `${version}, ${bwrap.path}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`;
}

function seccompLine(facts: Facts): string {
  if (facts.seccomp === null) return 'unknown';
  return facts.seccomp === 0 ? 'no filter' : 'a filter is active';
}

function appArmorLine(facts: Facts): string {
  if (facts.label !== null) return facts.label;
  return facts.apparmor ? 'on, profile unknown' : 'not in this kernel';
}

function userNamespacesLine(facts: Facts): string {
  const limits = [
    facts.maxUserNamespaces === null ? '' : `at most ${facts.maxUserNamespaces}`,
    facts.unprivilegedUsernsClone === 0 ? 'switched off (kernel.unprivileged_userns_clone=0)' : '',
    facts.apparmorRestrictUnprivilegedUserns === 1 ? 'restricted (kernel.apparmor_restrict_unprivileged_userns=1)' : '',
  ].filter((limit) => limit !== '');
  return limits.length > 0 ? limits.join(', ') : 'no known limit';
}

function workspaceLine({ path, owner, mode, present, refuses, links, unreadable }: ObservedWorkspace): string {
  const names = shieldedEntries(NEWEST_CODEX);
  const missing = names.filter((name) => !present.includes(name));
  const parts = [
    owner === null ? '' : `owner ${owner.uid}:${owner.gid}`,
    mode ?? '',
    { nothing: 'writable', EACCES: 'not writable by this user', EROFS: 'mounted read-only' }[refuses ?? 'nothing'],
    present.length === 0 ? '' : `has ${present.join(' ')}`,
    missing.length === 0 ? '' : `lacks ${missing.join(' ')}`,
    links.length === 0 ? '' : `symbolic links: ${links.join(' ')}`,
    unreadable.length === 0 ? '' : `not readable by this user: ${unreadable.join(' ')}`,
  ].filter((part) => part !== '');
  return `${path}: ${parts.join(', ')}`;
}

function codexLine({ origin, path, version }: MeasuredCodex): string {
  return `${version ?? 'version unknown'}, ${path}${origin === 'extension' ? ' (in the ChatGPT extension)' : ''}`;
}

function factLines({ facts, codexes }: Observation): readonly (readonly [string, string])[] {
  const { distro, user } = facts;
  const others = codexes.slice(1).flatMap(({ bundledBwrap }) => bundledBwrap ?? []);
  const bwraps = [...facts.bwraps, ...others].map(bwrapLine);
  return [
    ...(codexes.length === 0 ? ['not installed'] : codexes.map(codexLine)).map((line) => ['Codex', line] as const),
    ...(bwraps.length === 0 ? ['not installed'] : bwraps).map((line) => ['bubblewrap', line] as const),
    ['User', `${user.name ?? 'without a name'} (${user.uid ?? '?'})`],
    ...(facts.workspace === null ? [] : [['Workspace', workspaceLine(facts.workspace)] as const]),
    [
      'System',
      `${distro === null ? 'unknown' : [distro.id, distro.version ?? ''].join(' ').trim()}, kernel ${facts.kernel ?? 'unknown'}`,
    ],
    ...facts.environments.map(({ name, follows }) => ['Environment', `${name}: ${follows}`] as const),
    ['Seccomp', seccompLine(facts)],
    ['AppArmor', appArmorLine(facts)],
    ['User namespaces', userNamespacesLine(facts)],
    ['No new privileges', facts.noNewPrivileges === null ? 'unknown' : facts.noNewPrivileges ? 'yes' : 'no'],
    ['Capabilities', facts.capabilities.bounding === null ? 'unknown' : `bounding set ${facts.capabilities.bounding}`],
    ['Masked in /proc', facts.procSubmounts.length === 0 ? 'nothing' : facts.procSubmounts.join(' ')],
    ...facts.passedOver.map((passed) => ['Not run', `${passed.path}: ${passed.reason}`] as const),
  ];
}

function stepLines(step: Step, paint: Paint): readonly string[] {
  const rung = step.id.slice(step.id.indexOf('-') + 1);
  const words = RUNGS[rung] ?? step.id;
  if (step.status === 'skipped') return [`  ${paint(33, '  -  ')} ${words} (not tried: ${step.stderr})`];
  if (step.status === 'ok') return [`  ${paint(32, ' ok  ')} ${words}`];
  const said = step.stderr === '' ? [] : step.stderr.split('\n');
  // A refused /proc stops only bwrap here: the agent tries again without it.
  const goesOn = diagnose(step.stderr)?.weak === true ? ' (Codex continues without it)' : '';
  return [`  ${paint(31, 'FAILS')} ${words}${goesOn}`, ...said.map((line) => `          ${line}`)];
}

/** The verdict first, with its cause and what to do. */
function verdictLines({ outcome, gate, summary, remediation }: Observation, paint: Paint): readonly string[] {
  const verdicts = {
    works: paint(32, 'WORKS'),
    fails: paint(31, 'FAILS') + (gate === null ? '' : `: ${GATE_NAMES[gate]} [${gate}]`),
    unknown: paint(33, 'UNKNOWN'),
  };
  return [
    `${paint(1, 'Result:')} ${verdicts[outcome]}`,
    summary,
    ...(remediation === '' ? [] : [`${paint(1, 'To do:')} ${remediation}`]),
  ];
}

/** The report of an observation for people. Lines end with \n; no colors unless requested. */
export function probeReport(observation: Observation, options: { readonly colour?: boolean } = {}): string {
  const paint = options.colour === true ? COLOURED : PLAIN;
  const lines = [...verdictLines(observation, paint), '', 'What is here'];
  for (const [name, value] of factLines(observation)) lines.push(`  ${name.padEnd(18)} ${value}`);
  let ladder = '';
  for (const step of observation.steps) {
    const prefix = step.id.split('-')[0] ?? '';
    if (prefix !== ladder) lines.push('', LADDERS[prefix] ?? prefix);
    ladder = prefix;
    lines.push(...stepLines(step, paint));
  }
  const { codexes } = observation;
  for (const codex of codexes.slice(1)) {
    lines.push('', `${nameOf(codex, codexes)}: this result counts for it`);
    lines.push(...codex.steps.flatMap((step) => stepLines(step, paint)));
  }
  return `${lines.join('\n')}\n`;
}
