/**
 * Seccomp profiles in Docker's format, and what Docker and runc refuse in one. Measured with Docker 20.10 and runc 1.1
 * (test/container/seccompRefusals.test.ts); where newer ones differ, which was read in moby/profiles seccomp/seccomp.go
 * and opencontainers/runc libcontainer/seccomp (2026), the newer ones count: `flags`, `listenerPath` and `defaultErrnoRet`,
 * which 20.10 does not read, and the architectures RISCV64 and LOONGARCH64.
 */

import { list, natural, parseExactJson, record, string, type Natural, type Reader } from './goJson.js';

/** A comparison of an argument: `value` is the mask and `valueTwo` what is compared where `op` is SCMP_CMP_MASKED_EQ. */
export interface SeccompArgument {
  readonly index?: Natural;
  readonly value?: Natural;
  readonly valueTwo?: Natural;
  readonly op?: string;
}

/** Conditions of a rule on the container and its host. */
export interface SeccompFilter {
  /** With CAP_. */
  readonly caps?: readonly string[];
  /** Go's names: amd64, arm64. */
  readonly arches?: readonly string[];
  /** `<kernel>.<major>`. */
  readonly minKernel?: string;
}

/** An entry of `syscalls`. */
export interface SeccompRule {
  /** The old spelling of `names`; Docker still takes it. */
  readonly name?: string;
  readonly names?: readonly string[];
  readonly action?: string;
  /** Of SCMP_ACT_ERRNO; 1 (EPERM) unless given. */
  readonly errnoRet?: Natural;
  readonly args?: readonly SeccompArgument[];
  readonly includes?: SeccompFilter;
  readonly excludes?: SeccompFilter;
  readonly comment?: string;
}

interface Architecture {
  readonly architecture?: string;
  readonly subArchitectures?: readonly string[];
}

/** A seccomp profile as `--security-opt seccomp=FILE` takes it. */
export interface SeccompProfile {
  /** Without it and without rules nothing is filtered (measured with `{}`). */
  readonly defaultAction?: string;
  /** Docker 20.10 ignores it and takes 1. */
  readonly defaultErrnoRet?: Natural;
  /** Other architectures than the machine's own, which is always filtered (measured): they change nothing for bubblewrap. */
  readonly architectures?: readonly string[];
  readonly archMap?: readonly Architecture[];
  readonly flags?: readonly string[];
  readonly listenerPath?: string;
  readonly syscalls: readonly SeccompRule[];
}

const FILTER = record<SeccompFilter>({ caps: list(string, ''), arches: list(string, ''), minKernel: kernelVersion });

const PROFILE: Reader<Partial<SeccompProfile>> = record<Partial<SeccompProfile>>({
  defaultAction: string,
  defaultErrnoRet: natural,
  architectures: list(string, ''),
  archMap: list(record<Architecture>({ architecture: string, subArchitectures: list(string, '') }), {}),
  flags: list(string, ''),
  listenerPath: string,
  syscalls: list(
    record<SeccompRule>({
      name: string,
      names: list(string, ''),
      action: string,
      errnoRet: natural,
      args: list(record<SeccompArgument>({ index: natural, value: natural, valueTwo: natural, op: string })),
      includes: FILTER,
      excludes: FILTER,
      comment: string,
    }),
  ),
});

/** Two numbers up to 255, not both 0 (measured). */
function kernelVersion(value: unknown, at: string): string {
  const version = string(value, at);
  const valid = /^\d+\.\d+$/.test(version) && version.split('.').every((part) => Number(part) <= 255);
  if (version !== '' && (!valid || /^0+\.0+$/.test(version))) {
    throw new Error(`its "${at}" is "${version}", not of the form <kernel>.<major> as in 5.10`);
  }
  return version;
}

/**
 * Reads a profile.
 * @param text as it is in the file: Docker refuses a byte order mark
 * @throws Error with a sentence for people if Docker or runc refuses it: the container then does not start
 */
export function parseSeccompProfile(text: string): SeccompProfile {
  if (text.startsWith('\uFEFF')) throw new Error('it begins with a byte order mark, which Docker does not accept');
  if (text.trim() === '') throw new Error('it is empty');
  const profile = toSeccompProfile(exact(text));
  const problem = profile.defaultAction || profile.syscalls.length > 0 ? problemOf(profile) : undefined;
  if (problem !== undefined) throw new Error(problem);
  return profile;
}

function exact(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch (error) {
    throw new Error(`it is not valid JSON (${(error as SyntaxError).message})`, { cause: error });
  }
}

/**
 * A parsed document as a profile: properties under their usual names, nothing that is null.
 * @throws Error with a sentence for people when a property has the wrong type. Docker takes null for an empty profile (measured)
 */
export function toSeccompProfile(document: unknown): SeccompProfile {
  if (document === null) return { syscalls: [] };
  const profile = PROFILE(document, '');
  return { ...profile, syscalls: profile.syscalls ?? [] };
}

function problemOf(profile: SeccompProfile): string | undefined {
  const { architectures = [], archMap = [], flags = [], syscalls } = profile;
  if (architectures.length > 0 && archMap.length > 0) return 'it has both "architectures" and "archMap"';
  for (const [index, { name, names = [] }] of syscalls.entries()) {
    if (name && names.length > 0) return `its "syscalls[${index}]" has both "name" and "names"`;
  }
  const flag = flags.find((f) => !FLAGS.includes(f));
  if (flag !== undefined) return `its "flags" has "${flag}", which is not a seccomp flag`;
  const always = syscalls.flatMap((rule, index) => (isConditional(rule) ? [] : [{ rule, index }]));
  return (
    architectureProblem(profile) ??
    (profile.defaultAction || always.length > 0 ? defaultProblem(profile) : undefined) ??
    always.map(({ rule, index }) => refusal(profile, rule, `its "syscalls[${index}]"`)).find((p) => p !== undefined)
  );
}

