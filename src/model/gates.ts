import {
  chosenBwrap,
  recoversFromProcError,
  setuidTakesEffect,
  setuidWorks,
  supportsSetuid,
  type Chosen,
} from './bwrap.js';
import { boundingSet, hasCapability } from './capabilities.js';
import { behaviourOf, compareVersions, type Codex, type Network } from './codex.js';
import { isRoot, type Container } from './container.js';
import { codexHome, writable } from './writable.js';
import { cloneError, ERRORS, withErrno } from './errors.js';
import type { Host } from './host.js';
import { BWRAP_CALLS, evaluate, type SeccompProfile, type SystemCall } from './seccomp.js';
import { DOCKER_DEFAULT_PROFILE, PODMAN_DEFAULT_PROFILE } from './seccompProfiles.js';
import { all, any, not, type Ternary } from './ternary.js';

/** The steps of the sandbox's start at which it can fail, in the order in which they are met (sandbox-facts 2). */
export const GATES = [
  'writable-paths',
  'bwrap-available',
  'bwrap-privileges',
  'seccomp-userns',
  'userns-allowed',
  'apparmor',
  'loopback',
  'uid-map',
  'pivot-root',
  'proc-mount',
] as const;

export type Gate = (typeof GATES)[number];

/** What is judged: Codex in a container on a host. */
interface Situation {
  readonly container: Container;
  readonly host: Host;
  readonly codex: Codex;
  readonly chosen: Chosen;
}

/** A gate's answer: undefined is open; `error` is the text that bwrap or Codex prints on stderr. */
type Verdict = { readonly error: string } | 'unknown' | undefined;

/** What is foretold for one host. */
export interface Prediction {
  readonly host: string;
  readonly codex: string;
  readonly network: Network;
  readonly outcome: 'works' | 'fails' | 'unknown';
  /** Where it fails; undefined when it works or is not known. */
  readonly gate: Gate | undefined;
  /** The gate that cannot be judged; undefined unless the outcome is unknown. */
  readonly undecided: Gate | undefined;
  /** What the user would see on stderr, one line. */
  readonly error: string | undefined;
}

function closedWhen(condition: Ternary, error: string): Verdict {
  return condition === undefined ? 'unknown' : condition ? { error } : undefined;
}

function bwrapAvailable({ chosen }: Situation): Verdict {
  return closedWhen(chosen.kind === 'missing', ERRORS.bwrapMissing);
}

/** bwrap before this one has no --argv0, so that Codex needs its helper links in ~/.codex (measured with 0.8.0 and 0.12.0). */
const HAS_ARGV0 = '0.9.0';

/** Codex writes below /tmp before it looks for a bwrap, so this comes first; ~/.codex it needs only for an old bwrap (measured). */
function writablePaths({ container, chosen }: Situation): Verdict {
  const { readOnlyRoot, bwrap } = container;
  if (readOnlyRoot.value === false || writable(container, '/tmp')) {
    const old = chosen.kind === 'system' && compareVersions(bwrap.version.value ?? HAS_ARGV0, HAS_ARGV0) < 0;
    return closedWhen(all(readOnlyRoot.value, old, !writable(container, codexHome(container))), ERRORS.helperLinks);
  }
  return closedWhen(readOnlyRoot.value, ERRORS.readOnly);
}

function bwrapPrivileges({ container, host, chosen }: Situation): Verdict {
  const setuid = setuidTakesEffect(container);
  if (chosen.kind === 'system' && setuid !== false && setuidWorks(container) !== true) {
    const supported = supportsSetuid(container.bwrap.version.value);
    if (setuid === undefined || supported === undefined) return 'unknown';
    return closedWhen(not(setuidWorks(container)), supported ? ERRORS.capset : ERRORS.setuidRefused);
  }
  const ambient = all(
    host.ambientCapabilities,
    not(isRoot(container)),
    not(container.privileged.value),
    container.capAdd.length > 0,
    not(setuidWorks(container)),
  );
  return closedWhen(ambient, ERRORS.ambientCapabilities);
}

