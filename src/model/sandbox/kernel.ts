/** The steps at which the kernel is asked: by seccomp's filter, AppArmor's profile and its own switches it may say no. */

import { setuidWorks } from '../bwrap/bwrap.js';
import { cloneError, ERRORS, withErrno } from '../bwrap/errors.js';
import { boundingSet, hasCapability } from '../container/capabilities.js';
import { isRoot } from '../container/container.js';
import type { DefaultSeccomp, LoadedProfile } from '../host.js';
import { answerTo } from '../seccomp/answers.js';
import { DOCKER_DEFAULT_PROFILE, PODMAN_DEFAULT_PROFILE } from '../seccomp/engineProfiles.js';
import type { SystemCall } from '../seccomp/filter.js';
import type { SeccompProfile } from '../seccomp/profile.js';
import { all, any, not, type Ternary } from '../ternary.js';
import { closedWhen, type Situation, type Verdict } from './situation.js';

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
  if (chosen !== 'system' || container.distro.value?.id !== 'debian') return ERRORS.usernsDenied;
  const { version = '' } = container.distro.value;
  return ['11', '12'].includes(version) ? ERRORS.usernsDeniedDebian12 : ERRORS.usernsDeniedDebian;
}

/** Of a kernel and an engine that nobody measured nothing is foretold. */
export function measuredHost({ host }: Situation): Verdict {
  return host.unmeasured === undefined ? undefined : 'unknown';
}

/** Whether the seccomp profile lets a new user namespace be made. */
export function seccompUserns(situation: Situation): Verdict {
  return seccompVerdict(situation, situation.calls.clone, (errno) =>
    errno === 1 ? usernsError(situation) : cloneError(errno),
  );
}

/** bwrap itself holds SYS_ADMIN: root with it, or a setuid bwrap with its capabilities. */
function privilegedBwrap({ container, chosen }: Situation): Ternary {
  const asRoot = all(isRoot(container), hasCapability(container, 'SYS_ADMIN'));
  return chosen === 'system' || chosen === 'unknown' ? any(asRoot, setuidWorks(container)) : asRoot;
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

/** Whether the kernel, or a profile that grants nothing in it, gives bubblewrap a user namespace. */
export function usernsAllowed(situation: Situation): Verdict {
  const { host } = situation;
  if (!host.anyUserns) return closedWhen(true, ERRORS.usernsNoneLeft);
  if (confinement(situation) === 'denies-capabilities') return closedWhen(true, usernsError(situation));
  return closedWhen(all(!host.unprivilegedUserns, not(privilegedBwrap(situation))), usernsError(situation));
}

/** Whether the container's AppArmor profile denies the namespace or its mounts. */
export function appArmor(situation: Situation): Verdict {
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

/** Whether a network namespace of its own can be set up. */
export function loopback(situation: Situation): Verdict {
  const { request, demands } = situation;
  if (request.network === 'full' || !demands.namespaces.includes('net')) return undefined;
  return closedWhen(restrictedUserns(situation), ERRORS.loopback);
}

/** Whether the user can be mapped into the user namespace. */
export function uidMap(situation: Situation): Verdict {
  const restricted = restrictedUserns(situation);
  if (restricted !== false) return closedWhen(restricted, ERRORS.uidMapRestricted);
  const rootWithoutSetfcap = all(isRoot(situation.container), not(hasCapability(situation.container, 'SETFCAP')));
  return closedWhen(rootWithoutSetfcap, ERRORS.uidMap);
}

/** Whether the seccomp profile lets a root of its own be built. */
export function newRoot(situation: Situation): Verdict {
  const refused = seccompVerdict(situation, situation.calls.mount, (errno) => withErrno(ERRORS.seccompMount, errno));
  return refused ?? seccompVerdict(situation, situation.calls.pivotRoot, (errno) => withErrno(ERRORS.pivotRoot, errno));
}

/** Whether the seccomp profile lets the old root be left. */
export function oldRoot(situation: Situation): Verdict {
  return seccompVerdict(situation, situation.calls.umount, (errno) => withErrno(ERRORS.seccompUmount, errno));
}

/** The last that bwrap does, and only for a user other than root. */
export function secondUserns(situation: Situation): Verdict {
  const root = isRoot(situation.container);
  if (root === true) return undefined;
  const verdict = seccompVerdict(situation, situation.calls.unshare, (errno) =>
    withErrno(ERRORS.seccompUnshare, errno),
  );
  return verdict && root === undefined ? 'unknown' : verdict;
}

/** What the agent calls in the sandbox before the command runs. */
export function callsAfterwards(situation: Situation): Verdict {
  const { calls = [], error = '' } = situation.demands.afterwards ?? {};
  const verdicts = calls.map((call) => seccompVerdict(situation, call, (errno) => withErrno(error, errno)));
  return verdicts.find((verdict) => verdict !== undefined);
}
