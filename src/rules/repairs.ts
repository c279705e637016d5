import type { AgentRequest } from '../model/agent/request.js';
import { predict } from '../model/sandbox/predict.js';
import type { Host } from '../model/host.js';
import { alternatives, plan, type Plan, type Scope } from '../model/plan/plan.js';
import { OPENAI_SECURE_PROFILE } from '../model/plan/recipes.js';
import type { RelaxationId } from '../model/plan/relaxation.js';
import { givenAway } from '../model/plan/relaxations.js';
import { changesFor } from '../edits/relaxationChanges.js';
import type { Change } from '../edits/change.js';
import { withRemovableBwrap } from './removableBwrap.js';
import type { Fix, RuleContext } from './rule.js';
import { describe, fixOf, list, sentence } from './support.js';
import { masked, removableSystemPaths } from './systempathsAsRoot.js';
import { isRemovable, withWrittenCapabilities } from './writtenCapabilities.js';

/** What repairs a whole configuration. */
export interface Repairs {
  /** Everything that is needed at once; the least first, each says for which hosts. */
  readonly repairs: readonly Fix[];
  /** Other ways to what the last repair does, the cheapest first, each saying what it gives away beyond it. */
  readonly otherWays: readonly Fix[];
}

/** The repairs that need nobody to ask for them, and those that do. */
export interface AllRepairs extends Repairs {
  /**
   * For hosts on which the sandbox needs what is never given unasked (Relaxation.onRequest): each an action of its own, which
   * is taken only where it is chosen or such a host is named.
   */
  readonly onRequest: Repairs & {
    /** The names of the hosts that only these help. */
    readonly hosts: readonly string[];
  };
}

/** Where nothing is to be repaired, or nothing in the repository helps. */
export const NO_REPAIRS: AllRepairs = {
  repairs: [],
  otherWays: [],
  onRequest: { repairs: [], otherWays: [], hosts: [] },
};

/**
 * "Make Codex work here": all that is needed at once, for as many target hosts as anything in the repository can help without
 * giving root more power or lifting a hardening. Where some hosts cost much more than the others, a cheaper repair for the
 * others comes first. What only such a power helps is on request.
 * @param inVain capabilities that are of no use: every repair takes them back where it can
 */
export function repairs(context: RuleContext, inVain: readonly string[]): AllRepairs {
  const tidied = tidy(context, removable(context, inVain));
  const planned = stages(tidied.context);
  const last = planned.at(-1);
  if (!last) return NO_REPAIRS;
  if (!last.relaxations.some((r) => r.onRequest)) {
    return { ...NO_REPAIRS, repairs: offered(context, tidied, planned), otherWays: ways(context, tidied, last) };
  }
  const unasked = coverage(tidied.context, 'unasked').plan;
  const bought = last.hosts.filter((host) => !unasked?.hosts.includes(host)).map((h) => h.name);
  return {
    repairs: unasked ? offered(context, tidied, [unasked]) : [],
    otherWays: unasked ? ways(context, tidied, unasked) : [],
    onRequest: {
      hosts: bought,
      repairs: fixOf(
        context,
        askingTitle(context.request, last, bought, unasked),
        changesOf(tidied, last),
        idsOf(last),
        false,
      ),
      otherWays: [...ways(context, tidied, last, 'all'), ...recipe(context, last)],
    },
  };
}

function offered(context: RuleContext, tidied: Tidied, planned: readonly Plan[]): readonly Fix[] {
  return planned.flatMap((p, at) => {
    const ids = idsOf(p);
    const what = [...tidied.removed, ...(ids.length === 0 ? [] : [describe(ids, context.request)])].join('; ');
    const purpose = p.certain ? 'Make Codex work here on' : 'Open what is known to stop Codex here on';
    const title = `${purpose} ${where(p, planned[at - 1])}: ${what || 'what is of no use removed'}`;
    return fixOf(context, title, changesOf(tidied, p), ids, false);
  });
}

/** Says first which hosts it is for and what it gives root. */
function askingTitle(request: AgentRequest, p: Plan, bought: readonly string[], unasked: Plan | undefined): string {
  const also = unasked ? 'also on' : 'on';
  const purpose = p.certain ? sentence(also) : `Open what is known to stop Codex ${also}`;
  return `${purpose} ${list(bought)} (${powers(p)}): ${describe(idsOf(p), request)}`;
}

/** "adds SYS_ADMIN and a setuid bubblewrap, removes no-new-privileges" */
function powers({ relaxations }: Plan): string {
  const asked = relaxations.filter((r) => r.onRequest);
  const removes = asked.filter(({ id }) => id === 'no-new-privileges-removed');
  const added = asked
    .filter((r) => !removes.includes(r))
    .map(({ id, title }) => (id.startsWith('cap-') ? id.slice('cap-'.length) : title));
  return [
    ...(added.length === 0 ? [] : [`adds ${list(added)}`]),
    ...(removes.length === 0 ? [] : ['removes no-new-privileges']),
  ].join(', ');
}

