import { isDeepStrictEqual } from 'node:util';
import { NEWER_BWRAP_CALLS } from '../../src/model/bwrap/calls.js';
import { DOCKER_DEFAULT_PROFILE } from '../../src/model/seccomp/engineProfiles.js';
import { isProfile, type ContainerOptions } from './containerOptions.js';

/** The container after the fix with one of the things taken back that the fix relaxed. */
export interface TakenBack {
  /** What was taken back, for the test's message. */
  readonly what: string;
  readonly options: ContainerOptions;
  /** It is a loss that is taken back, not a gift: no harm if Codex works either way. */
  readonly loss?: boolean;
}

/**
 * Everything that a fix gave the container and that can be taken back by itself, read off the two containers as Docker
 * started them: it does not matter what the fix says that it did.
 * @param image the image before the fix where it was made by other instructions, and whether the fix has only taken some out
 */
export function takenBack(
  before: ContainerOptions,
  after: ContainerOptions,
  image: { readonly name: string; readonly loss: boolean } | undefined,
): readonly TakenBack[] {
  return [
    ...(image ? [{ what: 'the new image', options: { ...after, image: image.name }, loss: image.loss }] : []),
    ...(after.privileged && !before.privileged
      ? [{ what: 'privileged', options: { ...after, privileged: false } }]
      : []),
    ...(before.readOnly && !after.readOnly
      ? [{ what: 'the writable root file system', options: { ...after, readOnly: true } }]
      : []),
    ...capabilities(before, after),
    ...securityOptions(before, after),
    ...systemCalls(before, after),
    ...Object.keys(after.tmpfs)
      .filter((path) => before.tmpfs[path] !== after.tmpfs[path])
      .map((path) => ({
        what: `tmpfs ${path}`,
        options: { ...after, tmpfs: replaced(after.tmpfs, before.tmpfs, path) },
      })),
  ];
}

function capabilities(before: ContainerOptions, after: ContainerOptions): readonly TakenBack[] {
  const added = after.capAdd.filter((capability) => !before.capAdd.includes(capability));
  const kept = before.capDrop.filter((capability) => !after.capDrop.includes(capability));
  return [
    ...added.map((capability) => ({
      what: `the added capability ${capability}`,
      options: { ...after, capAdd: after.capAdd.filter((other) => other !== capability) },
    })),
    ...kept.map((capability) => ({
      what: `the capability ${capability}, dropped no longer`,
      options: { ...after, capDrop: [...after.capDrop, capability] },
    })),
  ];
}

function securityOptions(before: ContainerOptions, after: ContainerOptions): readonly TakenBack[] {
  const keys = new Set([...Object.keys(before.securityOpt), ...Object.keys(after.securityOpt)]);
  return [...keys]
    .filter((key) => before.securityOpt[key] !== after.securityOpt[key])
    .map((key) => ({
      what: `the change of ${key}`,
      // It forbids something: the fix has only moved it to where it holds.
      loss: key === 'no-new-privileges' && before.securityOpt[key] === undefined,
      options: { ...after, securityOpt: replaced(after.securityOpt, before.securityOpt, key) },
    }));
}

/** The record with one key as it is in another: with that value, or without the key. */
function replaced(
  record: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
  key: string,
): Readonly<Record<string, string>> {
  const entries = Object.entries(record).filter(([name]) => name !== key);
  const value = other[key];
  return Object.fromEntries(value === undefined ? entries : [...entries, [key, value]]);
}

interface Rule {
  readonly names?: readonly string[];
  readonly action?: string;
}

interface Profile {
  readonly defaultAction: string;
  readonly syscalls: readonly Rule[];
}

/** Each system call that the profile allows and that Docker's default, or the author's own profile, does not. */
function systemCalls(before: ContainerOptions, after: ContainerOptions): readonly TakenBack[] {
  const { seccomp } = after.securityOpt;
  if (!isProfile(seccomp)) return [];
  const profile = JSON.parse(seccomp) as Profile;
  const own = before.securityOpt['seccomp'];
  const names =
    profile.defaultAction === 'SCMP_ACT_ALLOW' && isProfile(own)
      ? noLongerRefused(JSON.parse(own) as Profile, profile)
      : namesOf(profile.syscalls.filter((rule) => !isDefault(rule)));
  return [...names].map((name) => {
    const without = profile.syscalls.map((rule) =>
      isDefault(rule) ? rule : { ...rule, names: rule.names?.filter((other) => other !== name) },
    );
    const syscalls = [...without.filter((rule) => rule.names?.length !== 0), { names: [name], action: REFUSAL }];
    const isRefused = profile.defaultAction === REFUSAL;
    const text = JSON.stringify({ ...profile, syscalls: isRefused ? syscalls.slice(0, -1) : syscalls });
    return {
      what: `the system call ${name} in the seccomp profile`,
      // Only bubblewrap 0.13 and later need it, or a capability of the author, which a fix leaves alone, opens it as well.
      loss: NEWER_BWRAP_CALLS.includes(name) || isOpenedBy(before.capAdd, name),
      options: { ...after, securityOpt: { ...after.securityOpt, seccomp: text } },
    };
  });
}

const REFUSAL = 'SCMP_ACT_ERRNO';

function isDefault(rule: unknown): boolean {
  return DOCKER_DEFAULT_PROFILE.syscalls.some((other) => isDeepStrictEqual(rule, other));
}

/** Whether Docker's own profile allows the call to a container with one of these capabilities. */
function isOpenedBy(added: readonly string[], name: string): boolean {
  const capabilities = added.map((capability) => `CAP_${capability.replace(/^CAP_/, '')}`);
  return DOCKER_DEFAULT_PROFILE.syscalls.some(
    ({ names = [], includes }) =>
      names.includes(name) && (includes?.caps ?? []).some((cap) => capabilities.includes(cap)),
  );
}

function namesOf(rules: readonly Rule[]): ReadonlySet<string> {
  return new Set(rules.flatMap(({ names }) => names ?? []));
}

/** Of two profiles that allow what they do not name. */
function noLongerRefused(before: Profile, after: Profile): ReadonlySet<string> {
  const refused = ({ syscalls }: Profile): ReadonlySet<string> =>
    namesOf(syscalls.filter(({ action }) => action === REFUSAL));
  const still = refused(after);
  return new Set([...refused(before)].filter((name) => !still.has(name)));
}
