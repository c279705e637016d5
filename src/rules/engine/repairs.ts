import type { Change } from '../../edits/changes/change.js';
import { changesFor } from '../../edits/relaxationChanges.js';
import type { AgentRequest } from '../../model/agent/request.js';
import { predict } from '../../model/sandbox/predict.js';
import { alternatives, type Plan, type Scope } from '../../model/plan/plan.js';
import { OPENAI_SECURE_PROFILE } from '../../model/plan/recipes.js';
import { givenAway } from '../../model/plan/relaxations.js';
import type { RelaxationId } from '../../model/plan/relaxation.js';
import { coverage, deciding, stages } from './coverage.js';
import { fixOf } from './fixes.js';
import type { Fix, RuleContext } from './rule.js';
import { tidy, type Tidied } from './tidy.js';
import { list } from '../../model/wordList.js';
import { describe, sentence } from './wording.js';

/** What repairs a whole configuration, in more than one way. Edits are made when they are asked for. */
interface Ways {
  /** Everything that is needed at once; the least first, each says for which hosts. */
  readonly fixes: () => readonly Fix[];
  /** Other ways to what the last fix does, the cheapest first, each saying what it gives away beyond it. */
  readonly otherWays: () => readonly Fix[];
}

/** The repairs that need nobody to ask for them, and those that do. */
export interface Repairs extends Ways {
  /**
   * For hosts on which the sandbox needs what is never given unasked (Relaxation.onRequest): each an action of its own, which
   * is taken only where it is chosen or such a host is named.
   */
  readonly onRequest: Ways & {
    /** The names of the hosts that only these help. */
    readonly hosts: readonly string[];
  };
}

const NO_WAYS: Ways = { fixes: () => [], otherWays: () => [] };

/** Where nothing is to be repaired, or nothing in the repository helps. */
export const NO_REPAIRS: Repairs = { ...NO_WAYS, onRequest: { ...NO_WAYS, hosts: [] } };

/**
 * "Make Codex work here": all that is needed at once, for as many target hosts as anything in the repository can help without
 * giving root more power or lifting a hardening. Where some hosts cost much more than the others, a cheaper repair for the
 * others comes first. What only such a power helps is on request.
 */
export function repairs(context: RuleContext): Repairs {
  const tidied = tidy(context);
  const last = coverage(tidied.context).plan;
  if (!last) return NO_REPAIRS;
  const planned = unaskedPlans(tidied.context, last);
  const unasked = planned.at(-1);
  const modest = coverage(tidied.context, 'unasked').plan;
  // The same changes may help hosts that decide nothing as well.
  const helped = modest && unasked && describesSame(modest, unasked) ? modest : unasked;
  const isBought = (host: Plan['hosts'][number]): boolean => !helped?.hosts.includes(host);
  const dearer = [...(modest && modest.hosts.length < last.hosts.length ? [modest] : []), last].filter(({ hosts }) =>
    hosts.some(isBought),
  );
  if (dearer.length === 0) return { ...unaskedFor(context, tidied, planned), onRequest: NO_REPAIRS.onRequest };
  return {
    ...unaskedFor(context, tidied, planned),
    onRequest: {
      hosts: last.hosts.filter(isBought).map(({ name }) => name),
      fixes: () =>
        dearer.flatMap((p) => {
          const title = askingTitle(context, p, p.hosts.filter(isBought), unasked);
          return forHosts(p, fixOf(context, title, changesOf(tidied, p), idsOf(p), false));
        }),
      otherWays: () => [...ways(context, tidied, last, 'all'), ...recipe(context, last)],
    },
  };
}

/** The least first: what the hosts that decide need, as far as nobody need ask for it. */
function unaskedPlans(context: RuleContext, last: Plan): readonly Plan[] {
  const ofDeciding = { ...context, hosts: deciding(context) };
  if (!last.relaxations.some((r) => r.onRequest)) return stages(ofDeciding);
  const { plan } = coverage(ofDeciding, 'unasked');
  return plan ? [plan] : [];
}

function describesSame(one: Plan, other: Plan): boolean {
  return idsOf(one).join() === idsOf(other).join();
}

function forHosts({ hosts }: Plan, fixes: readonly Fix[]): readonly Fix[] {
  return fixes.map((fix) => ({ ...fix, hosts: hosts.map(({ name }) => name) }));
}

/** Whether there is a repair that nobody need ask for, at a fraction of what it costs to name them all: what is on request is not planned. */
export function isRepairable(context: RuleContext): boolean {
  const tidied = tidy(context);
  const unasked = coverage({ ...tidied.context, hosts: deciding(context) }, 'unasked').plan;
  if (!unasked) return false;
  if (repair(context, tidied, unasked, undefined).length > 0) return true;
  // Where that cannot be made in these files, what is enough for fewer hosts may be.
  return unasked.relaxations.length > 0 && repairs(context).fixes().length > 0;
}

/** What would help all hosts that can be helped, whether the files can be changed so or not; undefined: nothing is known to help. */
export function changesToRepair(context: RuleContext): readonly Change[] | undefined {
  const tidied = tidy(context);
  const needed = coverage(tidied.context).plan;
  return needed && needed.relaxations.length > 0 ? changesOf(tidied, needed) : undefined;
}

