/**
 * What the filter that runc and libseccomp make of a profile answers to a system call. Measured with runc 1.1, libseccomp
 * 2.5.4 and real containers (test/container/seccomp.test.ts); the filters of libseccomp were compared with these rules in
 * some 20 000 random profiles.
 *
 * Not modelled: runc answers ENOSYS instead of the default action to calls that are newer than any that the profile
 * names. bubblewrap's newest, unshare, is older than calls that every program needs.
 */

import { compareVersions } from '../versions.js';
import {
  errnoOf,
  isConditional,
  isRedundant,
  namesOf,
  refusal,
  type SeccompArgument,
  type SeccompFilter,
  type SeccompProfile,
  type SeccompRule,
} from './profile.js';

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
  /** `<kernel>.<major>` as in `uname -r`, for minKernel. Not given: any from OLDEST_KERNEL on. */
  readonly kernel?: string;
}

/** The oldest kernel that engines of today run on (RHEL 8). No host says which it has: what differs above is not known. */
const OLDEST_KERNEL = '4.18';

/**
 * The filter's answer. `errno` is what a refused call fails with; undefined: the filter ends the process with SIGSYS.
 * `allowed` undefined: it is not known, or the call is neither made nor refused.
 */
export type SeccompAnswer =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly errno: number | undefined }
  | { readonly allowed: undefined };

const UNKNOWN: SeccompAnswer = { allowed: undefined };

const COMPARISONS: Readonly<Record<string, (actual: bigint, value: bigint, valueTwo: bigint) => boolean>> = {
  SCMP_CMP_NE: (actual, value) => actual !== value,
  SCMP_CMP_LT: (actual, value) => actual < value,
  SCMP_CMP_LE: (actual, value) => actual <= value,
  SCMP_CMP_EQ: (actual, value) => actual === value,
  SCMP_CMP_GE: (actual, value) => actual >= value,
  SCMP_CMP_GT: (actual, value) => actual > value,
  // libseccomp masks what is compared as well (measured).
  SCMP_CMP_MASKED_EQ: (actual, value, valueTwo) => (actual & value) === (valueTwo & value),
};

function holds({ index = 0, value = 0, valueTwo = 0, op = '' }: SeccompArgument, args: readonly number[]): boolean {
  return COMPARISONS[op]?.(BigInt(args[Number(index)] ?? 0), BigInt(value), BigInt(valueTwo)) === true;
}

/** Docker compares the names literally: no container has a capability that a profile names without CAP_ (measured). */
function hasCapability(capabilities: ReadonlySet<string>, name: string): boolean {
  return name.startsWith('CAP_') && capabilities.has(name.slice('CAP_'.length));
}

/** Docker keeps a rule when all of `includes` hold and none of `excludes`. */
function applies({ includes = {}, excludes = {} }: SeccompRule, context: Required<SeccompContext>): boolean {
  const { capabilities, arch, kernel } = context;
  const has = (name: string): boolean => hasCapability(capabilities, name);
  const since = ({ minKernel }: SeccompFilter): boolean | undefined =>
    minKernel ? compareVersions(kernel, minKernel) >= 0 : undefined;
  const included =
    (!includes.arches?.length || includes.arches.includes(arch)) &&
    (includes.caps ?? []).every(has) &&
    since(includes) !== false;
  return (
    included && excludes.arches?.includes(arch) !== true && !(excludes.caps ?? []).some(has) && since(excludes) !== true
  );
}

/** What is looked up in a profile, remembered, because a plan asks for the same calls thousands of times. */
interface Index {
  readonly byName: Map<string, readonly SeccompRule[]>;
  /** Rules that runc refuses where they apply; those that always do, parseSeccompProfile has refused. */
  readonly refused: readonly SeccompRule[];
}

const indexes = new WeakMap<SeccompProfile, Index>();

function indexOf(profile: SeccompProfile): Index {
  const known = indexes.get(profile);
  if (known) return known;
  const refused = profile.syscalls.filter((rule) => isConditional(rule) && refusal(profile, rule, '') !== undefined);
  const byName = new Map<string, SeccompRule[]>();
  for (const rule of profile.syscalls) {
    for (const name of new Set(namesOf(rule))) byName.set(name, [...(byName.get(name) ?? []), rule]);
  }
  const made = { byName, refused };
  indexes.set(profile, made);
  return made;
}

const ENOSYS = 38;

/** SCMP_ACT_TRACE without a tracer fails with ENOSYS; KILL and TRAP end bwrap with SIGSYS (measured). */
function answerOf({ action, errnoRet }: Pick<SeccompRule, 'action' | 'errnoRet'>): SeccompAnswer {
  switch (action) {
    case 'SCMP_ACT_ALLOW':
    case 'SCMP_ACT_LOG':
      return { allowed: true };
    case 'SCMP_ACT_ERRNO': {
      const errno = errnoOf(errnoRet);
      // With 0 the call does nothing and says that it has succeeded: what comes of it nobody can tell.
      return errno === 0 ? UNKNOWN : { allowed: false, errno };
    }
    case 'SCMP_ACT_TRACE':
      return { allowed: false, errno: ENOSYS };
    case 'SCMP_ACT_NOTIFY':
      return UNKNOWN;
    default:
      return { allowed: false, errno: undefined };
  }
}

