import type { Change } from '../../edits/changes/change.js';
import { changesFor } from '../../edits/relaxationChanges.js';
import type { Host } from '../../model/host.js';
import { alternatives, type Plan } from '../../model/plan/plan.js';
import { OPENAI_SECURE_PROFILE } from '../../model/plan/recipes.js';
import { givenAway, relaxation } from '../../model/plan/relaxations.js';
import { isOnRequest, type RelaxationId } from '../../model/plan/relaxation.js';
import { predict } from '../../model/sandbox/predict.js';
import { coverage, deciding, planFor, stages } from './coverage.js';
import { fixOf } from './fixes.js';
import { withHostChange, type HostPlan } from './hostPlans.js';
import { hostsOf, hostTitle, otherWayTitle, partialTitle, repairTitle, requestTitle } from './repairTitles.js';
import type { Fix, RuleContext } from './rule.js';
import { tidy, type Tidied } from './tidy.js';
import { areForReview, unaskedChoice } from './unasked.js';
import { sentence } from './wording.js';

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
   * For hosts that decide and on which the sandbox needs what is never given unasked (Relaxation.onRequest): each an action of its
   * own, which is taken only where it is chosen or such a host is named. What a command on the host completes comes first.
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
 * "Make Codex work here": all that is needed at once, for as many of the hosts that decide as anything in the repository can help
 * without giving root more power or lifting a hardening. Where some hosts cost much more than the others, a cheaper repair for the
 * others comes first. What only such a power helps is on request. Hosts that decide nothing get nothing that is for them alone.
 */
export function repairs(context: RuleContext): Repairs {
  const tidied = tidy(context);
  const unasked = stages(tidied.context, unaskedChoice(context));
  const last = unasked.at(-1);
  const all = coverage(tidied.context).plan;
  const prepared = withHostChange(tidied.context, deciding(context), unaskedChoice(context));
  const isBought = (host: Host): boolean => !last?.hosts.includes(host);
  const bought = all?.hosts.filter(isBought) ?? [];
  const onRequest: Repairs['onRequest'] = {
    hosts: namesOf(
      deciding(context).filter((host) => isBought(host) && [all, prepared].some((p) => p?.hosts.includes(host))),
    ),
    fixes: () => [
      ...(prepared ? afterHostChange(context, tidied, prepared, last) : []),
      ...(all && bought.length > 0
        ? asked(context, tidied, all, requestTitle(all, context, namesOf(bought), last !== undefined))
        : []),
    ],
    otherWays: () =>
      all && bought.length > 0 ? [...otherWays(context, tidied, all, 'all'), ...recipe(context, all)] : [],
  };
  return {
    fixes: () => unasked.flatMap((p) => repair(context, tidied, p).map((fix) => withOnHost(fix, p, prepared))),
    otherWays: () => (last ? otherWays(context, tidied, last, 'unasked') : []),
    onRequest: onRequest.hosts.length > 0 ? onRequest : NO_REPAIRS.onRequest,
  };
}

/** Whether there is a repair that nobody need ask for, at a fraction of what it costs to name them all: what is on request is not planned. */
export function isRepairable(context: RuleContext): boolean {
  const tidied = tidy(context);
  const unasked = coverage(tidied.context, unaskedChoice(context)).plan;
  if (!unasked) return false;
  if (repair(context, tidied, unasked).length > 0) return true;
  // Where that cannot be made in these files, what is enough for fewer hosts may be.
  return unasked.relaxations.length > 0 && repairs(context).fixes().length > 0;
}

/** What would help all hosts that decide and can be helped, whether the files can be changed so or not; undefined: nothing is known to help. */
export function changesToRepair(context: RuleContext): readonly Change[] | undefined {
  const tidied = tidy(context);
  const needed = coverage(tidied.context).plan;
  return needed && needed.relaxations.length > 0 ? changesOf(tidied, needed) : undefined;
}

