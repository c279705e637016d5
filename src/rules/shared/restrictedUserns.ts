import { ERRORS } from '../../model/bwrap/errors.js';
import { PACKAGED_BWRAP_PATH } from '../../model/bwrapPath.js';
import type { Host } from '../../model/host.js';
import { obstaclesOn, type Obstacle } from '../../model/plan/obstacles.js';
import { relaxation } from '../../model/plan/relaxations.js';
import type { RelaxationId } from '../../model/plan/relaxation.js';
import type { Closed } from '../engine/closedGates.js';
import { planFor } from '../engine/coverage.js';
import type { RuleContext } from '../engine/rule.js';

/** Obstacles that Ubuntu's restriction of user namespaces makes. */
function restricting({ gate, error }: Obstacle): boolean {
  return gate === 'loopback' || (gate === 'uid-map' && error !== ERRORS.uidMap);
}

/** Whether the host has a profile that lets a plain bubblewrap pass, where packages put it. */
export function hasProfile({ apparmor }: Host): boolean {
  return apparmor?.attachedTo?.includes(PACKAGED_BWRAP_PATH) === true;
}

function isAdvisory({ advisory }: RuleContext, { host }: Obstacle): boolean {
  return advisory.includes(host.name);
}

/** What the restriction alone closes on hosts that decide nothing. */
export function restrictedElsewhere(context: RuleContext): readonly Obstacle[] {
  return context.obstacles.filter((o) => restricting(o) && isAdvisory(context, o));
}

/** Obstacles on hosts that decide, which only a bubblewrap with SYS_ADMIN passes. */
export function privilegedOnly(context: RuleContext): readonly Obstacle[] {
  return context.obstacles.filter(
    (o) =>
      !isAdvisory(context, o) &&
      ((restricting(o) && !hasProfile(o.host)) ||
        (o.gate === 'userns-allowed' && o.host.anyUserns && !o.host.unprivilegedUserns)),
  );
}

/** Obstacles on hosts that decide, which a plain bubblewrap passes where packages put it: the host has a profile for that path. */
export function unprofiled(context: RuleContext): readonly Obstacle[] {
  return context.obstacles.filter((o) => !isAdvisory(context, o) && restricting(o) && hasProfile(o.host));
}

/** Those of them that the setuid bit alone makes: without it the agent takes the bubblewrap of the image, which has the profile. */
export function madeBySetuid(context: RuleContext): readonly Obstacle[] {
  const notSetuid = relaxation('bwrap-not-setuid', context.request);
  const { container, request } = context;
  if (container.bwrap.setuid.value !== true) return [];
  const plain = notSetuid.apply(container);
  return unprofiled(context).filter(({ host }) => !obstaclesOn(plain, host, request).some(restricting));
}

/** What opens the first of these gates, according to the plan for their hosts; nothing where nothing does. */
export function opening(context: RuleContext, { first, hosts: names }: Closed): readonly RelaxationId[] {
  const targets = context.hosts.filter((h) => names.includes(h.name));
  return (planFor(context, targets)?.relaxations ?? []).filter((r) => r.against.includes(first.gate)).map((r) => r.id);
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