/** Other ways to what a repair does. None is preferred. */
function ways(context: RuleContext, tidied: Tidied, repair: Plan, scope: Scope = 'unasked'): readonly Fix[] {
  if (!repair.certain || repair.cost === 0) return [];
  const { container, request } = tidied.context;
  return alternatives(container, repair.hosts, request, undefined, scope).flatMap((p) => {
    const ids = idsOf(p);
    const title = `Or, on ${where(p, undefined)}: ${describe(ids, request)}${price(ids, repair, request)}`;
    return fixOf(context, title, changesOf(tidied, p), ids, false);
  });
}

function removable({ configuration }: RuleContext, capabilities: readonly string[]): readonly string[] {
  return capabilities.filter((capability) => isRemovable(capability, configuration));
}

function idsOf({ relaxations }: Plan): readonly RelaxationId[] {
  return relaxations.map((r) => r.id);
}

/** What every repair does, whatever else it does. */
interface Tidied {
  /** The context as a plan is to see it: as these changes leave it, and with those things removable that an edit can remove. */
  readonly context: RuleContext;
  readonly changes: readonly Change[];
  /** What of it is worth naming, for people. */
  readonly removed: readonly string[];
}

function tidy(context: RuleContext, vain: readonly string[]): Tidied {
  const container = withWrittenCapabilities({ ...context, container: withRemovableBwrap(context) });
  const capAdd = container.capAdd.filter((c) => c.value === undefined || !vain.includes(c.value));
  const without: Tidied = {
    context: { ...context, container: { ...container, capAdd } },
    changes: vain.map((capability): Change => ({ kind: 'remove-capability', capability })),
    removed: [],
  };
  if (!canBeMasked(without.context)) return without;
  return {
    context: { ...context, container: masked(without.context.container) },
    changes: [...without.changes, { kind: 'remove-security-opt', key: 'systempaths' }],
    removed: ['systempaths=unconfined removed'],
  };
}

/** Whether systempaths=unconfined can go where it hands the host to root: no host that can be helped is lost with it. */
function canBeMasked(context: RuleContext): boolean {
  if (!removableSystemPaths(context)) return false;
  const helpedNow = coverage(context).hosts;
  const helpedThen = coverage({ ...context, container: masked(context.container) }).hosts;
  return helpedNow.every((host) => helpedThen.includes(host));
}

function changesOf({ context, changes }: Tidied, p: Plan): readonly Change[] {
  return [...changesFor(idsOf(p), context.container, context.request, context.configuration.texts), ...changes];
}

/** What it gives away that the repair does not. */
function price(ids: readonly RelaxationId[], repair: Plan, request: AgentRequest): string {
  const kept = givenAway(idsOf(repair), request);
  const more = givenAway(ids, request).filter((thing) => !kept.includes(thing));
  return more.length === 0 ? '' : ` (which also gives away ${list(more)})`;
}

/** The recipe that people know, where it works on all hosts of the repair and they need what it is for. */
function recipe(context: RuleContext, repair: Plan): readonly Fix[] {
  const { container, request, configuration } = context;
  if (!idsOf(repair).includes('bwrap-setuid') || !OPENAI_SECURE_PROFILE.applies(container, request)) return [];
  const after = OPENAI_SECURE_PROFILE.apply(container, request);
  if (!repair.hosts.every((host) => predict(after, host, request).outcome === 'works')) return [];
  const ids = OPENAI_SECURE_PROFILE.relaxations;
  const title = `Or, on ${where(repair, undefined)}: ${OPENAI_SECURE_PROFILE.title}, that is a setuid bubblewrap, seven capabilities, no seccomp filter and no AppArmor${price(ids, repair, request)}`;
  return fixOf(context, title, changesFor(ids, container, request, configuration.texts), ids, false);
}

/** "a, b, also on c": a dearer plan says which hosts it buys beside those of the cheaper one. */
function where({ hosts }: Plan, cheaper: Plan | undefined): string {
  const isCheaper = (host: Plan['hosts'][number]): boolean => cheaper?.hosts.includes(host) ?? true;
  const names = (some: Plan['hosts']): string => list(some.map((h) => h.name));
  const bought = hosts.filter((host) => !isCheaper(host));
  return bought.length === 0 ? names(hosts) : `${names(hosts.filter(isCheaper))}, also on ${names(bought)}`;
}

/** The hosts that can be helped, from the cheapest to the dearest, and what helps them all. */
interface Coverage {
  readonly hosts: readonly Host[];
  readonly costs: readonly number[];
  readonly plan: Plan | undefined;
}

function coverage(context: RuleContext, scope?: Scope): Coverage {
  const { container, request } = context;
  const helped = context.hosts
    .flatMap((host) => {
      const own = plan(container, [host], request, scope);
      return own ? [{ host, cost: own.cost }] : [];
    })
    .sort((a, b) => a.cost - b.cost);
  const hosts = helped.map((h) => h.host);
  const all = hosts.length > 0 ? plan(container, inTargetOrder(context, hosts), request, scope) : undefined;
  return { hosts, costs: helped.map((h) => h.cost), plan: all };
}

/** The plan for the hosts that cost little and the plan for all that can be helped; one where the two are the same. */
function stages(context: RuleContext): readonly Plan[] {
  const { hosts, costs, plan: all } = coverage(context);
  if (!all) return [];
  const jump = largestJump(costs);
  const cheap =
    jump > 0 ? plan(context.container, inTargetOrder(context, hosts.slice(0, jump)), context.request) : undefined;
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
