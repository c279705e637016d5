import { predict } from '../model/gates.js';
import { alternatives, plan, type Plan } from '../model/plan.js';
import { OPENAI_SECURE_PROFILE } from '../model/recipes.js';
import { givenAway, type RelaxationId } from '../model/relaxations.js';
import { changesFor } from '../edits/relaxationChanges.js';
import type { Change } from '../edits/change.js';
import { withRemovableBwrap } from './removableBwrap.js';
import type { Fix, RuleContext } from './rule.js';
import { describe, fixOf, list } from './support.js';
import { isRemovable, withWrittenCapabilities } from './writtenCapabilities.js';

/**
 * "Make Codex work here": all that is needed at once. Where some hosts cost much more than the others, a cheaper repair for
 * the others comes first; the last one covers as many target hosts as anything in the repository can.
 * @param inVain capabilities that are of no use: every repair takes them back where it can
 */
export function repairs(context: RuleContext, inVain: readonly string[]): readonly Fix[] {
  const vain = removable(context, inVain);
  const planned = stages(withoutVain(context, vain));
  return planned.flatMap((p, at) => {
    const ids = idsOf(p);
    const what = ids.length === 0 ? 'what is of no use removed' : describe(ids);
    const purpose = p.certain ? 'Make Codex work here on' : 'Open what is known to stop Codex here on';
    return fixOf(context, `${purpose} ${where(p, planned[at - 1])}: ${what}`, changesOf(context, p, vain), ids, false);
  });
}

/**
 * Other ways to what the last repair does, the cheapest first, each saying what it gives away that the repair does not; at the
 * end the recipe that people know, where it works on all of the hosts. None is preferred.
 */
export function otherWays(context: RuleContext, inVain: readonly string[]): readonly Fix[] {
  const vain = removable(context, inVain);
  const judged = withoutVain(context, vain);
  const repair = stages(judged).at(-1);
  if (!repair?.certain || repair.cost === 0) return [];
  const { container, codex } = judged;
  const ways = alternatives(container, repair.hosts, codex).flatMap((p) => {
    const ids = idsOf(p);
    return fixOf(
      context,
      `Or, on ${where(p, undefined)}: ${describe(ids)}${price(ids, repair)}`,
      changesOf(context, p, vain),
      ids,
      false,
    );
  });
  return [...ways, ...recipe(context, repair)];
}

function removable({ configuration }: RuleContext, capabilities: readonly string[]): readonly string[] {
  return capabilities.filter((capability) => isRemovable(capability, configuration));
}

function idsOf({ relaxations }: Plan): readonly RelaxationId[] {
  return relaxations.map((r) => r.id);
}

/** The context as a plan sees it: without capabilities that are of no use, and with those removable that an edit can remove. */
function withoutVain(context: RuleContext, vain: readonly string[]): RuleContext {
  const container = withWrittenCapabilities({ ...context, container: withRemovableBwrap(context) });
  const capAdd = container.capAdd.filter((c) => c.value === undefined || !vain.includes(c.value));
  return { ...context, container: { ...container, capAdd } };
}

function changesOf({ container, configuration }: RuleContext, p: Plan, vain: readonly string[]): readonly Change[] {
  return [
    ...changesFor(idsOf(p), container, configuration.texts),
    ...vain.map((capability): Change => ({ kind: 'remove-capability', capability })),
  ];
}

/** What it gives away that the repair does not. */
function price(ids: readonly RelaxationId[], repair: Plan): string {
  const kept = givenAway(idsOf(repair));
  const more = givenAway(ids).filter((thing) => !kept.includes(thing));
  return more.length === 0 ? '' : ` (which also gives away ${list(more)})`;
}

/** The recipe that people know, where it works on all hosts of the repair and they need what it is for. */
function recipe(context: RuleContext, repair: Plan): readonly Fix[] {
  const { container, codex, configuration } = context;
  if (!idsOf(repair).includes('bwrap-setuid') || !OPENAI_SECURE_PROFILE.applies(container)) return [];
  const after = OPENAI_SECURE_PROFILE.apply(container);
  if (!repair.hosts.every((host) => predict(after, host, codex).outcome === 'works')) return [];
  const ids = OPENAI_SECURE_PROFILE.relaxations;
  const title = `Or, on ${where(repair, undefined)}: ${OPENAI_SECURE_PROFILE.title}, that is a setuid bubblewrap, seven capabilities, no seccomp filter and no AppArmor${price(ids, repair)}`;
  return fixOf(context, title, changesFor(ids, container, configuration.texts), ids, false);
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