/** The profile in force: undefined for none, 'unknown' where it cannot be known. */
function seccompProfile({ container, host }: Situation): SeccompProfile | 'unknown' | undefined {
  const { seccomp, privileged } = container;
  if (seccomp.value === undefined) return privileged.value === true ? undefined : 'unknown';
  switch (seccomp.value.kind) {
    case 'unconfined':
      return undefined;
    case 'custom':
      return seccomp.value.profile ?? 'unknown';
    case 'default':
      if (privileged.value === true) return undefined;
      return host.engine === 'podman' ? PODMAN_DEFAULT_PROFILE : DOCKER_DEFAULT_PROFILE;
  }
}

/** Closed where the profile refuses the call; `error` is the text for the errno with which it does (undefined: killed). */
function seccompVerdict(situation: Situation, call: SystemCall, error: (errno: number | undefined) => string): Verdict {
  const profile = seccompProfile(situation);
  if (profile === undefined) return undefined;
  if (profile === 'unknown') return 'unknown';
  const { container } = situation;
  const answer = evaluate(profile, call, { capabilities: boundingSet(container) });
  if (answer.allowed) return undefined;
  // Docker 20.10 ignores a profile under --privileged (measured); newer ones were not measured.
  if (container.privileged.value === true) return 'unknown';
  return hasCapability(container, 'SYS_ADMIN') === undefined ? 'unknown' : { error: error(answer.errno) };
}

function usernsError({ container, chosen }: Situation): string {
  if (chosen.kind !== 'system' || container.distro.value?.id !== 'debian') return ERRORS.usernsDenied;
  return container.distro.value.version === '12' ? ERRORS.usernsDeniedDebian12 : ERRORS.usernsDeniedDebian;
}

function seccompUserns(situation: Situation): Verdict {
  return seccompVerdict(situation, BWRAP_CALLS.clone, (errno) =>
    errno === 1 ? usernsError(situation) : cloneError(errno),
  );
}

/** bwrap itself holds SYS_ADMIN: root with it, or a setuid bwrap with its capabilities. */
function privilegedBwrap({ container, chosen }: Situation): Ternary {
  const asRoot = all(isRoot(container), hasCapability(container, 'SYS_ADMIN'));
  return chosen.kind === 'system' ? any(asRoot, setuidWorks(container)) : asRoot;
}

/** The profile that confines the container, by name; undefined where it cannot be known. */
function appArmorProfile({ container, host }: Situation): string | undefined {
  if (!host.apparmor) return 'unconfined';
  const value = container.apparmor.value;
  if (value === undefined) return container.privileged.value === true ? 'unconfined' : undefined;
  if (value.kind === 'named') return value.name;
  if (value.kind === 'default' && container.privileged.value !== true) return 'docker-default';
  return 'unconfined';
}

function usernsAllowed(situation: Situation): Verdict {
  const { host } = situation;
  if (!host.anyUserns) return closedWhen(true, ERRORS.usernsNoneLeft);
  if (host.apparmor?.loadedProfiles[appArmorProfile(situation) ?? ''] === 'denies-capabilities') {
    return closedWhen(true, usernsError(situation));
  }
  return closedWhen(all(!host.unprivilegedUserns, not(privilegedBwrap(situation))), usernsError(situation));
}

function appArmor(situation: Situation): Verdict {
  const { host } = situation;
  if (!host.apparmor) return undefined;
  const profile = appArmorProfile(situation);
  if (profile === undefined) return 'unknown';
  if (profile === 'unconfined') return undefined;
  if (profile === 'docker-default') {
    const error = host.apparmor.defaultDenies === 'userns' ? ERRORS.appArmorUserns : ERRORS.appArmorMount;
    return closedWhen(true, error);
  }
  const loaded = host.apparmor.loadedProfiles[profile];
  if (loaded === undefined) return 'unknown';
  return closedWhen(loaded === 'denies-mount', ERRORS.appArmorMount);
}

