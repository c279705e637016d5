/**
 * Seccomp profiles in Docker's format, evaluated for one system call at a time: what runc and libseccomp make of them
 * (moby/profiles seccomp; OCI runtime specification, "seccomp").
 */

import { compareVersions } from './codex.js';

/** The flag of clone(2) and unshare(2) that asks for a user namespace. */
export const CLONE_NEWUSER = 0x10000000;
/** Value of clone's first argument as bubblewrap calls it for Codex: new user, mount, pid, ipc and network namespace. */
export const BWRAP_CLONE_FLAGS = 0x10000000 | 0x00020000 | 0x20000000 | 0x08000000 | 0x40000000 | 17;

interface SeccompArgument {
  readonly index: number;
  readonly value: number;
  readonly valueTwo?: number;
  readonly op: string;
}

interface SeccompFilter {
  readonly caps?: readonly string[] | null;
  readonly arches?: readonly string[] | null;
  readonly minKernel?: string | null;
}

interface SeccompRule {
  readonly name?: string;
  readonly names?: readonly string[] | null;
  readonly action: string;
  readonly args?: readonly SeccompArgument[] | null;
  readonly includes?: SeccompFilter | null;
  readonly excludes?: SeccompFilter | null;
  readonly errnoRet?: number;
  readonly comment?: string;
}

/** A seccomp profile as `--security-opt seccomp=FILE` takes it. */
export interface SeccompProfile {
  /** Without it nothing is filtered but what the rules say (measured with `{}`). */
  readonly defaultAction?: string;
  readonly defaultErrnoRet?: number;
  readonly syscalls: readonly SeccompRule[];
}

/** A system call to ask about. Arguments that are not given count as 0. */
export interface SystemCall {
  readonly name: string;
  readonly args?: readonly number[];
}

/** What a call is judged under. */
export interface SeccompContext {
  /** The container's capabilities without CAP_: `includes` and `excludes` look at them, not at the process's. */
  readonly capabilities: ReadonlySet<string>;
  /** Go's name of the architecture; amd64 unless given. */
  readonly arch?: string;
  /** `<kernel>.<major>` as in `uname -r`, for minKernel. Not given: newer than any that a profile asks for. */
  readonly kernel?: string;
}

/** The filter's answer: errno is what a refused call fails with; undefined: the filter ends the process with SIGSYS. */
export type SeccompAnswer =
  { readonly allowed: true } | { readonly allowed: false; readonly errno: number | undefined };

const [MS_REC, MS_SILENT, MS_SLAVE, MNT_DETACH] = [0x4000, 0x8000, 0x80000, 2] as const;

/** The calls that bubblewrap makes to set the sandbox up, with the flags that strace shows for Codex 0.169; measured by taking each away from a profile that allows all. */
export const BWRAP_CALLS = {
  clone: { name: 'clone', args: [BWRAP_CLONE_FLAGS >>> 0] },
  /** The first of its mounts, which makes / a slave; some thirty others follow, each with flags of its own. */
  mount: { name: 'mount', args: [0, 0, 0, MS_SILENT | MS_SLAVE | MS_REC] },
  pivotRoot: { name: 'pivot_root' },
  umount: { name: 'umount2', args: [0, MNT_DETACH] },
  /** Last, and only for a user other than root: a second user namespace that has its own uid again. */
  unshare: { name: 'unshare', args: [CLONE_NEWUSER] },
} as const satisfies Record<string, SystemCall>;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const ACTIONS = /^SCMP_ACT_(ALLOW|ERRNO|KILL|KILL_THREAD|KILL_PROCESS|LOG|TRACE|TRAP|NOTIFY)$/;
const OPERATORS = /^SCMP_CMP_(NE|LT|LE|EQ|GE|GT|MASKED_EQ)$/;

/**
 * Reads a profile.
 * @throws Error with a sentence for people when the text is no JSON or no profile: Docker then refuses to start the container.
 */
export function parseSeccompProfile(text: string): SeccompProfile {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new Error(`it is not valid JSON (${error instanceof Error ? error.message : String(error)})`, {
      cause: error,
    });
  }
  if (!isRecord(data)) throw new Error('it is not a JSON object');
  const syscalls = data['syscalls'] ?? [];
  if (!Array.isArray(syscalls)) throw new Error('its "syscalls" is not an array');
  for (const rule of syscalls as unknown[]) checkRule(rule);
  checkDefaultAction(data['defaultAction'], syscalls.length > 0);
  if (hasEntries(data['architectures']) && hasEntries(data['archMap'])) {
    throw new Error('it has both "architectures" and "archMap"');
  }
  return { ...(data as unknown as SeccompProfile), syscalls: syscalls as SeccompRule[] };
}

