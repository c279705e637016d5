import { setuidTakesEffect, setuidWorks, supportsSetuid } from '../../model/bwrap/bwrap.js';
import { isRoot, type Container } from '../../model/container/container.js';
import { ERRORS } from '../../model/bwrap/errors.js';
import { PACKAGED_BWRAP_PATH } from '../../model/bwrapPath.js';
import { hostChangeFor } from '../../model/plan/hostChange.js';
import type { Obstacle } from '../../model/plan/obstacles.js';
import { versionAfterInstall } from '../../model/plan/relaxations.js';
import type { RelaxationId } from '../../model/plan/relaxation.js';
import { cannotStart, placeOf, whereClosed } from '../engine/closedGates.js';
import { relax } from '../engine/fixes.js';
import { useTitle } from '../engine/repairTitles.js';
import type { Draft, Fix, Rule, RuleContext } from '../engine/rule.js';
import { describe, ifImageIs, sentence } from '../engine/wording.js';
import { closesGates, madeBySetuid, opening, privilegedOnly } from './restrictedUserns.js';

/**
 * What a setuid rule does. Some hosts let only a bubblewrap that holds SYS_ADMIN set the sandbox up: root with that capability, or a
 * setuid bubblewrap with its six (docs/how-it-works.md). The four rules differ in what keeps the container's from being one. They
 * speak of hosts that decide; of the others ubuntu-userns does.
 * @param cause a clause: what keeps it from being one
 */
export function setuidRule(fault: SetuidFault, cause: (container: Container) => string): Pick<Rule, 'check' | 'fixes'> {
  return {
    check(context) {
      if (setuidFault(context.container) !== fault) return [];
      const why = `${sentence(cause(context.container))}.`;
      return [
        ...needed(context, fault, why),
        ...(fault === 'missing' ? [] : [...harmful(context, why), ...useless(context, fault, why)]),
      ];
    },
    fixes: (context, { subject, remedy = [] }) =>
      subject !== undefined ? lessFixes(context, subject) : privilegedFixes(context, remedy),
  };
}

/** That setuid is to no purpose, or breaks what works without. */
const USELESS = 'useless';

/** That setuid keeps a profile of the host from attaching. */
const HARMFUL = 'harmful';

/** What is the matter with setuid in this container; undefined where it works or cannot be known. */
type SetuidFault = 'missing' | 'inert' | 'refused' | 'without-capabilities';

/** What keeps the bit from being of use, as the end of a headline. */
const FAULTS: Readonly<Record<Exclude<SetuidFault, 'missing'>, string>> = {
  inert: 'no-new-privileges disables it',
  refused: 'this bubblewrap refuses it',
  'without-capabilities': 'capabilities are missing',
};

/** The fault of the container's bubblewrap as a setuid one. For root, setuid is nothing: what can be missing is SYS_ADMIN. */
function setuidFault(container: Container): SetuidFault | undefined {
  const { bwrap, noNewPrivileges } = container;
  if (isRoot(container) === true) return 'missing';
  if (bwrap.presence.value === 'absent' || bwrap.setuid.value === false) return 'missing';
  if (bwrap.setuid.value === true && noNewPrivileges.value === true) return 'inert';
  if (setuidWorks(container) !== false) return undefined;
  // Whatever the image is: neither root nor a setuid bubblewrap would have the powers.
  if (setuidTakesEffect(container) !== true) return 'missing';
  return supportsSetuid(bwrap.version.value) === false ? 'refused' : 'without-capabilities';
}

/** For hosts that need a privileged bubblewrap, where this fault is what keeps it from being one. */
function needed(context: RuleContext, fault: SetuidFault, cause: string): readonly Draft[] {
  const { bwrap, noNewPrivileges } = context.container;
  const obstacles = privilegedOnly(context);
  if (obstacles.length === 0) return [];
  // What opens these opens them to a setuid bubblewrap, which then passes on the others as well.
  const harmed = madeBySetuid(context);
  return whereClosed(context, [...obstacles, ...harmed], (closed) => {
    const ids = opening(context, closed);
    return {
      headline: cannotStart(context, closed, 'the host restricts user namespaces'),
      details: [
        ...(ids.length > 0 ? advice(context, ids, closed.first) : hostRemedy(context.container, closed.first)),
        ...(harmed.length > 0 ? ['Ubuntu 25.04 and later need bubblewrap without setuid.'] : []),
        cause,
      ],
      place: placeOf(context, ...(fault === 'missing' ? [] : [bwrap.setuid]), bwrap.presence),
      related: noNewPrivileges.places.map((place) => ({ place, message: 'no-new-privileges disables setuid.' })),
      remedy: ids,
    };
  });
}

/** A change of the host gives away far less than what helps in the container, so it comes first. */
function advice({ container, request }: RuleContext, ids: readonly RelaxationId[], at: Obstacle): readonly string[] {
  const change = hostChangeFor(at.host, at.gate, at.error, container);
  const condition = ids.includes('bwrap-setuid') ? ifImageIs(container) : '';
  const what = ids.includes('apparmor-runc')
    ? 'apparmor=runc, a profile of AppArmor 4'
    : `${describe(ids, request)}, which is far more`;
  return [
    ...(change ? [`On the host: ${change.summary}.`] : []),
    sentence(`${condition}${change ? 'or use' : 'use'} ${what}.`),
    ...(ids.includes('apparmor-runc') ? ['Hosts with AppArmor 3 then refuse to start the container.'] : []),
  ];
}