function repair(context: RuleContext, tidied: Tidied, p: Plan): readonly Fix[] {
  return fixFor(context, tidied, p, ({ details, relaxations }) => {
    if (relaxations.length === 0) return 'Remove systempaths=unconfined';
    if (failsInWorkspace(context)) return partialTitle(1, 'problem');
    if (!p.certain) return partialTitle(unknownAfter(context, tidied, p), 'unknown');
    const changes = countOf({ details, relaxations }, tidied);
    const others = deciding(context).filter((host) => !p.hosts.includes(host));
    return repairTitle(context.agent.name, changes, namesOf(p.hosts), namesOf(others));
  });
}

/** Whether something in the workspace folder stops the sandbox, which no edit of these files changes. */
function failsInWorkspace({ obstacles }: RuleContext): boolean {
  return obstacles.some(({ gate }) => gate === 'workspace-entries');
}

/** What is enough for some hosts, as far as nobody has to ask for it; nothing where nothing is, or it is not known to be. */
export function repairFor(
  context: RuleContext,
  hosts: readonly Host[],
  titleOf: (changes: number) => string,
): readonly Fix[] {
  const tidied = tidy(context);
  const needed = planFor(tidied.context, hosts, unaskedChoice(context));
  if (!needed?.certain || needed.relaxations.length === 0) return [];
  return fixFor(context, tidied, needed, (fix) => titleOf(countOf(fix, tidied)));
}

function countOf({ details, relaxations }: Pick<Fix, 'details' | 'relaxations'>, tidied: Tidied): number {
  return details.length || relaxations.length + tidied.changes.length;
}

/** How many gates cannot be judged once the plan is made. */
function unknownAfter({ request }: RuleContext, tidied: Tidied, p: Plan): number {
  const after = applied(tidied, p);
  return new Set(p.hosts.flatMap((host) => predict(after, host, request).undecided ?? [])).size;
}

/** @param titleOf from the fix with what its edits come to */
function fixFor(
  context: RuleContext,
  tidied: Tidied,
  p: Plan,
  titleOf: (fix: Fix) => string,
  more: readonly string[] = [],
): readonly Fix[] {
  const ids = idsOf(p);
  return fixOf(context, '', changesOf(tidied, p), ids, false).map((fix) => {
    return {
      ...fix,
      title: titleOf(fix),
      details: [...fix.details, ...stays(context, ids), ...more],
      needsReview: areForReview(context, ids),
      hosts: helped(context, tidied, p),
    };
  });
}

/** The hosts of a plan, and those that decide nothing and that it helps as well. */
function helped({ hosts, request }: RuleContext, tidied: Tidied, p: Plan): readonly string[] {
  const after = applied(tidied, p);
  return namesOf(hosts.filter((host) => p.hosts.includes(host) || predict(after, host, request).outcome === 'works'));
}

function applied({ context }: Tidied, p: Plan): RuleContext['container'] {
  return p.relaxations.reduce((container, r) => r.apply(container), context.container);
}

/** Why bubblewrap is not removed, where that would be the smaller change. */
function stays({ container }: RuleContext, ids: readonly RelaxationId[]): readonly string[] {
  const [other] = container.otherSandboxes ?? [];
  return other && ids.includes('systempaths-unconfined')
    ? [`bubblewrap stays in the image, because ${other.value ?? 'something else'} needs it.`]
    : [];
}

/** What somebody has to ask for, with what it gives away. */
function asked(context: RuleContext, tidied: Tidied, p: Plan, title: string): readonly Fix[] {
  const ids = p.relaxations.filter((r) => isOnRequest(r, context.container)).map(({ id }) => id);
  return fixFor(context, tidied, p, () => title, [...copyRefused(context, tidied), ...pricesOf(context, ids)]);
}

/** Why the agent's own bubblewrap is not copied instead, which gives away far less. */
function copyRefused(context: RuleContext, tidied: Tidied): readonly string[] {
  const { container, request, configuration, agent } = context;
  const copy = relaxation('bwrap-copied', request);
  if (!copy.applies(container) || copy.applies(tidied.context.container)) return [];
  const why = context.refusal(changesFor(['bwrap-copied'], container, request, configuration.texts));
  return why === undefined ? [] : [`A copy of the bubblewrap of ${agent.name} is not possible: ${why}.`];
}

