import { setuidTakesEffect, setuidWorks, supportsSetuid } from '../../model/bwrap/bwrap.js';
import { isRoot, type Container } from '../../model/container/container.js';
import { ERRORS } from '../../model/bwrap/errors.js';
import { hostChangeFor } from '../../model/plan/hostChange.js';
import { obstaclesOn, type Obstacle } from '../../model/plan/obstacles.js';
import { plan } from '../../model/plan/plan.js';
import { relaxation, versionAfterInstall } from '../../model/plan/relaxations.js';
import type { RelaxationId } from '../../model/plan/relaxation.js';
import { everyCommandFails, failure, placeOf, whereClosed, type Closed } from '../engine/closedGates.js';
import { relax } from '../engine/fixes.js';
import type { Draft, Fix, Rule, RuleContext } from '../engine/rule.js';
import { describe, ifImageIs, list, sentence } from '../engine/wording.js';

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
      return [...needed(context, fault, why), ...(fault === 'missing' ? [] : useless(context, why))];
    },
    fixes: (context, { subject, remedy = [] }) =>
      subject === USELESS
        ? lessFixes(context)
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

/** Obstacles that only a bubblewrap with SYS_ADMIN passes. */
function privilegedOnly({ obstacles }: RuleContext): readonly Obstacle[] {
  return obstacles.filter(
    ({ gate, error, host }) =>
      gate === 'loopback' ||
      (gate === 'uid-map' && error !== ERRORS.uidMap) ||
      (gate === 'userns-allowed' && host.anyUserns && !host.unprivilegedUserns),
  );
}

/** For hosts that need a privileged bubblewrap, where this fault is what keeps it from being one. */
function needed(context: RuleContext, fault: SetuidFault, cause: string): readonly Draft[] {
  const { bwrap, noNewPrivileges } = context.container;
  return whereClosed(context, privilegedOnly(context), (closed) => {
    const { first, hosts } = closed;
    const ids = opening(context, closed);
    return {
      message:
        `${list(hosts)} ${hosts.length === 1 ? 'does' : 'do'} not let an unprivileged bubblewrap set the sandbox up, and ${cause}. ` +
        failure(context, closed, 'there') +
        (ids.length > 0
          ? advice(context, ids, fault === 'missing' ? first : undefined)
          : hostRemedy(context.container, first)),
      place: placeOf(context, ...(fault === 'missing' ? [] : [bwrap.setuid]), bwrap.presence),
      related: noNewPrivileges.places.map((place) => ({ place, message: 'no-new-privileges makes setuid inert.' })),
      remedy: ids,
    };
  });
}

/** What opens the first of these gates, according to the plan for their hosts; nothing where nothing does. */
function opening({ container, hosts, request }: RuleContext, { first, hosts: names }: Closed): readonly RelaxationId[] {
  const targets = hosts.filter((h) => names.includes(h.name));
  return (plan(container, targets, request)?.relaxations ?? [])
    .filter((r) => r.against.includes(first.gate))
    .map((r) => r.id);
}

/** @param missing the obstacle where a setuid bubblewrap is missing altogether: then a change of the host is the first alternative */
function advice(
  { container, request }: RuleContext,
  ids: readonly RelaxationId[],
  missing: Obstacle | undefined,
): string {
  const change = missing && hostChangeFor(missing.host, missing.gate, missing.error);
  const otherwise = change ? ` or, on the host, ${change.summary}` : '';
  const condition = ids.includes('bwrap-setuid') ? ifImageIs(container) : '';
  return `${sentence(condition)}${condition === '' ? 'What' : 'what'} lets it pass is ${describe(ids, request)}. That is a lot: if nobody uses that host, take it out of your targets${otherwise}.`;
}

/** Where no plan is known: whether the image is at fault shows only the version of its bubblewrap. */
function hostRemedy(container: Container, { host, gate, error }: Obstacle): string {
  const version = versionAfterInstall(container);
  const supported = supportsSetuid(version);
  const change = hostChangeFor(host, gate, error);
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

/** Where bubblewrap is setuid to no purpose on any target host, or breaks what works without. */
function useless(context: RuleContext, cause: string): readonly Draft[] {
  const { agent, container, hosts, obstacles, request } = context;
  const draft = (consequence: string): Omit<Draft, 'severity'> => ({
    message: `bubblewrap is setuid here, but ${cause}. ${consequence} Take the setuid bit away, and rebuild the container.`,
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
  if (privilegedOnly(context).length > 0) return [];
  const nothing = 'It brings nothing on your target hosts and leaves a setuid program in the image.';
  return [{ ...draft(nothing), severity: 'info', hosts: hosts.map((h) => h.name) }];
}

function lessFixes(context: RuleContext): readonly Fix[] {
  const leave = `Leave bubblewrap to ${context.agent.name}: do not install the distribution’s`;
  return [
    ...harmless(context, 'Install bubblewrap without setuid', 'bwrap-not-setuid'),
    ...harmless(context, leave, 'bwrap-removed'),
  ];
}

/** Taking setuid away from a 0.12 makes Codex choose it, and /proc then stops it: such a fix is not offered. */
function harmless(context: RuleContext, title: string, id: RelaxationId): readonly Fix[] {
  const after = relaxation(id, context.request).apply(context.container);
  const worse = context.hosts.some((host) => {
    const before = context.obstacles.filter((o) => o.host === host).map((o) => o.gate);
    return obstaclesOn(after, host, context.request).some((o) => !before.includes(o.gate));
  });
  return worse ? [] : relax(context, title, [id], true);
}