const FLAGS: readonly string[] = [
  'SECCOMP_FILTER_FLAG_TSYNC',
  'SECCOMP_FILTER_FLAG_LOG',
  'SECCOMP_FILTER_FLAG_SPEC_ALLOW',
  'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV',
];

/** amd64 and arm64, the machines that agents run on, are little-endian: libseccomp does not mix the two (measured). */
const ARCHITECTURE =
  /^SCMP_ARCH_(X86|X86_64|X32|ARM|AARCH64|MIPSEL|MIPSEL64|MIPSEL64N32|PPC64LE|RISCV64|LOONGARCH64|(MIPS|MIPS64|MIPS64N32|PPC|PPC64|S390|S390X))$/;

/** Docker reads the first entry for the machine, here an Intel one as everywhere in the model, and skips the others (measured). */
function architecturesOf({ architectures = [], archMap = [] }: SeccompProfile): readonly string[] {
  const machine = archMap.find(({ architecture }) => architecture === 'SCMP_ARCH_X86_64');
  return [...architectures, ...(machine?.subArchitectures ?? [])];
}

function architectureProblem(profile: SeccompProfile): string | undefined {
  for (const name of architecturesOf(profile)) {
    const match = ARCHITECTURE.exec(name);
    if (!match) return `it names the architecture "${name}", which seccomp does not know`;
    if (match[2] !== undefined) return `it names the architecture ${name}, which no Intel or ARM machine can filter`;
  }
  return undefined;
}

const ACTIONS = /^SCMP_ACT_(ALLOW|ERRNO|KILL|KILL_THREAD|KILL_PROCESS|LOG|TRACE|TRAP|NOTIFY)$/;
const OPERATORS = /^SCMP_CMP_(NE|LT|LE|EQ|GE|GT|MASKED_EQ)$/;

function defaultProblem({ defaultAction, defaultErrnoRet }: SeccompProfile): string | undefined {
  if (!defaultAction) return 'it has no "defaultAction"';
  if (!ACTIONS.test(defaultAction)) return `its "defaultAction" is "${defaultAction}", which is not a seccomp action`;
  if (defaultAction === 'SCMP_ACT_NOTIFY') return 'its "defaultAction" is SCMP_ACT_NOTIFY, which only rules may have';
  return errnoProblem('its "defaultErrnoRet"', defaultAction, defaultErrnoRet);
}

/** libseccomp 2.5 accepts one less than the largest number of the kernel (measured). */
const LARGEST_ERRNO = 4094;
const EPERM = 1;

/** What a refused call fails with: runc keeps the lowest 16 bits (measured with 65537). */
export function errnoOf(errnoRet: Natural = EPERM): number {
  return Number(BigInt(errnoRet) & 0xffffn);
}

function errnoProblem(subject: string, action: string, errnoRet: Natural | undefined): string | undefined {
  return action === 'SCMP_ACT_ERRNO' && errnoOf(errnoRet) > LARGEST_ERRNO
    ? `${subject} is ${String(errnoRet)}, above the largest error number, ${LARGEST_ERRNO}`
    : undefined;
}

/** Whether the rule applies only in some containers or on some machines. */
export function isConditional({ includes, excludes }: SeccompRule): boolean {
  return [includes, excludes].some(
    ({ caps = [], arches = [], minKernel = '' } = {}) => caps.length > 0 || arches.length > 0 || minKernel !== '',
  );
}

/** Whether the rule does what the default does: runc leaves it out. */
export function isRedundant(profile: SeccompProfile, { action, errnoRet }: SeccompRule): boolean {
  return (
    action === profile.defaultAction &&
    (action !== 'SCMP_ACT_ERRNO' || errnoOf(errnoRet) === errnoOf(profile.defaultErrnoRet))
  );
}

/** The calls that a rule names. */
export function namesOf({ name, names = [] }: SeccompRule): readonly string[] {
  return name ? [name] : names;
}

/**
 * Why runc refuses a rule that applies, and therefore the container: a sentence for people. A rule that does not apply may hold
 * anything, and one without names needs only an action (measured).
 * @param subject the rule, for the sentence
 */
export function refusal(profile: SeccompProfile, rule: SeccompRule, subject: string): string | undefined {
  const { action, args = [], errnoRet } = rule;
  if (!action) return `${subject} has no "action"`;
  if (!ACTIONS.test(action)) return `${subject} has the "action" "${action}", which is not a seccomp action`;
  const names = namesOf(rule);
  if (names.length === 0) return undefined;
  const operator = args.map(({ op = '' }) => op).find((op) => !OPERATORS.test(op));
  if (operator !== undefined) return `${subject} has the "op" "${operator}", which is not a seccomp operator`;
  if (names.includes('')) return `${subject} has an empty name`;
  if (action === 'SCMP_ACT_NOTIFY' && !profile.listenerPath) {
    return `${subject} has the "action" SCMP_ACT_NOTIFY, which needs a "listenerPath"`;
  }
  if (isRedundant(profile, rule)) return undefined;
  const index = args.find((argument) => (argument.index ?? 0) > 5)?.index;
  if (index !== undefined) return `${subject} has the "index" ${index}: a system call has six arguments, 0 to 5`;
  return errnoProblem(`the "errnoRet" of ${subject}`, action, errnoRet);
}
