import { chosenBwrap, recoversFromProcError, setuidTakesEffect, setuidWorks, supportsSetuid, type Chosen } from './bwrap.js';
import { boundingSet, hasCapability } from './capabilities.js';
import { behaviourOf, type Codex, type Network } from './codex.js';
import { isRoot, type Container } from './container.js';
import { ERRORS } from './errors.js';
import type { Host } from './host.js';
import { allowsCall, BWRAP_CALLS, type SeccompProfile } from './seccomp.js';
import { DOCKER_DEFAULT_PROFILE, PODMAN_DEFAULT_PROFILE } from './seccompProfiles.js';
import { all, any, not, type Ternary } from './ternary.js';

/** The steps of the sandbox's start at which it can fail, in the order in which they are met (sandbox-facts 2). */
export const GATES = [
  'bwrap-available',
  'writable-paths',
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
type Verdict = { readonly closed: true; readonly gate: Gate; readonly error: string } | 'unknown' | undefined;

/** What is foretold for one host. */
export interface Prediction {
  readonly host: string;
  readonly codex: string;
  readonly network: Network;
  readonly outcome: 'works' | 'fails' | 'unknown';
  /** Where it fails; undefined when it works or is not known. */
  readonly gate: Gate | undefined;
  /** What the user would see on stderr, one line. */
  readonly error: string | undefined;
}

function closedWhen(condition: Ternary, gate: Gate, error: string): Verdict {
  return condition === undefined ? 'unknown' : condition ? { closed: true, gate, error } : undefined;
}

function bwrapAvailable({ chosen }: Situation): Verdict {
  return closedWhen(chosen.kind === 'missing', 'bwrap-available', ERRORS.bwrapMissing);
}

/** Codex makes its helper links and its command line before bwrap starts, so this comes first (measured). */
function writablePaths({ container, chosen }: Situation): Verdict {
  if (chosen.kind === 'none-needed') return undefined;
  const tmpfs = container.tmpfs.flatMap((t) => t.value ?? []);
  const user = container.user.value;
  const home = isRoot(container) === true ? '/root' : `/home/${user?.split(':')[0] ?? ''}`;
  const covered = (path: string): boolean => tmpfs.some((t) => path === t || path.startsWith(`${t.replace(/\/$/, '')}/`));
  return closedWhen(
    all(container.readOnlyRoot.value, !(covered(home) && covered('/tmp'))),
    'writable-paths',
    ERRORS.readOnly,
  );
}

function bwrapPrivileges({ container, host, chosen }: Situation): Verdict {
  const setuid = setuidTakesEffect(container);
  if (chosen.kind === 'system' && setuid !== false && setuidWorks(container) !== true) {
    const supported = supportsSetuid(container.bwrap.version.value);
    if (setuid === undefined || supported === undefined) return 'unknown';
    return closedWhen(not(setuidWorks(container)), 'bwrap-privileges', supported ? ERRORS.capset : ERRORS.setuidRefused);
  }
  const ambient = all(
    host.ambientCapabilities,
    not(isRoot(container)),
    not(container.privileged.value),
    container.capAdd.length > 0,
    not(setuidWorks(container)),
  );
  return closedWhen(ambient, 'bwrap-privileges', ERRORS.ambientCapabilities);
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

/** Whether the profile allows all the named calls as bwrap makes them. */
function seccompAllows(situation: Situation, names: readonly string[]): Ternary {
  const profile = seccompProfile(situation);
  if (profile === undefined) return true;
  if (profile === 'unknown') return undefined;
  const capabilities = boundingSet(situation.container);
  const allowed = BWRAP_CALLS.filter((call) => names.includes(call.name)).every((call) =>
    allowsCall(profile, call, capabilities),
  );
  if (!allowed && hasCapability(situation.container, 'SYS_ADMIN') === undefined) return undefined;
  return allowed;
}

function usernsError({ container, chosen }: Situation): string {
  if (chosen.kind !== 'system' || container.distro.value?.id !== 'debian') return ERRORS.usernsDenied;
  return container.distro.value.version === '12' ? ERRORS.usernsDeniedDebian12 : ERRORS.usernsDeniedDebian;
}

function seccompUserns(situation: Situation): Verdict {
  return closedWhen(not(seccompAllows(situation, ['clone', 'unshare'])), 'seccomp-userns', usernsError(situation));
}

/** bwrap itself holds SYS_ADMIN: root with it, or a setuid bwrap with its capabilities. */
function privilegedBwrap({ container, chosen }: Situation): Ternary {
  const asRoot = all(isRoot(container), hasCapability(container, 'SYS_ADMIN'));
  return chosen.kind === 'system' ? any(asRoot, setuidWorks(container)) : asRoot;
}

function appArmorProfile({ container, host }: Situation): string | undefined | 'unknown' {
  if (!host.apparmor) return 'unconfined';
  const value = container.apparmor.value;
  if (value === undefined) return container.privileged.value === true ? 'unconfined' : undefined;
  if (value.kind === 'named') return value.name;
  if (value.kind === 'default' && container.privileged.value !== true) return 'docker-default';
  return 'unconfined';
}

function usernsAllowed(situation: Situation): Verdict {
  const { host } = situation;
  if (!host.anyUserns) return closedWhen(true, 'userns-allowed', ERRORS.usernsNoneLeft);
  if (host.apparmor && host.apparmor.loadedProfiles[appArmorProfile(situation) ?? ''] === 'denies-capabilities') {
    return closedWhen(true, 'userns-allowed', usernsError(situation));
  }
  return closedWhen(
    all(!host.unprivilegedUserns, not(privilegedBwrap(situation))),
    'userns-allowed',
    usernsError(situation),
  );
}

function appArmor(situation: Situation): Verdict {
  const { host } = situation;
  if (!host.apparmor) return undefined;
  const profile = appArmorProfile(situation);
  if (profile === undefined) return 'unknown';
  if (profile === 'unconfined') return undefined;
  if (profile === 'docker-default') {
    const error = host.apparmor.defaultDenies === 'userns' ? ERRORS.appArmorUserns : ERRORS.appArmorMount;
    return closedWhen(true, 'apparmor', error);
  }
  const loaded = host.apparmor.loadedProfiles[profile];
  if (loaded === undefined) return 'unknown';
  return closedWhen(loaded === 'denies-mount', 'apparmor', ERRORS.appArmorMount);
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
  return closedWhen(restrictedUserns(situation), 'loopback', ERRORS.loopback);
}

function uidMap(situation: Situation): Verdict {
  const restricted = restrictedUserns(situation);
  if (restricted !== false) return closedWhen(restricted, 'uid-map', ERRORS.uidMapRestricted);
  const rootWithoutSetfcap = all(isRoot(situation.container), not(hasCapability(situation.container, 'SETFCAP')));
  return closedWhen(rootWithoutSetfcap, 'uid-map', ERRORS.uidMap);
}

function pivotRoot(situation: Situation): Verdict {
  const mounts = seccompAllows(situation, ['mount']);
  if (mounts !== true) return closedWhen(not(mounts), 'pivot-root', ERRORS.seccompMount);
  return closedWhen(not(seccompAllows(situation, ['umount2', 'pivot_root'])), 'pivot-root', ERRORS.pivotRoot);
}

function procMount({ container, chosen }: Situation): Verdict {
  const masked = all(container.maskedPaths.value, not(container.privileged.value));
  if (chosen.kind === 'unknown') {
    return masked === false ? undefined : all(masked, not(recoversFromProcError(container, chosen))) === false ? undefined : 'unknown';
  }
  return closedWhen(all(masked, not(recoversFromProcError(container, chosen))), 'proc-mount', ERRORS.procMount);
}

const CHECKS: Readonly<Record<Gate, (situation: Situation) => Verdict>> = {
  'bwrap-available': bwrapAvailable,
  'writable-paths': writablePaths,
  'bwrap-privileges': bwrapPrivileges,
  'seccomp-userns': seccompUserns,
  'userns-allowed': usernsAllowed,
  apparmor: appArmor,
  loopback,
  'uid-map': uidMap,
  'pivot-root': pivotRoot,
  'proc-mount': procMount,
};

/**
 * Foretells whether Codex's sandbox starts, and where it fails if not. The first gate that is not open decides: a closed
 * one is a failure, one that cannot be judged makes the whole unknown.
 */
export function predict(container: Container, host: Host, codex: Codex): Prediction {
  const base = { host: host.name, codex: codex.version, network: codex.network };
  if (behaviourOf(codex.version).bwrap === 'none') return { ...base, outcome: 'works', gate: undefined, error: undefined };
  const situation: Situation = { container, host, codex, chosen: chosenBwrap(container, codex) };
  for (const gate of GATES) {
    const verdict = CHECKS[gate](situation);
    if (verdict === 'unknown') return { ...base, outcome: 'unknown', gate: undefined, error: undefined };
    if (verdict) return { ...base, outcome: 'fails', gate: verdict.gate, error: verdict.error };
  }
  return { ...base, outcome: 'works', gate: undefined, error: undefined };
}
