import { plan, type Plan } from '../model/plan.js';
import { changesFor } from '../edits/relaxationChanges.js';
import type { Change } from '../edits/change.js';
import type { Fix, RuleContext } from './rule.js';
import { describe, fixOf, list } from './support.js';

/**
 * "Make Codex work here": all that is needed at once. Where some hosts cost much more than the others, a cheaper repair for
 * the others comes first; the last one covers as many target hosts as anything in the repository can.
 * @param vain capabilities that are of no use: every repair takes them back
 */
export function repairs(context: RuleContext, vain: readonly string[]): readonly Fix[] {
  const container = {
    ...context.container,
    capAdd: context.container.capAdd.filter((c) => c.value === undefined || !vain.includes(c.value)),
  };
  const removals = vain.map((capability): Change => ({ kind: 'remove-capability', capability }));
  const planned = stages({ ...context, container });
  return planned.flatMap((p, at) => {
    const ids = p.relaxations.map((r) => r.id);
    const what = ids.length === 0 ? 'what is of no use removed' : describe(ids);
    const changes = [...changesFor(ids, context.container, context.configuration.texts), ...removals];
    const purpose = p.certain ? 'Make Codex work here on' : 'Open what is known to stop Codex here on';
    const title = `${purpose} ${where(p, planned[at - 1])}: ${what}`;
    return fixOf(context, title, changes, ids, false);
  });
}

/** "a, b, also on c": a dearer plan says which hosts it buys beside those of the cheaper one. */
function where({ hosts }: Plan, cheaper: Plan | undefined): string {
  const isCheaper = (host: Plan['hosts'][number]): boolean => cheaper?.hosts.includes(host) ?? true;
  const names = (some: Plan['hosts']): string => list(some.map((h) => h.name));
  const bought = hosts.filter((host) => !isCheaper(host));
  return bought.length === 0 ? names(hosts) : `${names(hosts.filter(isCheaper))}, also on ${names(bought)}`;
}

/** The plan for the hosts that cost little and the plan for all that can be helped; one where the two are the same. */
function stages(context: RuleContext): readonly Plan[] {
  const { container, hosts, codex } = context;
  const helped = hosts
    .flatMap((host) => {
      const own = plan(container, [host], codex);
      return own ? [{ host, cost: own.cost }] : [];
    })
    .sort((a, b) => a.cost - b.cost);
  const all = helped.length > 0 ? plan(container, inTargetOrder(context, helped), codex) : undefined;
  if (!all) return [];
  const jump = largestJump(helped.map((h) => h.cost));
  const cheap = jump > 0 ? plan(container, inTargetOrder(context, helped.slice(0, jump)), codex) : undefined;
  return cheap && cheap.relaxations.length > 0 && cheap.cost * 2 < all.cost ? [cheap, all] : [all];
}

function inTargetOrder(
  context: RuleContext,
  helped: readonly { readonly host: RuleContext['hosts'][number] }[],
): RuleContext['hosts'] {
  return context.hosts.filter((host) => helped.some((h) => h.host === host));
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