/** @param planned the least first */
function unaskedFor(context: RuleContext, tidied: Tidied, planned: readonly Plan[]): Ways {
  const last = planned.at(-1);
  return {
    fixes: () => planned.flatMap((p, i) => repair(context, tidied, p, planned[i - 1])),
    otherWays: () => (last ? ways(context, tidied, last) : []),
  };
}

/** @param cheaper the plan before it */
function repair(context: RuleContext, tidied: Tidied, p: Plan, cheaper: Plan | undefined): readonly Fix[] {
  const ids = idsOf(p);
  const { name } = context.agent;
  const what = [...tidied.removed, ...(ids.length === 0 ? [] : [describe(ids, context.request)])].join('; ');
  const purpose = isSure(context, p) ? `Make ${name} work here on` : `Open what is known to stop ${name} here on`;
  const title = `${purpose} ${where(p, cheaper)}: ${what || 'what is of no use removed'}`;
  return fixOf(context, title, changesOf(tidied, p), ids, false);
}

/** Whether it makes the sandbox start: not where something in the workspace folder is in the way, which no edit changes. */
function isSure({ obstacles }: RuleContext, { certain }: Plan): boolean {
  return certain && obstacles.every(({ gate }) => gate !== 'workspace-entries');
}

/** Says first which hosts it is for and what it gives root. */
function askingTitle(context: RuleContext, p: Plan, bought: Plan['hosts'], unasked: Plan | undefined): string {
  const { agent, request } = context;
  const also = unasked ? 'also on' : 'on';
  const purpose = isSure(context, p) ? sentence(also) : `Open what is known to stop ${agent.name} ${also}`;
  const price = powers(p);
  const names = list(bought.map(({ name }) => name));
  return `${purpose} ${names}${price && ` (${price})`}: ${describe(idsOf(p), request)}`;
}

/** "adds SYS_ADMIN and a setuid bubblewrap, removes no-new-privileges" */
function powers({ relaxations }: Plan): string {
  const asked = relaxations.filter((r) => r.onRequest);
  const removes = asked.filter(({ id }) => id === 'no-new-privileges-removed');
  const runc = asked.filter(({ id }) => id === 'apparmor-runc');
  const added = asked
    .filter((r) => !removes.includes(r) && !runc.includes(r))
    .map(({ id, title }) => (id.startsWith('cap-') ? id.slice('cap-'.length) : title));
  return [
    ...(added.length === 0 ? [] : [`adds ${list(added)}`]),
    ...(removes.length === 0 ? [] : ['removes no-new-privileges']),
    ...(runc.length === 0 ? [] : ['needs AppArmor 4’s own profile runc on the host']),
  ].join(', ');
}

/** Other ways to what a repair does. None is preferred. */
function ways(context: RuleContext, tidied: Tidied, repaired: Plan, scope: Scope = 'unasked'): readonly Fix[] {
  if (!repaired.certain || repaired.cost === 0) return [];
  const { container, request } = tidied.context;
  return alternatives(container, repaired.hosts, request, undefined, { scope, targets: context.hosts }).flatMap((p) => {
    const ids = idsOf(p);
    const title = `Or, on ${where(p, undefined)}: ${describe(ids, request)}${price(ids, repaired, request)}`;
    return fixOf(context, title, changesOf(tidied, p), ids, false);
  });
}

/** The recipe that people know, where it works on all hosts of the repair and they need what it is for. */
function recipe(context: RuleContext, repaired: Plan): readonly Fix[] {
  const { container, request, configuration } = context;
  if (!idsOf(repaired).includes('bwrap-setuid') || !OPENAI_SECURE_PROFILE.applies(container, request)) return [];
  const after = OPENAI_SECURE_PROFILE.apply(container, request);
  if (!repaired.hosts.every((host) => predict(after, host, request).outcome === 'works')) return [];
  const ids = OPENAI_SECURE_PROFILE.relaxations;
  const title = `Or, on ${where(repaired, undefined)}: ${OPENAI_SECURE_PROFILE.title}, that is a setuid bubblewrap, seven capabilities, no seccomp filter and no AppArmor${price(ids, repaired, request)}`;
  return fixOf(context, title, changesFor(ids, container, request, configuration.texts), ids, false);
}

function idsOf({ relaxations }: Plan): readonly RelaxationId[] {
  return relaxations.map((r) => r.id);
}

function changesOf({ context, changes }: Tidied, p: Plan): readonly Change[] {
  return [...changesFor(idsOf(p), context.container, context.request, context.configuration.texts), ...changes];
}

/** What it gives away that the repair does not. */
function price(ids: readonly RelaxationId[], repaired: Plan, request: AgentRequest): string {
  const kept = givenAway(idsOf(repaired), request);
  const more = givenAway(ids, request).filter((thing) => !kept.includes(thing));
  return more.length === 0 ? '' : ` (which also gives away ${list(more)})`;
}

/** "a, b, also on c": a dearer plan says which hosts it buys beside those of the cheaper one. */
function where({ hosts }: Plan, cheaper: Plan | undefined): string {
  const isCheaper = (host: Plan['hosts'][number]): boolean => cheaper?.hosts.includes(host) ?? true;
  const names = (some: Plan['hosts']): string => list(some.map((h) => h.name));
  const bought = hosts.filter((host) => !isCheaper(host));
  return bought.length === 0 ? names(hosts) : `${names(hosts.filter(isCheaper))}, also on ${names(bought)}`;
}
