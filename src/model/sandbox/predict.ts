import {
  bwrapHas,
  chosenBwrap,
  recoversFromProcError,
  setuidTakesEffect,
  setuidWorks,
  supportsSetuid,
  type Chosen,
} from '../bwrap/bwrap.js';
import { boundingSet, hasCapability } from '../container/capabilities.js';
import { behaviourOf, type Codex, type Network } from '../agents/codex/versions.js';
import { isContainerUser, isRoot, type Container } from '../container/container.js';
import { codexHome, writable } from '../container/writable.js';
import type { Gate } from '../gates.js';
import { cloneError, ERRORS, mountRegistry, withErrno } from '../bwrap/errors.js';
import type { DefaultSeccomp, Host, LoadedProfile } from '../host.js';
import { BWRAP_CALLS } from '../bwrap/calls.js';
import type { SystemCall } from '../seccomp/filter.js';
import type { SeccompProfile } from '../seccomp/profile.js';
import { answerTo } from '../seccomp/answers.js';
import { DOCKER_DEFAULT_PROFILE, PODMAN_DEFAULT_PROFILE } from '../seccomp/engineProfiles.js';
import { all, any, not, type Ternary } from '../ternary.js';
import { workspaceError } from '../agents/codex/workspaceEntries.js';

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

/** Codex may ask the bwrap that it takes for what that one does not know; bwrap looks at its privileges first (measured). */
function bwrapUnderstands({ container, codex, chosen }: Situation): Verdict {
  if (!behaviourOf(codex.version).insistsOnArgv0) return undefined;
  const lacksIt = not(bwrapHas(container.bwrap.version.value, 'argv0'));
  if (chosen.kind === 'unknown') return lacksIt === false ? undefined : 'unknown';
  return closedWhen(all(chosen.kind === 'system', lacksIt), ERRORS.unknownArgv0);
}

/** Codex writes before it looks for a bwrap, so this comes first. Where, depends on its version (codex.ts). */
function writablePaths({ container, host, codex }: Situation): Verdict {
  const { needs, tmpError } = behaviourOf(codex.version);
  const readOnly = container.readOnlyRoot.value;
  // Podman mounts a tmpfs on it under --read-only, unless --read-only-tmpfs=false (measured with 4.3; podman-run(1)).
  const tmp = host.engine === 'podman' || writable(container, '/tmp');
  if (needs === 'nothing') return undefined;
  if (needs !== 'tmp' && !writable(container, codexHome(container))) return closedWhen(readOnly, ERRORS.readOnlyHome);
  if (needs === 'codex-home' || tmp) return undefined;
  const error = {
    building: ERRORS.readOnly,
    registry: mountRegistry(undefined),
    'registry-of-user': mountRegistry(uidOf(container)),
  };
  return closedWhen(readOnly, error[tmpError]);
}

/** What runs in the sandbox is reached by a helper link in ~/.codex where bwrap has no --argv0: met when all else is done. */
function helperLinks({ container, chosen }: Situation): Verdict {
  const old = chosen.kind === 'system' && bwrapHas(container.bwrap.version.value, 'argv0') === false;
  const missing = !writable(container, codexHome(container));
  return closedWhen(all(container.readOnlyRoot.value, old, missing), ERRORS.helperLinks);
}

/** The number that most users of dev containers have, unless the name says it. */
function uidOf(container: Container): string {
  if (isRoot(container) === true) return '0';
  const name = container.user.value?.split(':', 1)[0] ?? '';
  return /^\d+$/.test(name) ? name : '1000';
}

function bwrapPrivileges({ container, host, chosen }: Situation): Verdict {
  const setuid = setuidTakesEffect(container);
  if (chosen.kind === 'system' && setuid !== false) {
    const supported = supportsSetuid(container.bwrap.version.value);
    if (setuid === undefined || supported === undefined) return 'unknown';
    return closedWhen(not(setuidWorks(container)), supported ? ERRORS.capset : ERRORS.setuidRefused);
  }
  // Under --privileged as well: then, too, it is the added ones that are handed on (measured with Podman 4.3).
  const ambient = all(
    host.ambientCapabilities,
    not(isRoot(container)),
    container.capAdd.length > 0,
    isContainerUser(container),
    not(setuidWorks(container)),
  );
  return closedWhen(ambient, ERRORS.ambientCapabilities);
}

