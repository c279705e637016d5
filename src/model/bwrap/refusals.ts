import { comparisonsOf, isExact } from '../seccomp/filter.js';
import { CLONE_NEWUSER } from './calls.js';
import { errnoOf, namesOf, type SeccompArgument, type SeccompProfile, type SeccompRule } from '../seccomp/profile.js';

/** Calls whose argument `index` has `value` in the bits of `mask`. */
interface Part {
  readonly index: number;
  readonly mask: number;
  readonly value: number;
}

const NEWTIME = 0x80;
const FS = 0x200;
const FILES = 0x400;
const NEWNS = 0x20000;
const SYSVSEM = 0x40000;
const NEWCGROUP = 0x02000000;
const NEWUTS = 0x04000000;
const NEWIPC = 0x08000000;
const NEWPID = 0x20000000;
const NEWNET = 0x40000000;
const DETACH = 2;

const NAMESPACES = [NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWPID, NEWNET];

/**
 * What bubblewrap never requests, by call and as far as a filter can tell it apart, which compares bits of numbers and sees
 * nothing that a pointer leads to (bubblewrap.c and utils.c of 0.4 to 0.12; measured in test/container/seccompNarrow.test.ts).
 * Which further namespaces are asked for together with the user's and the mount namespace is the agent's choice and left open.
 */
const UNNEEDED: Readonly<Record<string, readonly Part[]>> = {
  // A new user namespace without a mount namespace, and any other namespace without a user namespace. Forking is neither.
  clone: [
    { index: 0, mask: CLONE_NEWUSER | NEWNS, value: CLONE_NEWUSER },
    ...NAMESPACES.map((flag) => ({ index: 0, mask: CLONE_NEWUSER | flag, value: flag })),
  ],
  // Anything but CLONE_NEWUSER alone.
  unshare: [
    { index: 0, mask: CLONE_NEWUSER, value: 0 },
    ...[...NAMESPACES, NEWTIME, FS, FILES, SYSVSEM].map((flag) => both(0, CLONE_NEWUSER, flag)),
  ],
  // Anything but MNT_DETACH alone: MNT_FORCE, MNT_EXPIRE, UMOUNT_NOFOLLOW.
  umount2: [{ index: 1, mask: DETACH, value: 0 }, ...[1, 4, 8].map((flag) => both(1, DETACH, flag))],
  // MS_MOVE, MS_UNBINDABLE, MS_SHARED.
  mount: [0x2000, 0x20000, 0x100000].map((flag) => ({ index: 3, mask: flag, value: flag })),
};

function both(index: number, one: number, other: number): Part {
  return { index, mask: one | other, value: one | other };
}

/**
 * Rules that refuse what the rules of a profile refuse of a call, except what bubblewrap needs of it. None where that
 * cannot be told apart: pivot_root; rules of different answers, of which libseccomp takes one that depends on their
 * values; comparisons of size and of inequality.
 * @param agent whose bubblewrap it is, for people
 */
export function refusalsBesideBwrap(name: string, profile: SeccompProfile, agent: string): readonly SeccompRule[] {
  const about = profile.syscalls.filter((rule) => namesOf(rule).includes(name) && !isDefault(profile, rule));
  const answers = new Set(about.map(({ action, errnoRet }) => `${action ?? ''} ${errnoOf(errnoRet)}`));
  const isGiven = about.some(({ action }) => action === 'SCMP_ACT_ALLOW' || action === 'SCMP_ACT_LOG');
  if (answers.size > 1 || isGiven || !about.every(({ args = [] }) => args.every(isExact))) return [];
  const rules = about.flatMap((rule) =>
    comparisonsOf(rule).flatMap((args) =>
      (UNNEEDED[name] ?? []).flatMap((part) => {
        const narrowed = within(args, part);
        return narrowed ? [narrowedRule(rule, name, narrowed, agent)] : [];
      }),
    ),
  );
  const texts = rules.map((rule) => JSON.stringify(rule, bigintAsText));
  return rules.filter((_, index) => texts.indexOf(texts[index] ?? '') === index);
}

function narrowedRule(rule: SeccompRule, name: string, args: readonly SeccompArgument[], agent: string): SeccompRule {
  const kept = Object.entries(rule).filter(([key]) => !/^(name|names|args|comment)$/.test(key));
  const comment = `refused as before; bubblewrap (${agent}) does not need it`;
  return { names: [name], ...Object.fromEntries(kept), args, comment };
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

/** runc leaves out what repeats the default. */
function isDefault({ defaultAction = 'SCMP_ACT_ALLOW' }: SeccompProfile, { action }: SeccompRule): boolean {
  return action === defaultAction;
}

/** The comparisons that hold where all of these do and the call is in the part; undefined: nowhere, or that cannot be said. */
function within(args: readonly SeccompArgument[], part: Part): readonly SeccompArgument[] | undefined {
  const { index, mask, value } = part;
  const same = args.find((argument) => Number(argument.index ?? 0) === index);
  if (!same) return [...args, { index, value: mask, valueTwo: value, op: 'SCMP_CMP_MASKED_EQ' }];
  const merged = mergedWith(same, BigInt(mask), BigInt(value));
  return merged && args.map((argument) => (argument === same ? merged : argument));
}

function mergedWith(argument: SeccompArgument, mask: bigint, value: bigint): SeccompArgument | undefined {
  const [first, second] = [BigInt(argument.value ?? 0), BigInt(argument.valueTwo ?? 0)];
  if (argument.op === 'SCMP_CMP_EQ') return (first & mask) === value ? argument : undefined;
  const compared = second & first;
  if ((compared & mask) !== (value & first)) return undefined;
  return { ...argument, value: natural(first | mask), valueTwo: natural(compared | value) };
}

function natural(value: bigint): number | bigint {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}
