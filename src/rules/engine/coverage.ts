import type { Host } from '../../model/host.js';
import { plan, type Choice, type Plan } from '../../model/plan/plan.js';
import type { RuleContext } from './rule.js';

/** The hosts that can be helped, from the cheapest to the dearest, and what helps them all. */
interface Coverage {
  readonly hosts: readonly Host[];
  readonly costs: readonly number[];
  readonly plan: Plan | undefined;
}

/** What a plan may be made of; its targets are those of the context. */
type Within = Omit<Choice, 'targets'>;

/** The plan for some of the target hosts: what keeps the container from starting on the others is no part of it. */
export function planFor(
  { container, request, hosts: targets }: RuleContext,
  hosts: readonly Host[],
  choice: Within = {},
): Plan | undefined {
  return plan(container, hosts, request, { ...choice, targets });
}

/** The target hosts that decide severities and repairs. */
export function deciding({ hosts, advisory }: Pick<RuleContext, 'hosts' | 'advisory'>): readonly Host[] {
  return hosts.filter(({ name }) => !advisory.includes(name));
}

/** Which of the hosts that decide can be helped, and how. */
export function coverage(context: RuleContext, choice: Within = {}): Coverage {
  const helped = deciding(context)
    .flatMap((host) => {
      const own = planFor(context, [host], choice);
      return own ? [{ host, cost: own.cost }] : [];
    })
    .sort((a, b) => a.cost - b.cost);
  const hosts = helped.map((h) => h.host);
  const all = hosts.length > 0 ? planFor(context, inTargetOrder(context, hosts), choice) : undefined;
  return { hosts, costs: helped.map((h) => h.cost), plan: all };
}

/** The plan for the hosts that cost little and the plan for all that can be helped; one where the two are the same. */
export function stages(context: RuleContext, choice: Within = {}): readonly Plan[] {
  const { hosts, costs, plan: all } = coverage(context, choice);
  if (!all) return [];
  const jump = largestJump(costs);
  const cheap = jump > 0 ? planFor(context, inTargetOrder(context, hosts.slice(0, jump)), choice) : undefined;
  return cheap && cheap.relaxations.length > 0 && cheap.cost * 2 < all.cost ? [cheap, all] : [all];
}

function inTargetOrder(context: RuleContext, some: readonly Host[]): readonly Host[] {
  return context.hosts.filter((host) => some.includes(host));
}

/** The index of the cost before which the ascending costs rise most; 0 when they do not rise. */
function largestJump(costs: readonly number[]): number {
  let at = 0;
  let most = 0;
  for (let i = 1; i < costs.length; i++) {
    const rise = (costs[i] ?? 0) - (costs[i - 1] ?? 0);
    if (rise > most) [at, most] = [i, rise];
  }
  return at;
}