const DEFAULT_PROFILES: Readonly<Record<DefaultSeccomp, SeccompProfile | 'unknown' | undefined>> = {
  'docker-default': DOCKER_DEFAULT_PROFILE,
  'podman-default': PODMAN_DEFAULT_PROFILE,
  unconfined: undefined,
  unknown: 'unknown',
};

/** The profile in force: undefined for none, 'unknown' where it cannot be known. */
function seccompProfile({ container, host }: Situation): SeccompProfile | 'unknown' | undefined {
  const seccomp = container.seccomp.value;
  if (seccomp?.kind === 'custom') return seccomp.profile ?? 'unknown';
  if (container.privileged.value === true) return undefined;
  if (seccomp === undefined) return 'unknown';
  return seccomp.kind === 'unconfined' ? undefined : DEFAULT_PROFILES[host.defaultSeccomp];
}

/** Closed where the profile refuses the call; `error` is the text for the errno with which it does (undefined: killed). */
function seccompVerdict(situation: Situation, call: SystemCall, error: (errno: number | undefined) => string): Verdict {
  const profile = seccompProfile(situation);
  if (profile === undefined) return undefined;
  if (profile === 'unknown') return 'unknown';
  const { container, host } = situation;
  const answer = answerTo(profile, call, boundingSet(container));
  if (answer.allowed === undefined) return 'unknown';
  if (answer.allowed) return undefined;
  // Under --privileged Docker 20.10 ignores a profile (measured), newer ones were not measured; Podman heeds it (measured with 4.3).
  if (container.privileged.value === true && host.engine === 'docker') return 'unknown';
  return hasCapability(container, 'SYS_ADMIN') === undefined ? 'unknown' : { error: error(answer.errno) };
}

function usernsError({ container, chosen }: Situation): string {
  if (chosen.kind !== 'system' || container.distro.value?.id !== 'debian') return ERRORS.usernsDenied;
  const { version = '' } = container.distro.value;
  return ['11', '12'].includes(version) ? ERRORS.usernsDeniedDebian12 : ERRORS.usernsDeniedDebian;
}

function seccompUserns(situation: Situation): Verdict {
  return seccompVerdict(situation, BWRAP_CALLS.clone, (errno) =>
    errno === 1 ? usernsError(situation) : cloneError(errno),
  );
}

/** bwrap itself holds SYS_ADMIN: root with it, or a setuid bwrap with its capabilities. */
function privilegedBwrap({ container, chosen }: Situation): Ternary {
  const asRoot = all(isRoot(container), hasCapability(container, 'SYS_ADMIN'));
  return chosen.kind === 'system' || chosen.kind === 'unknown' ? any(asRoot, setuidWorks(container)) : asRoot;
}

/** What AppArmor makes of the container; undefined where it cannot be known. */
type Confinement = 'unconfined' | 'denies-userns' | LoadedProfile | undefined;

function confinement({ container, host: { apparmor } }: Situation): Confinement {
  const profile = container.apparmor.value;
  if (!apparmor || profile?.kind === 'unconfined') return 'unconfined';
  if (profile?.kind === 'named' && profile.name !== 'docker-default') {
    const { loadedProfiles } = apparmor;
    return Object.hasOwn(loadedProfiles, profile.name) ? loadedProfiles[profile.name] : undefined;
  }
  // --privileged takes away a profile that is not named.
  if (profile?.kind !== 'named' && container.privileged.value !== false)
    return container.privileged.value && 'unconfined';
  return profile && `denies-${apparmor.defaultDenies}`;
}

