import type { AgentRequest } from '../model/agent/request.js';
import { setuidTakesEffect, setuidWorks, supportsSetuid } from '../model/bwrap/bwrap.js';
import { hasCapability, SETUID_BWRAP_CAPABILITIES } from '../model/container/capabilities.js';
import { isRoot, type Container } from '../model/container/container.js';
import { ERRORS } from '../model/bwrap/errors.js';
import { hostChangeFor } from '../model/plan/hostChange.js';
import { obstaclesOn, type Obstacle } from '../model/plan/obstacles.js';
import { plan } from '../model/plan/plan.js';
import type { RelaxationId } from '../model/plan/relaxation.js';
import { relaxation } from '../model/plan/relaxations.js';
import type { Finding, Fix, RuleContext } from './rule.js';
import { describe, hostsOf, list, once, placeOf, quote, relax, sentence, severityOf } from './support.js';

/**
 * Some hosts let only a bubblewrap that holds SYS_ADMIN set the sandbox up: root with that capability, or a setuid
 * bubblewrap with its six (sandbox-facts 3b.2). The four setuid rules share this: they differ in what stands in its way.
 */

/** What is the matter with setuid in this container; undefined where it works or cannot be known. */
export type SetuidFault = 'missing' | 'inert' | 'refused' | 'without-capabilities';

/** The fault of the container's bubblewrap as a setuid one. For root, setuid is nothing: what can be missing is SYS_ADMIN. */
export function setuidFault(container: Container): SetuidFault | undefined {
  const { bwrap, noNewPrivileges } = container;
  if (isRoot(container) === true) return 'missing';
  if (bwrap.presence.value === 'absent' || bwrap.setuid.value === false) return 'missing';
  if (bwrap.setuid.value === true && noNewPrivileges.value === true) return 'inert';
  if (setuidTakesEffect(container) !== true || setuidWorks(container) === true) return undefined;
  return supportsSetuid(bwrap.version.value) === false ? 'refused' : 'without-capabilities';
}

/** The capabilities of a setuid bubblewrap that the container lacks. */
export function lackingCapabilities(container: Container): readonly string[] {
  return SETUID_BWRAP_CAPABILITIES.filter((c) => hasCapability(container, c) === false);
}

/** Obstacles that only a bubblewrap with SYS_ADMIN passes. */
function privilegedOnly(context: RuleContext): readonly Obstacle[] {
  return context.obstacles.filter(
    ({ gate, error, host }) =>
      gate === 'loopback' ||
      (gate === 'uid-map' && error !== ERRORS.uidMap) ||
      (gate === 'userns-allowed' && host.anyUserns && !host.unprivilegedUserns),
  );
}

/** A finding for hosts that need a privileged bubblewrap, where this fault is what keeps it from being one. */
export function privilegedBwrapFindings(
  context: RuleContext,
  rule: string,
  fault: SetuidFault,
  cause: string,
): readonly Finding[] {
  const obstacles = privilegedOnly(context);
  const [first] = obstacles;
  if (!first || setuidFault(context.container) !== fault) return [];
  const hosts = hostsOf(context, obstacles);
  const { container, request } = context;
  const targets = context.hosts.filter((h) => hosts.includes(h.name));
  const ids = plan(container, targets, request)
    ?.relaxations.filter((r) => r.against.includes(first.gate))
    .map((r) => r.id);
  // Never preferred: what it gives root is to be chosen by its name.
  const fixes = ids ? relax(context, titleOf(ids, request), ids, false) : [];
  return [
    {
      rule,
      severity: severityOf(context, hosts),
      message:
        `${list(hosts)} ${hosts.length === 1 ? 'does' : 'do'} not let an unprivileged bubblewrap set the sandbox up, and ${cause}. ` +
        sentence(`${once(obstacles)}every command that Codex runs there fails with ${quote(first.error)}. `) +
        (ids && ids.length > 0 ? remedy(ids, request, fault === 'missing' ? first : undefined) : hostRemedy(first)),
      place:
        fault === 'missing'
          ? placeOf(context, container.bwrap.presence)
          : placeOf(context, container.bwrap.setuid, container.bwrap.presence),
      gate: first.gate,
      hosts,
      related: container.noNewPrivileges.places.map((place) => ({
        place,
        message: 'no-new-privileges makes setuid inert.',
      })),
      fixes,
    },
  ];
}

function titleOf(ids: readonly RelaxationId[], request: AgentRequest): string {
  return `Give bubblewrap what this host asks for: ${describe(ids, request)}`;
}

/** @param missing the obstacle where a setuid bubblewrap is missing altogether: then a change of the host is the first alternative */
function remedy(ids: readonly RelaxationId[], request: AgentRequest, missing: Obstacle | undefined): string {
  const change = missing && hostChangeFor(missing.host, missing.gate, missing.error);
  const otherwise = change ? ` or, on the host, ${change.summary}` : '';
  return `What lets it pass is ${describe(ids, request)}. That is a lot: if nobody uses that host, take it out of your targets${otherwise}.`;
}

function hostRemedy({ host, gate, error }: Obstacle): string {
  const change = hostChangeFor(host, gate, error);
  const otherwise = change ? `, or, on the host, ${change.summary}` : '';
  return `Nothing helps on this base image: take one whose bubblewrap still runs setuid (Debian 12, Ubuntu 24.04)${otherwise}.`;
}

/** A finding where bubblewrap is setuid to no purpose on any target host, or breaks what works without. */
export function uselessSetuidFindings(
  context: RuleContext,
  rule: string,
  fault: SetuidFault,
  cause: string,
): readonly Finding[] {
  const { container } = context;
  const broken = context.obstacles.filter(
    (o) => o.gate === 'bwrap-privileges' && o.error !== ERRORS.ambientCapabilities,
  );
  const [first] = broken;
  if (setuidFault(container) !== fault || (!first && privilegedOnly(context).length > 0)) return [];
  const hosts = first ? hostsOf(context, broken) : context.hosts.map((h) => h.name);
  const consequence = first
    ? `Codex ${context.request.version} takes it all the same: every command that it runs on ${list(hosts)} fails with ${quote(first.error)}. Take the setuid bit away`
    : 'It brings nothing on your target hosts and leaves a setuid program in the image. Take the setuid bit away';
  return [
    {
      rule,
      severity: first ? severityOf(context, hosts) : 'info',
      message: `bubblewrap is setuid here, but ${cause}. ${consequence}, and rebuild the container.`,
      place: placeOf(context, container.bwrap.setuid, container.bwrap.presence),
      gate: first?.gate,
      hosts,
      related: [],
      fixes: [
        ...harmless(context, 'Install bubblewrap without setuid', 'bwrap-not-setuid', true),
        ...harmless(context, 'Leave bubblewrap to Codex: do not install the distribution’s', 'bwrap-removed', false),
      ].map((fix, i) => ({ ...fix, preferred: i === 0 })),
    },
  ];
}

/** Taking setuid away from a 0.12 makes Codex choose it, and /proc then stops it: such a fix is not offered. */
function harmless(context: RuleContext, title: string, id: RelaxationId, preferred: boolean): readonly Fix[] {
  const after = relaxation(id, context.request).apply(context.container);
  const worse = context.hosts.some((host) => {
    const before = context.obstacles.filter((o) => o.host === host).map((o) => o.gate);
    return obstaclesOn(after, host, context.request).some((o) => !before.includes(o.gate));
  });
  return worse ? [] : relax(context, title, [id], preferred);
}
