/** The steps at which the kernel decides, with seccomp's filter, AppArmor's profile and its own switches. */

import { bwrapHas, setuidWorks } from '../bwrap/bwrap.js';
import { LATER_CALLS } from '../bwrap/calls.js';
import { cloneError, ERRORS, withErrno } from '../bwrap/errors.js';
import { boundingSet, hasCapability } from '../container/capabilities.js';
import { isRoot } from '../container/container.js';
import type { DefaultSeccomp } from '../host.js';
import { answerTo } from '../seccomp/answers.js';
import { DOCKER_DEFAULT_PROFILE, PODMAN_DEFAULT_PROFILE } from '../seccomp/engineProfiles.js';
import type { SystemCall } from '../seccomp/filter.js';
import type { SeccompProfile } from '../seccomp/profile.js';
import { all, any, not, type Ternary } from '../ternary.js';
import { confinement, hasAttachedProfile } from './apparmor.js';
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
  const privileged = container.privileged.value === true;
  if (seccomp?.kind === 'custom' && !(privileged && host.filtersPrivileged === false))
    return seccomp.profile ?? 'unknown';
  if (privileged) return undefined;
  if (seccomp === undefined) return 'unknown';
  return seccomp.kind === 'unconfined' ? undefined : DEFAULT_PROFILES[host.defaultSeccomp];
}

/**
 * Closed where the profile refuses the call; `error` is the text for the errno with which it does (undefined: killed), and
 * undefined where bubblewrap does without.
 */
function seccompVerdict(
  situation: Situation,
  call: SystemCall,
  error: (errno: number | undefined) => string | undefined,
): Verdict {
  const profile = seccompProfile(situation);
  if (profile === undefined) return undefined;
  if (profile === 'unknown') return 'unknown';
  const { container, host } = situation;
  const answer = answerTo(profile, call, boundingSet(container));
  if (answer.allowed === undefined) return 'unknown';
  const text = answer.allowed ? undefined : error(answer.errno);
  if (text === undefined) return undefined;
  if (container.privileged.value === true && host.filtersPrivileged === undefined) return 'unknown';
  return hasCapability(container, 'SYS_ADMIN') === undefined ? 'unknown' : { error: text };
}

function usernsError({ container, chosen }: Situation): string {
  if (chosen !== 'system' || container.distro.value?.id !== 'debian') return ERRORS.usernsDenied;
  const { version = '' } = container.distro.value;
  return ['11', '12'].includes(version) ? ERRORS.usernsDeniedDebian12 : ERRORS.usernsDeniedDebian;
}

/** Nothing is predicted for a kernel and an engine that nobody measured. */
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

/** Whether the kernel allows bubblewrap a user namespace, and no profile makes that powerless. */
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

/**
 * Ubuntu: a task with the label `unconfined` and without SYS_ADMIN gets a user namespace without any power, unless a profile
 * attaches to the path of its program.
 */
function restrictedUserns(situation: Situation): Ternary {
  return all(
    situation.host.apparmor?.restrictsUnprivilegedUserns === true,
    confinement(situation) === 'unconfined',
    not(privilegedBwrap(situation)),
    not(hasAttachedProfile(situation)),
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

/** Whether the seccomp profile lets a newer bubblewrap fill its root: the one that comes with an agent is not as new (measured). */
export function laterCalls(situation: Situation): Verdict {
  const { container, chosen } = situation;
  if (chosen !== 'system' && chosen !== 'unknown') return undefined;
  for (const { call, since, error } of LATER_CALLS) {
    const made = bwrapHas(container.bwrap.version.value, since);
    const verdict = made === false ? undefined : seccompVerdict(situation, call, error);
    if (verdict) return made && chosen === 'system' ? verdict : 'unknown';
  }
  return undefined;
}

/** Whether the seccomp profile lets the old root be left. */
export function oldRoot(situation: Situation): Verdict {
  return seccompVerdict(situation, situation.calls.umount, (errno) => withErrno(ERRORS.seccompUmount, errno));
}

/** The last step of bwrap, only for a user other than root. */
export function secondUserns(situation: Situation): Verdict {
  const root = isRoot(situation.container);
  if (root === true) return undefined;
  const verdict = seccompVerdict(situation, situation.calls.unshare, (errno) =>
    withErrno(ERRORS.seccompUnshare, errno),
  );
  return verdict && root === undefined ? 'unknown' : verdict;
}

/** The calls that the agent makes in the sandbox before the command runs. */
export function callsAfterwards(situation: Situation): Verdict {
  const { calls = [], error = '' } = situation.demands.afterwards ?? {};
  const verdicts = calls.map((call) => seccompVerdict(situation, call, (errno) => withErrno(error, errno)));
  return verdicts.find((verdict) => verdict !== undefined);
}