/** Ubuntu: a task labelled exactly `unconfined` and without SYS_ADMIN gets a user namespace without powers. */
function restrictedUserns(situation: Situation): Ternary {
  const { host } = situation;
  if (!host.apparmor?.restrictsUnprivilegedUserns) return false;
  const profile = appArmorProfile(situation);
  return all(profile === undefined ? undefined : profile === 'unconfined', not(privilegedBwrap(situation)));
}

function loopback(situation: Situation): Verdict {
  if (situation.codex.network === 'full') return undefined;
  return closedWhen(restrictedUserns(situation), ERRORS.loopback);
}

function uidMap(situation: Situation): Verdict {
  const restricted = restrictedUserns(situation);
  if (restricted !== false) return closedWhen(restricted, ERRORS.uidMapRestricted);
  const rootWithoutSetfcap = all(isRoot(situation.container), not(hasCapability(situation.container, 'SETFCAP')));
  return closedWhen(rootWithoutSetfcap, ERRORS.uidMap);
}

function newRoot(situation: Situation): Verdict {
  for (const [call, error] of [
    [BWRAP_CALLS.mount, ERRORS.seccompMount],
    [BWRAP_CALLS.pivotRoot, ERRORS.pivotRoot],
    [BWRAP_CALLS.umount, ERRORS.seccompUmount],
  ] as const) {
    const verdict = seccompVerdict(situation, call, (errno) => withErrno(error, errno));
    if (verdict) return verdict;
  }
  return undefined;
}

function secondUserns(situation: Situation): Verdict {
  const root = isRoot(situation.container);
  if (root === true) return undefined;
  const verdict = seccompVerdict(situation, BWRAP_CALLS.unshare, (errno) => withErrno(ERRORS.seccompUnshare, errno));
  return verdict && root === undefined ? 'unknown' : verdict;
}

function procMount({ container, chosen }: Situation): Verdict {
  const masked = all(container.maskedPaths.value, not(container.privileged.value));
  if (chosen.kind === 'unknown') {
    return masked === false
      ? undefined
      : all(masked, not(recoversFromProcError(container, chosen))) === false
        ? undefined
        : 'unknown';
  }
  return closedWhen(all(masked, not(recoversFromProcError(container, chosen))), ERRORS.procMount);
}

/** What is tried, in its order. A gate can be met twice: seccomp is asked for a user namespace at the start and at the end. */
const STEPS: readonly (readonly [Gate, (situation: Situation) => Verdict])[] = [
  ['writable-paths', writablePaths],
  ['bwrap-available', bwrapAvailable],
  ['bwrap-privileges', bwrapPrivileges],
  ['seccomp-userns', seccompUserns],
  ['userns-allowed', usernsAllowed],
  ['apparmor', appArmor],
  ['loopback', loopback],
  ['uid-map', uidMap],
  ['pivot-root', newRoot],
  ['proc-mount', procMount],
  ['seccomp-userns', secondUserns],
];

/**
 * Foretells whether Codex's sandbox starts, and where it fails if not. The first gate that is not open decides: a closed
 * one is a failure, one that cannot be judged makes the whole unknown.
 */
export function predict(container: Container, host: Host, codex: Codex): Prediction {
  const base = { host: host.name, codex: codex.version, network: codex.network };
  const works: Prediction = { ...base, outcome: 'works', gate: undefined, undecided: undefined, error: undefined };
  if (behaviourOf(codex.version).bwrap === 'none') return works;
  const situation: Situation = { container, host, codex, chosen: chosenBwrap(container, codex) };
  for (const [gate, step] of STEPS) {
    const verdict = step(situation);
    if (verdict === 'unknown') return { ...works, outcome: 'unknown', undecided: gate };
    if (verdict) return { ...works, outcome: 'fails', gate, error: verdict.error };
  }
  return works;
}