/** Comparisons that have to hold together, and what follows. */
interface Alternative {
  readonly args: readonly SeccompArgument[];
  readonly answer: SeccompAnswer;
}

/** runc: all comparisons must hold; but where two are about the same argument, each becomes a rule of its own (measured). */
export function comparisonsOf({ args = [] }: SeccompRule): readonly (readonly SeccompArgument[])[] {
  const apart = new Set(args.map(({ index = 0 }) => Number(index))).size < args.length;
  return apart ? args.map((argument) => [argument]) : [args];
}

/** The answer that all of them give; undefined when they differ. */
function common(answers: readonly SeccompAnswer[]): SeccompAnswer | undefined {
  const [first, ...others] = answers.map((answer) => JSON.stringify(answer));
  return others.every((other) => other === first) ? answers[0] : undefined;
}

/** Beside other rules, libseccomp 2.5 gets comparisons of size wrong (measured), and masks of nothing as well. */
export function isExact({ op, value = 0 }: SeccompArgument): boolean {
  return op === 'SCMP_CMP_EQ' || (op === 'SCMP_CMP_MASKED_EQ' && BigInt(value) !== 0n);
}

/**
 * libseccomp uses the first rule without comparisons, wherever it is; else the one whose comparisons
 * hold; else the default. Which one where they differ depends on their values, and some such pairs it refuses: not known.
 */
function decide(rules: readonly SeccompRule[], call: SystemCall, base: SeccompAnswer): SeccompAnswer {
  const all = rules.flatMap((rule) =>
    comparisonsOf(rule).map((args): Alternative => ({ args, answer: answerOf(rule) })),
  );
  const always = all.find(({ args }) => args.length === 0);
  const compared = always ? all.slice(0, all.indexOf(always)) : all;
  const differ = compared.length > 1 && common(compared.map(({ answer }) => answer)) === undefined;
  const exact = compared.length < 2 || compared.every(({ args }) => args.every(isExact));
  if (differ && (!exact || shareComparison(compared))) return UNKNOWN;
  if (always) return always.answer;
  if (!exact) return UNKNOWN;
  const matching = compared.filter(({ args }) => args.every((argument) => holds(argument, call.args ?? [])));
  return matching.length === 0 ? base : (common(matching.map(({ answer }) => answer)) ?? UNKNOWN);
}

/** Two that begin with the same comparison and end in different actions: "file exists", and no container (measured). */
function shareComparison(list: readonly Alternative[]): boolean {
  const keys = list.flatMap(({ args }) => args.map(comparisonKey));
  return new Set(keys).size < keys.length;
}

function comparisonKey({ index = 0, value = 0, valueTwo = 0, op }: SeccompArgument): string {
  const mask = op === 'SCMP_CMP_MASKED_EQ' ? BigInt(value) : 0n;
  return [index, op, value, BigInt(valueTwo) & mask].join(' ');
}

function answerOn(profile: SeccompProfile, call: SystemCall, context: Required<SeccompContext>): SeccompAnswer {
  const { byName, refused } = indexOf(profile);
  if (refused.some((rule) => applies(rule, context))) return UNKNOWN;
  const rules = (byName.get(call.name) ?? []).filter((rule) => applies(rule, context) && !isRedundant(profile, rule));
  const base = answerOf({ action: profile.defaultAction, errnoRet: profile.defaultErrnoRet } as SeccompRule);
  return decide(rules, call, base);
}

/** The kernels between which a profile distinguishes: the oldest, and every newer one at which something changes. */
function kernelsOf(profile: SeccompProfile): readonly string[] {
  const asked = profile.syscalls.flatMap((rule) => [rule.includes?.minKernel, rule.excludes?.minKernel]);
  const newer = asked.filter((k): k is string => k !== undefined && compareVersions(k, OLDEST_KERNEL) > 0);
  return [OLDEST_KERNEL, ...new Set(newer)];
}

/** What the filter made of a profile answers to a call. */
export function evaluate(profile: SeccompProfile, call: SystemCall, context: SeccompContext): SeccompAnswer {
  if (!profile.defaultAction) return profile.syscalls.length === 0 ? { allowed: true } : UNKNOWN;
  const kernels = context.kernel === undefined ? kernelsOf(profile) : [context.kernel];
  const answers = kernels.map((kernel) => answerOn(profile, call, { arch: 'amd64', ...context, kernel }));
  return common(answers) ?? UNKNOWN;
}