/** Where no plan is known: whether the image is at fault shows only the version of its bubblewrap. */
function hostRemedy(container: Container, { host, gate, error }: Obstacle): readonly string[] {
  const version = versionAfterInstall(container);
  const supported = supportsSetuid(version);
  const change = hostChangeFor(host, gate, error, container);
  return [
    ...(change ? [`On the host: ${change.summary}.`] : []),
    ...(supported ? [] : ['Or use an image whose bubblewrap supports setuid (Debian 12, Ubuntu 24.04).']),
    ...(supported === false
      ? [`${sentence(`${ifImageIs(container)}bubblewrap ${version ?? ''} refuses setuid`)}.`]
      : ['No edit of these files is known to help.', ...whyUnknown(container)]),
  ];
}

function whyUnknown({ user, distro, bwrap }: Container): readonly string[] {
  const version = bwrap.presence.value === 'present' ? bwrap.version.why : distro.why;
  const why = user.value === undefined ? user.why : version;
  return why === undefined ? [] : [`Reason: ${why}.`];
}

/** Never preferred: what it gives root is to be chosen by its name. */
function privilegedFixes(context: RuleContext, ids: readonly RelaxationId[]): readonly Fix[] {
  const price = ids.includes('cap-SYS_ADMIN') ? ' (adds SYS_ADMIN)' : '';
  const title = ids.includes('bwrap-setuid')
    ? `Use a setuid bubblewrap${price}`
    : useTitle(ids, context.request, `Give bubblewrap root's power${price}`);
  return relax(context, title, ids, false);
}

/** Where the setuid bit keeps the sandbox from starting. */
function harmful(context: RuleContext, cause: string): readonly Draft[] {
  if (privilegedOnly(context).length > 0) return [];
  const { agent, container } = context;
  const remedy = closesGates(context, ['bwrap-not-setuid'])
    ? `Replace it with the bubblewrap that comes with ${agent.name}, then rebuild the container.`
    : withoutBit(container);
  return whereClosed(context, madeBySetuid(context), (closed) => ({
    headline: cannotStart(context, closed, 'bubblewrap is setuid'),
    details: [
      remedy,
      `The AppArmor profile of these hosts is for a plain ${PACKAGED_BWRAP_PATH}. ${agent.name} starts its own instead.`,
      cause,
    ],
    place: placeOf(context, container.bwrap.setuid, container.bwrap.presence),
    subject: HARMFUL,
  }));
}

/** What to do, whether an edit can do it or not: a script may set the bit, or an image. */
function withoutBit({ bwrap }: Container): string {
  return bwrap.setuid.places.length > 0
    ? 'Delete the command that sets the setuid bit, then rebuild the container.'
    : 'Use an image whose bubblewrap is not setuid, then rebuild the container.';
}

/** Where bubblewrap is setuid to no purpose on any host that decides, or breaks what works without. */
function useless(context: RuleContext, fault: Exclude<SetuidFault, 'missing'>, cause: string): readonly Draft[] {
  const { agent, container, hosts, obstacles, request } = context;
  const place = placeOf(context, container.bwrap.setuid, container.bwrap.presence);
  const remedy = withoutBit(container);
  const broken = obstacles.filter((o) => o.gate === 'bwrap-privileges' && o.error !== ERRORS.ambientCapabilities);
  if (broken.length > 0) {
    return whereClosed(context, broken, (closed) => ({
      headline: cannotStart(context, closed, `bubblewrap is setuid, and ${FAULTS[fault]}`),
      details: [remedy, cause, `${agent.name} ${request.version} starts it all the same.`],
      place,
      subject: USELESS,
    }));
  }
  if (privilegedOnly(context).length > 0 || madeBySetuid(context).length > 0) return [];
  return [
    {
      severity: 'info',
      headline: `The setuid bit of bubblewrap has no effect: ${FAULTS[fault]}`,
      details: [remedy, cause, 'It leaves a program in the image that runs as root.'],
      place,
      hosts: hosts.map((h) => h.name),
      subject: USELESS,
    },
  ];
}

function lessFixes(context: RuleContext, subject: string): readonly Fix[] {
  const { name } = context.agent;
  return [
    ...harmless(context, 'Remove the setuid bit from bubblewrap', 'bwrap-not-setuid'),
    ...(subject === HARMFUL
      ? harmless(context, `Copy the bubblewrap of ${name} to ${PACKAGED_BWRAP_PATH}`, 'bwrap-copied')
      : harmless(context, `Remove bubblewrap, so that ${name} uses its own`, 'bwrap-removed')),
  ];
}

/** Taking setuid away from a 0.12 makes Codex choose it, and /proc then stops it: such a fix is not offered. */
function harmless(context: RuleContext, title: string, id: RelaxationId): readonly Fix[] {
  return closesGates(context, [id]) ? [] : relax(context, title, [id], true);
}
