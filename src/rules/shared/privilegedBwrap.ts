import { setuidTakesEffect, setuidWorks, supportsSetuid } from '../../model/bwrap/bwrap.js';
import { isRoot, type Container } from '../../model/container/container.js';
import { ERRORS } from '../../model/bwrap/errors.js';
import { PACKAGED_BWRAP_PATH } from '../../model/bwrapPath.js';
import { hostChangeFor } from '../../model/plan/hostChange.js';
import { obstaclesOn, type Obstacle } from '../../model/plan/obstacles.js';
import { relaxation, versionAfterInstall } from '../../model/plan/relaxations.js';
import type { RelaxationId } from '../../model/plan/relaxation.js';
import { everyCommandFails, failure, placeOf, whereClosed, type Closed } from '../engine/closedGates.js';
import { planFor } from '../engine/coverage.js';
import { relax } from '../engine/fixes.js';
import type { Draft, Fix, Rule, RuleContext } from '../engine/rule.js';
import { list } from '../../model/wordList.js';
import { describe, ifImageIs, sentence } from '../engine/wording.js';

/**
 * What a setuid rule does. Some hosts let only a bubblewrap that holds SYS_ADMIN set the sandbox up: root with that capability, or a
 * setuid bubblewrap with its six (docs/how-it-works.md). The four rules differ in what keeps the container's from being one.
 * @param cause a clause: what keeps it from being one
 */
export function setuidRule(fault: SetuidFault, cause: (container: Container) => string): Pick<Rule, 'check' | 'fixes'> {
  return {
    check(context) {
      if (setuidFault(context.container) !== fault) return [];
      const why = cause(context.container);
      return [
        ...needed(context, fault, why),
        ...(fault === 'missing' ? [] : [...harmful(context, why), ...useless(context, why)]),
      ];
    },
    fixes: (context, { subject, remedy = [] }) =>
      subject !== undefined
        ? lessFixes(context, subject)
        : // Never preferred: what it gives root is to be chosen by its name.
          relax(
            context,
            `Give bubblewrap what this host asks for: ${describe(remedy, context.request)}`,
            remedy,
            false,
          ),
  };
}

/** That setuid is to no purpose, or breaks what works without. */
const USELESS = 'useless';

/** That setuid keeps a profile of the host from attaching. */
const HARMFUL = 'harmful';

/** What is the matter with setuid in this container; undefined where it works or cannot be known. */
type SetuidFault = 'missing' | 'inert' | 'refused' | 'without-capabilities';

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

/** Obstacles that Ubuntu's restriction of user namespaces makes. */
function restricting({ gate, error }: Obstacle): boolean {
  return gate === 'loopback' || (gate === 'uid-map' && error !== ERRORS.uidMap);
}

/** Whether the host has a profile that lets a plain bubblewrap pass, where packages put it. */
function hasProfile({ host }: Obstacle): boolean {
  return host.apparmor?.attachedTo?.includes(PACKAGED_BWRAP_PATH) === true;
}

/** Obstacles that only a bubblewrap with SYS_ADMIN passes. */
function privilegedOnly({ obstacles }: RuleContext): readonly Obstacle[] {
  return obstacles.filter(
    (o) =>
      (restricting(o) && !hasProfile(o)) ||
      (o.gate === 'userns-allowed' && o.host.anyUserns && !o.host.unprivilegedUserns),
  );
}

/** Obstacles that a plain bubblewrap passes where packages put it, because the host has a profile for that path. */
export function unprofiled({ obstacles }: RuleContext): readonly Obstacle[] {
  return obstacles.filter((o) => restricting(o) && hasProfile(o));
}

/** Those of them that the setuid bit alone makes: without it the agent takes the bubblewrap of the image, which has the profile. */
export function madeBySetuid(context: RuleContext): readonly Obstacle[] {
  const notSetuid = relaxation('bwrap-not-setuid', context.request);
  const { container, request } = context;
  if (container.bwrap.setuid.value !== true) return [];
  const plain = notSetuid.apply(container);
  return unprofiled(context).filter(({ host }) => !obstaclesOn(plain, host, request).some(restricting));
}

/** For hosts that need a privileged bubblewrap, where this fault is what keeps it from being one. */
function needed(context: RuleContext, fault: SetuidFault, cause: string): readonly Draft[] {
  const { bwrap, noNewPrivileges } = context.container;
  const obstacles = privilegedOnly(context);
  if (obstacles.length === 0) return [];
  // What opens these opens them to a setuid bubblewrap, which then passes on the others as well.
  const harmed = madeBySetuid(context);
  return whereClosed(context, [...obstacles, ...harmed], (closed) => {
    const { first } = closed;
    const hosts = closed.hosts.filter((name) => obstacles.some(({ host }) => host.name === name));
    const ids = opening(context, closed);
    return {
      headline:
        `${list(hosts)} ${hosts.length === 1 ? 'does' : 'do'} not let an unprivileged bubblewrap set the sandbox up, and ${cause}. ` +
        failure(context, closed, 'there') +
        (harmed.length > 0 ? 'Ubuntu 25.04 and later need it plain. ' : '') +
        (ids.length > 0 ? advice(context, ids, first) : hostRemedy(context.container, first)),
      place: placeOf(context, ...(fault === 'missing' ? [] : [bwrap.setuid]), bwrap.presence),
      related: noNewPrivileges.places.map((place) => ({ place, message: 'no-new-privileges makes setuid inert.' })),
      remedy: ids,
    };
  });
}

