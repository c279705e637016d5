import { isDeepStrictEqual } from 'node:util';
import { DOCKER_DEFAULT_PROFILE } from '../../src/model/seccompProfiles.js';
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
    ...systemCalls(after),
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

interface Profile {
  readonly syscalls: readonly { readonly names?: readonly string[] }[];
}

/** Each system call by which the profile goes beyond Docker's default. */
function systemCalls(after: ContainerOptions): readonly TakenBack[] {
  const { seccomp } = after.securityOpt;
  if (!isProfile(seccomp)) return [];
  const profile = JSON.parse(seccomp) as Profile;
  const isDefault = (rule: unknown): boolean =>
    DOCKER_DEFAULT_PROFILE.syscalls.some((other) => isDeepStrictEqual(rule, other));
  const added = new Set(profile.syscalls.filter((rule) => !isDefault(rule)).flatMap((rule) => rule.names ?? []));
  return [...added].map((name) => {
    const syscalls = profile.syscalls.map((rule) =>
      isDefault(rule) ? rule : { ...rule, names: rule.names?.filter((other) => other !== name) },
    );
    const without = JSON.stringify({ ...profile, syscalls: syscalls.filter((rule) => rule.names?.length !== 0) });
    return {
      what: `the system call ${name} in the seccomp profile`,
      options: { ...after, securityOpt: { ...after.securityOpt, seccomp: without } },
    };
  });
}