/** An empty profile needs no default action: it filters nothing. */
function checkDefaultAction(action: unknown, hasRules: boolean): void {
  if ((action ?? '') === '' && !hasRules) return;
  if (typeof action !== 'string' || !ACTIONS.test(action)) throw new Error('its "defaultAction" is missing or unknown');
}

function hasEntries(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

/** What Docker 20.10 and runc 1.1 were seen to refuse; a rule that does not apply is read by Docker, but not by runc. */
function checkRule(rule: unknown): void {
  if (!isRecord(rule)) throw new Error('an entry of its "syscalls" is not an object');
  const { name, names, action, args, includes, excludes } = rule;
  if ((name ?? '') !== '' && hasEntries(names))
    throw new Error('an entry of its "syscalls" has both "name" and "names"');
  const named = typeof name === 'string' || Array.isArray(names);
  if (!named || typeof action !== 'string') throw new Error('an entry of its "syscalls" lacks "names" or "action"');
  for (const filter of [includes, excludes]) {
    const version = isRecord(filter) ? filter['minKernel'] : undefined;
    if ((version ?? '') !== '' && !(typeof version === 'string' && /^\d+\.\d+$/.test(version))) {
      throw new Error('a "minKernel" is not of the form <kernel>.<major>');
    }
  }
  const list: readonly unknown[] = Array.isArray(args) ? (args as unknown[]) : [];
  for (const argument of list) {
    const valid =
      isRecord(argument) &&
      ['index', 'value', 'valueTwo'].every((key) => isNatural(argument[key] ?? 0)) &&
      typeof argument['op'] === 'string';
    if (!valid) throw new Error('an argument of a rule is no "index", "value" and "op" of the right types');
  }
  const always = [includes, excludes].every((filter) => !isRecord(filter) || Object.keys(filter).length === 0);
  if (!always) return;
  if (!ACTIONS.test(action)) throw new Error(`"${action}" is not an action of seccomp`);
  for (const argument of list as readonly SeccompArgument[]) {
    if (!OPERATORS.test(argument.op)) throw new Error(`"${argument.op}" is not an operator of seccomp`);
    if (argument.index > 5) throw new Error('a system call has six arguments: an "index" is above 5');
  }
}

/** JSON numbers above 2^53 lose their last digits; the flags that are asked about all lie below 2^32. */
function isNatural(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function compare(argument: SeccompArgument, args: readonly number[]): boolean {
  const actual = BigInt(args[argument.index] ?? 0);
  const value = BigInt(argument.value);
  switch (argument.op) {
    case 'SCMP_CMP_NE':
      return actual !== value;
    case 'SCMP_CMP_LT':
      return actual < value;
    case 'SCMP_CMP_LE':
      return actual <= value;
    case 'SCMP_CMP_EQ':
      return actual === value;
    case 'SCMP_CMP_GE':
      return actual >= value;
    case 'SCMP_CMP_GT':
      return actual > value;
    case 'SCMP_CMP_MASKED_EQ':
      return (actual & value) === BigInt(argument.valueTwo ?? 0);
    default:
      return false;
  }
}

/** runc: all comparisons must hold; but where two are about the same argument, each becomes a rule of its own (measured). */
function matches(args: readonly SeccompArgument[], call: SystemCall): boolean {
  const alternatives = new Set(args.map(({ index }) => index)).size < args.length;
  const holds = (argument: SeccompArgument): boolean => compare(argument, call.args ?? []);
  return alternatives ? args.some(holds) : args.every(holds);
}

/** Docker compares the names as they stand: without CAP_ a name in a profile is held by nobody (measured). */
function hasCapability(capabilities: ReadonlySet<string>, name: string): boolean {
  return name.startsWith('CAP_') && capabilities.has(name.slice('CAP_'.length));
}

function kernelAtLeast(kernel: string | undefined, wanted: string): boolean {
  return kernel === undefined || compareVersions(kernel, wanted) >= 0;
}

/** Docker keeps a rule when all of `includes` hold and none of `excludes`. */
function applies(rule: SeccompRule, { capabilities, arch = 'amd64', kernel }: SeccompContext): boolean {
  const { includes, excludes } = rule;
  if (includes?.arches?.length && !includes.arches.includes(arch)) return false;
  if (includes?.caps?.some((c) => !hasCapability(capabilities, c))) return false;
  if (includes?.minKernel && !kernelAtLeast(kernel, includes.minKernel)) return false;
  if (excludes?.arches?.includes(arch)) return false;
  if (excludes?.minKernel && kernelAtLeast(kernel, excludes.minKernel)) return false;
  return !excludes?.caps?.some((c) => hasCapability(capabilities, c));
}

const rulesByProfile = new WeakMap<SeccompProfile, Map<string, readonly SeccompRule[]>>();

/** The rules that name a call; remembered, because a plan asks for the same calls thousands of times. */
function rulesFor(profile: SeccompProfile, name: string): readonly SeccompRule[] {
  let byName = rulesByProfile.get(profile);
  if (!byName) {
    byName = new Map<string, readonly SeccompRule[]>();
    rulesByProfile.set(profile, byName);
  }
  let rules = byName.get(name);
  if (!rules) {
    rules = profile.syscalls.filter((rule) => rule.name === name || rule.names?.includes(name));
    byName.set(name, rules);
  }
  return rules;
}

const EPERM = 1;
const ENOSYS = 38;

/** SCMP_ACT_TRACE without a tracer fails with ENOSYS; KILL and TRAP end bwrap with SIGSYS (measured). */
function answerOf(action: string | undefined, errnoRet: number | undefined): SeccompAnswer {
  switch (action) {
    case undefined:
    case '':
    case 'SCMP_ACT_ALLOW':
    case 'SCMP_ACT_LOG':
      return { allowed: true };
    case 'SCMP_ACT_ERRNO':
      return { allowed: false, errno: errnoRet ?? EPERM };
    case 'SCMP_ACT_TRACE':
      return { allowed: false, errno: ENOSYS };
    default:
      return { allowed: false, errno: undefined };
  }
}

/**
 * What the filter made of a profile answers to a call. runc leaves out the rules that say the same as the default. Of the
 * others libseccomp takes the first without comparisons, wherever it stands; else one whose comparisons hold (measured;
 * of several such with different actions, which libseccomp orders by their values, the first is taken here). Else the
 * default holds. Docker 20.10 does not know defaultErrnoRet and always fails with EPERM there; newer engines heed it.
 */
export function evaluate(profile: SeccompProfile, call: SystemCall, context: SeccompContext): SeccompAnswer {
  const base = { action: profile.defaultAction, errnoRet: profile.defaultErrnoRet };
  const isDefault = ({ action, errnoRet }: SeccompRule): boolean =>
    action === base.action && (action !== 'SCMP_ACT_ERRNO' || (errnoRet ?? EPERM) === (base.errnoRet ?? EPERM));
  const rules = rulesFor(profile, call.name).filter((rule) => applies(rule, context) && !isDefault(rule));
  const { action, errnoRet } =
    rules.find((rule) => !rule.args?.length) ?? rules.find((rule) => matches(rule.args ?? [], call)) ?? base;
  return answerOf(action, errnoRet);
}

/**
 * Whether a container under this profile may make the call.
 * @param capabilities the container's capabilities without CAP_
 * @param arch Go's name of the architecture
 */
export function allowsCall(
  profile: SeccompProfile,
  call: SystemCall,
  capabilities: ReadonlySet<string>,
  arch = 'amd64',
): boolean {
  return evaluate(profile, call, { capabilities, arch }).allowed;
}

const MASKED_NEWUSER: readonly SeccompArgument[] = [
  { index: 0, value: CLONE_NEWUSER, valueTwo: CLONE_NEWUSER, op: 'SCMP_CMP_MASKED_EQ' },
];

/**
 * The profile that allows what the base allows and, beyond it, only what bubblewrap needs: clone and unshare where they
 * ask for a user namespace, and mount, umount2 and pivot_root. Each is needed, but for root unshare is not (measured).
 */
export function tailoredProfile(base: SeccompProfile, forRoot = false): SeccompProfile {
  return {
    ...base,
    syscalls: [
      ...base.syscalls,
      {
        names: forRoot ? ['clone'] : ['clone', 'unshare'],
        action: 'SCMP_ACT_ALLOW',
        args: MASKED_NEWUSER,
        comment: 'bubblewrap (Codex): only calls that ask for a new user namespace',
      },
      {
        names: ['mount', 'pivot_root', 'umount2'],
        action: 'SCMP_ACT_ALLOW',
        comment:
          'bubblewrap (Codex): the root of the sandbox; the kernel still asks for SYS_ADMIN, held only in its user namespace',
      },
    ],
  };
}