/** What opens the first of these gates, according to the plan for their hosts; nothing where nothing does. */
export function opening(context: RuleContext, { first, hosts: names }: Closed): readonly RelaxationId[] {
  const targets = context.hosts.filter((h) => names.includes(h.name));
  return (planFor(context, targets)?.relaxations ?? []).filter((r) => r.against.includes(first.gate)).map((r) => r.id);
}

/** A change of the host gives away far less than what helps in the container, so it comes first. */
function advice({ container, request }: RuleContext, ids: readonly RelaxationId[], at: Obstacle): string {
  const change = hostChangeFor(at.host, at.gate, at.error, container);
  const onHost = change ? `On the host, ${change.summary}. ` : '';
  const what = ids.includes('apparmor-runc')
    ? 'apparmor=runc, a profile of AppArmor 4: hosts with AppArmor 3 refuse to start the container'
    : describe(ids, request);
  const otherwise = change ? 'if nobody administers it, ' : '';
  const condition = (ids.includes('bwrap-setuid') ? ifImageIs(container) : '') || otherwise;
  return `${onHost}${sentence(`${condition}the sandbox needs ${what}.`)}`;
}

/** Where no plan is known: whether the image is at fault shows only the version of its bubblewrap. */
function hostRemedy(container: Container, { host, gate, error }: Obstacle): string {
  const version = versionAfterInstall(container);
  const supported = supportsSetuid(version);
  const change = hostChangeFor(host, gate, error, container);
  const remedies = [
    ...(supported ? [] : ['use a base whose bubblewrap still runs setuid (Debian 12, Ubuntu 24.04)']),
    ...(change ? [`on the host, ${change.summary}`] : []),
  ];
  const fault =
    supported === false
      ? `${ifImageIs(container)}bubblewrap ${version ?? ''} refuses setuid, so making it setuid does not help`
      : `no edit of these files is known to help${whyUnknown(container)}`;
  return [fault, remedies.join(', or, ')].flatMap((text) => (text === '' ? [] : `${sentence(text)}.`)).join(' ');
}

function whyUnknown({ user, distro, bwrap }: Container): string {
  const version = bwrap.presence.value === 'present' ? bwrap.version.why : distro.why;
  const why = user.value === undefined ? user.why : version;
  return why === undefined ? '' : `, because ${why}`;
}

/** Where the setuid bit keeps the sandbox from starting. */
function harmful(context: RuleContext, cause: string): readonly Draft[] {
  if (privilegedOnly(context).length > 0) return [];
  const { agent, container } = context;
  const remedy = closesGates(context, ['bwrap-not-setuid'])
    ? `Put the bubblewrap that comes with ${agent.name} in its place`
    : 'Take the setuid bit away';
  return whereClosed(context, madeBySetuid(context), (closed) => ({
    headline:
      `The setuid bit keeps ${agent.name} from working on Ubuntu 25.04 and later. ` +
      `These hosts have an AppArmor profile for a plain ${PACKAGED_BWRAP_PATH}. But ${cause}, so ${agent.name} starts its own, which has none. ` +
      `${failure(context, closed, 'there')}${remedy}, and rebuild the container.`,
    place: placeOf(context, container.bwrap.setuid, container.bwrap.presence),
    subject: HARMFUL,
  }));
}

/** Where bubblewrap is setuid to no purpose on any target host, or breaks what works without. */
function useless(context: RuleContext, cause: string): readonly Draft[] {
  const { agent, container, hosts, obstacles, request } = context;
  const draft = (consequence: string): Omit<Draft, 'severity'> => ({
    headline: `bubblewrap is setuid here, but ${cause}. ${consequence} Take the setuid bit away, and rebuild the container.`,
    place: placeOf(context, container.bwrap.setuid, container.bwrap.presence),
    subject: USELESS,
  });
  const broken = obstacles.filter((o) => o.gate === 'bwrap-privileges' && o.error !== ERRORS.ambientCapabilities);
  if (broken.length > 0) {
    return whereClosed(context, broken, (closed) =>
      draft(
        `${agent.name} ${request.version} takes it all the same: ${everyCommandFails(context, closed, { who: 'it' }).trimEnd()}`,
      ),
    );
  }
  if (privilegedOnly(context).length > 0 || madeBySetuid(context).length > 0) return [];
  const nothing = 'It brings nothing on your target hosts and leaves a setuid program in the image.';
  return [{ ...draft(nothing), severity: 'info', hosts: hosts.map((h) => h.name) }];
}

function lessFixes(context: RuleContext, subject: string): readonly Fix[] {
  const { name } = context.agent;
  return [
    ...harmless(context, 'Install bubblewrap without setuid', 'bwrap-not-setuid'),
    ...(subject === HARMFUL
      ? harmless(context, `Copy the bubblewrap that comes with ${name} to ${PACKAGED_BWRAP_PATH}`, 'bwrap-copied')
      : harmless(context, `Leave bubblewrap to ${name}: do not install the distribution’s`, 'bwrap-removed')),
  ];
}

/** Taking setuid away from a 0.12 makes Codex choose it, and /proc then stops it: such a fix is not offered. */
function harmless(context: RuleContext, title: string, id: RelaxationId): readonly Fix[] {
  return closesGates(context, [id]) ? [] : relax(context, title, [id], true);
}

/** Whether on some target host a gate is closed after these relaxations that is open without. */
export function closesGates(
  { container, hosts, obstacles, request }: RuleContext,
  ids: readonly RelaxationId[],
): boolean {
  const after = ids.reduce((c, id) => relaxation(id, request).apply(c), container);
  return hosts.some((host) => {
    const before = obstacles.filter((o) => o.host === host).map((o) => o.gate);
    return obstaclesOn(after, host, request).some((o) => !before.includes(o.gate));
  });
}
