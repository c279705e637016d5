import { demandsOf, type AgentRequest } from '../agent/request.js';
import type { Container } from '../container/container.js';
import { predict, type Prediction } from '../sandbox/predict.js';
import type { Host } from '../host.js';
import { isOnRequest, type Relaxation, type RelaxationId } from './relaxation.js';
import { relaxationsFor } from './relaxations.js';

/** A set of relaxations under which the sandbox starts on all of the hosts. */
export interface Plan {
  readonly hosts: readonly Host[];
  /** Cheapest first, the order in which they are applied; empty when nothing needs to change. */
  readonly relaxations: readonly Relaxation[];
  readonly cost: number;
  /** False where the outcome on some host stays unknown for a reason that no relaxation of the plan is about. */
  readonly certain: boolean;
}

/** Which relaxations may be part of a plan: all, or only those that need nobody to ask for them (Relaxation.onRequest). */
export type Scope = 'all' | 'unasked';

/** What a plan may be made of. */
export interface Choice {
  /** Default: all. */
  readonly scope?: Scope;
  /** All hosts that the container is to start on, also those that the plan is not for. Default: those. */
  readonly targets?: readonly Host[];
  /** What is left aside. Default: nothing. */
  readonly except?: readonly RelaxationId[];
}

/**
 * The cheapest set of relaxations under which the sandbox fails on none of the hosts. Every cost is above 0, so no part of
 * the set is enough by itself. What cannot be known is left alone: a relaxation that only turns a failure into a perhaps
 * is no part of a plan, but for the removal of a package where nothing else helps.
 * @returns undefined when nothing in the repository helps
 */
export function plan(
  container: Container,
  hosts: readonly Host[],
  request: AgentRequest,
  { scope = 'all', targets = hosts, except = [] }: Choice = {},
): Plan | undefined {
  const candidates = among(container, request, { scope, targets, except }, (r) => r.neverPlanned === true);
  const sure = sufficientSets(container, hosts, request, candidates).next().value;
  // Without the package that fails for sure there is what the image had before, which is not known: no sure way is better.
  if (sure || container.bwrap.beneath === undefined) return sure;
  return sufficientSets(container, hosts, request, candidates, ['bwrap-removed']).next().value;
}

/** More choices than that are no help to anybody. */
const MOST_ALTERNATIVES = 3;

/**
 * What else would do, the cheapest first: sets beside the plan of which no part is enough. Here a wider relaxation may stand
 * where a narrower one does the same, because it is known and shorter to write; `privileged` alone is never offered.
 * @returns nothing where there is no plan, or where nothing needs to change
 */
export function alternatives(
  container: Container,
  hosts: readonly Host[],
  request: AgentRequest,
  most = MOST_ALTERNATIVES,
  { scope = 'all', targets = hosts, except = [] }: Choice = {},
): readonly Plan[] {
  const found: Plan[] = [];
  const candidates = among(container, request, { scope, targets, except }, (r) => r.id === 'privileged');
  for (const each of sufficientSets(container, hosts, request, candidates)) {
    found.push(each);
    if (found.length > most) break;
  }
  return found.slice(1);
}

/** Those of a choice that are for the container, without what the use of them rules out. */
function among(
  container: Container,
  request: AgentRequest,
  { scope, targets, except }: Required<Choice>,
  isOut: (r: Relaxation) => boolean,
): readonly Relaxation[] {
  return relaxationsFor(request).filter(
    (r) =>
      (scope === 'all' || !isOnRequest(r, container)) &&
      r.isFor?.(container) !== false &&
      targets.every((host) => r.startsOn?.(host) !== false) &&
      !except.includes(r.id) &&
      !isOut(r),
  );
}

interface Step {
  readonly set: readonly Relaxation[];
  readonly cost: number;
  readonly container: Container;
}

/** Every set that is enough and of which no part is, the cheapest first, found by opening the first closed gate in every way. */
function* sufficientSets(
  container: Container,
  hosts: readonly Host[],
  request: AgentRequest,
  candidates: readonly Relaxation[],
  mayGuess: readonly RelaxationId[] = [],
): Generator<Plan, undefined> {
  // Where the kernel gives nobody a user namespace, nothing in a container helps.
  if (demandsOf(request).bwrap !== 'none' && hosts.some((host) => !host.anyUserns)) return undefined;
  const open: Step[] = [{ set: [], cost: 0, container }];
  const seen = new Set<string>();
  const enough: Step[] = [];
  const isGuessed = (set: readonly Relaxation[], prediction: Prediction): boolean =>
    isGuess(
      set.filter(({ id }) => !mayGuess.includes(id)),
      prediction,
    );
  const isEnough = (set: readonly Relaxation[]): boolean => {
    const after = applied(container, set);
    const predictions = after ? predictionsUntilFailure(after, hosts, request) : [];
    return after !== undefined && predictions.every((p) => p.gate === undefined && !isGuessed(set, p));
  };
  const consider = (set: readonly Relaxation[]): void => {
    const key = set.map(({ id }) => id).join();
    if (seen.has(key)) return;
    seen.add(key);
    const after = applied(container, set);
    if (after) open.push({ set, cost: set.reduce((sum, r) => sum + r.cost, 0), container: after });
  };
  for (let step = takeCheapest(open); step; step = takeCheapest(open)) {
    const { set, cost } = step;
    if (enough.some((found) => found.set.every((r) => set.includes(r)))) continue;
    const predictions = predictionsUntilFailure(step.container, hosts, request);
    const gate = predictions.at(-1)?.gate;
    if (gate === undefined) {
      if (predictions.some((p) => isGuessed(set, p))) continue;
      // What led to the way through a gate may be unnecessary once that way is taken.
      const parts = set.map((left) => set.filter((r) => r !== left)).filter(isEnough);
      parts.forEach(consider);
      if (parts.length > 0) continue;
      enough.push(step);
      yield { hosts, relaxations: set, cost, certain: predictions.every((p) => p.outcome === 'works') };
      continue;
    }
    for (const r of candidates) {
      if (set.includes(r) || !r.against.includes(gate)) continue;
      consider(candidates.filter((other) => other === r || set.includes(other)));
    }
  }
  return undefined;
}

/** For the hosts in turn, up to the first one on which it fails: the others need not be asked. */
function predictionsUntilFailure(
  container: Container,
  hosts: readonly Host[],
  request: AgentRequest,
): readonly Prediction[] {
  const predictions: Prediction[] = [];
  for (const host of hosts) {
    const prediction = predict(container, host, request);
    predictions.push(prediction);
    if (prediction.gate !== undefined) break;
  }
  return predictions;
}

/** undefined where one of them changes nothing by the time it is its turn: there is no such set then. */
function applied(container: Container, set: readonly Relaxation[]): Container | undefined {
  return set.reduce<Container | undefined>((c, r) => (c && r.applies(c) ? r.apply(c) : undefined), container);
}

/** The gate that cannot be judged is one that the set was to open. */
function isGuess(set: readonly Relaxation[], { undecided }: Prediction): boolean {
  return set.some((r) => r.against.some((gate) => gate === undecided));
}

function takeCheapest(open: Step[]): Step | undefined {
  const costs = open.map((step) => step.cost);
  const at = costs.indexOf(Math.min(...costs));
  return open.splice(at, 1)[0];
}