function usernsAllowed(situation: Situation): Verdict {
  const { host } = situation;
  if (!host.anyUserns) return closedWhen(true, ERRORS.usernsNoneLeft);
  if (confinement(situation) === 'denies-capabilities') return closedWhen(true, usernsError(situation));
  return closedWhen(all(!host.unprivilegedUserns, not(privilegedBwrap(situation))), usernsError(situation));
}

function appArmor(situation: Situation): Verdict {
  const confined = confinement(situation);
  if (confined === undefined) return 'unknown';
  if (confined === 'denies-userns') return closedWhen(true, ERRORS.appArmorUserns);
  return closedWhen(confined === 'denies-mount', ERRORS.appArmorMount);
}

/** Ubuntu: a task labelled exactly `unconfined` and without SYS_ADMIN gets a user namespace without powers. */
function restrictedUserns(situation: Situation): Ternary {
  return all(
    situation.host.apparmor?.restrictsUnprivilegedUserns === true,
    confinement(situation) === 'unconfined',
    not(privilegedBwrap(situation)),
  );
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
  const refused = seccompVerdict(situation, BWRAP_CALLS.mount, (errno) => withErrno(ERRORS.seccompMount, errno));
  return refused ?? seccompVerdict(situation, BWRAP_CALLS.pivotRoot, (errno) => withErrno(ERRORS.pivotRoot, errno));
}

function oldRoot(situation: Situation): Verdict {
  return seccompVerdict(situation, BWRAP_CALLS.umount, (errno) => withErrno(ERRORS.seccompUmount, errno));
}

function secondUserns(situation: Situation): Verdict {
  const root = isRoot(situation.container);
  if (root === true) return undefined;
  const verdict = seccompVerdict(situation, BWRAP_CALLS.unshare, (errno) => withErrno(ERRORS.seccompUnshare, errno));
  return verdict && root === undefined ? 'unknown' : verdict;
}

function procMount({ container, chosen }: Situation): Verdict {
  const masked = all(container.maskedPaths.value, not(container.privileged.value));
  return closedWhen(all(masked, not(recoversFromProcError(container, chosen))), ERRORS.procMount);
}

/** Before /proc is mounted, in the new root, bwrap creates in the workspace what Codex shields and is not there (measured). */
function workspaceFolder({ container, codex, chosen }: Situation): Verdict {
  const error = workspaceError(container, codex.version, chosen);
  return error === undefined ? undefined : { error };
}

/** What is tried, in its order. A gate can be met twice, as the old root is left only when /proc has been mounted (measured). */
const STEPS: readonly (readonly [Gate, (situation: Situation) => Verdict])[] = [
  ['writable-paths', writablePaths],
  ['bwrap-available', bwrapAvailable],
  ['bwrap-privileges', bwrapPrivileges],
  ['bwrap-available', bwrapUnderstands],
  ['seccomp-userns', seccompUserns],
  ['userns-allowed', usernsAllowed],
  ['apparmor', appArmor],
  ['loopback', loopback],
  ['uid-map', uidMap],
  ['pivot-root', newRoot],
  ['writable-paths', workspaceFolder],
  ['proc-mount', procMount],
  ['pivot-root', oldRoot],
  ['seccomp-userns', secondUserns],
  ['writable-paths', helperLinks],
];

/**
 * Foretells whether Codex's sandbox starts, and where it fails if not. The first gate that is not open decides: a closed
 * one is a failure, one that cannot be judged makes the whole unknown.
 */
export function predict(container: Container, host: Host, codex: Codex): Prediction {
  const base = { host: host.name, codex: codex.version, network: codex.network };
  const works: Prediction = { ...base, outcome: 'works', gate: undefined, undecided: undefined, error: undefined };
  const situation: Situation = { container, host, codex, chosen: chosenBwrap(container, codex) };
  const steps = situation.chosen.kind === 'none-needed' ? STEPS.slice(0, 1) : STEPS;
  for (const [gate, step] of steps) {
    const verdict = step(situation);
    if (verdict === 'unknown') return { ...works, outcome: 'unknown', undecided: gate };
    if (verdict) return { ...works, outcome: 'fails', gate, error: verdict.error };
  }
  return works;
}