/** What the files need so that a command on the host is enough for the rest. */
function afterHostChange(
  context: RuleContext,
  tidied: Tidied,
  prepared: HostPlan,
  unasked: Plan | undefined,
): readonly Fix[] {
  const bought = prepared.hosts.filter((host) => !unasked?.hosts.includes(host));
  const title = hostTitle(namesOf(bought), unasked !== undefined);
  const onHost = [`On the host: ${prepared.change.summary}.`];
  return bought.length === 0 || isSame(prepared, unasked)
    ? []
    : fixFor(context, tidied, prepared, () => title, onHost).map((fix) => ({ ...fix, onHost: prepared.change }));
}

/** Says of a repair that it is all that some hosts need beside a command there. */
function withOnHost(fix: Fix, p: Plan, prepared: HostPlan | undefined): Fix {
  if (!prepared || !isSame(prepared, p)) return fix;
  const others = prepared.hosts.filter((host) => !p.hosts.includes(host));
  const line = `On ${hostsOf(namesOf(others))}, also on the host: ${prepared.change.summary}.`;
  return { ...fix, details: [...fix.details, line], onHost: prepared.change };
}

function isSame(one: Plan, other: Plan | undefined): boolean {
  return other !== undefined && idsOf(one).join() === idsOf(other).join();
}

/** Other ways to what a repair does. None is preferred. */
function otherWays(context: RuleContext, tidied: Tidied, repaired: Plan, scope: 'all' | 'unasked'): readonly Fix[] {
  if (!repaired.certain || repaired.cost === 0) return [];
  const { container, request } = tidied.context;
  const within = scope === 'all' ? {} : unaskedChoice(context);
  return alternatives(container, repaired.hosts, request, undefined, { ...within, targets: context.hosts }).flatMap(
    (p) =>
      fixFor(
        context,
        tidied,
        p,
        () => otherWayTitle(idsOf(p), idsOf(repaired), request),
        pricesOf(context, idsOf(p), repaired),
      ),
  );
}

/** The recipe that people know, where it works on all hosts of the repair and they need what it is for. */
function recipe(context: RuleContext, repaired: Plan): readonly Fix[] {
  const { container, request, configuration } = context;
  if (!idsOf(repaired).includes('bwrap-setuid') || !OPENAI_SECURE_PROFILE.applies(container, request)) return [];
  const after = OPENAI_SECURE_PROFILE.apply(container, request);
  if (!repaired.hosts.every((host) => predict(after, host, request).outcome === 'works')) return [];
  const ids = OPENAI_SECURE_PROFILE.relaxations;
  const title = `Use ${OPENAI_SECURE_PROFILE.title} instead (adds SYS_ADMIN)`;
  const changes = changesFor(ids, container, request, configuration.texts);
  return fixOf(context, title, changes, ids, false).map((fix) => ({
    ...fix,
    details: [...fix.details, ...OPENAI_SECURE_PROFILE.caveats, ...pricesOf(context, ids, repaired)],
    needsReview: true,
    hosts: namesOf(repaired.hosts),
  }));
}

function idsOf({ relaxations }: Plan): readonly RelaxationId[] {
  return relaxations.map((r) => r.id);
}

function namesOf(hosts: readonly Host[]): readonly string[] {
  return hosts.map(({ name }) => name);
}

function changesOf({ context, changes }: Tidied, p: Plan): readonly Change[] {
  return [...changesFor(idsOf(p), context.container, context.request, context.configuration.texts), ...changes];
}

/** What it gives away that the repair does not, a line each. */
function pricesOf({ request }: RuleContext, ids: readonly RelaxationId[], repaired?: Plan): readonly string[] {
  const kept = repaired ? givenAway(idsOf(repaired), request) : [];
  const more = givenAway(ids, request).filter((thing) => !kept.includes(thing));
  return more.map((thing) => `${sentence(thing)}.`);
}
