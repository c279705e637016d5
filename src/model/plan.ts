import type { Codex } from './codex.js';
import type { Container } from './container.js';
import { predict, type Prediction } from './gates.js';
import type { Host } from './host.js';
import { RELAXATIONS, type Relaxation } from './relaxations.js';

/** A set of relaxations under which the sandbox starts on all of the hosts. */
export interface Plan {
  readonly hosts: readonly Host[];
  /** Cheapest first; empty when nothing needs to change. */
  readonly relaxations: readonly Relaxation[];
  readonly cost: number;
  /** False where the outcome on some host stays unknown for a reason that no relaxation of the plan is about. */
  readonly certain: boolean;
}

interface Step {
  readonly set: readonly Relaxation[];
  readonly cost: number;
  readonly container: Container;
}

/**
 * The cheapest set of relaxations under which the sandbox fails on none of the hosts. Every cost is above 0, so no part of
 * the set is enough by itself. What cannot be known is left alone: a relaxation that only turns a failure into a perhaps
 * is no part of a plan.
 * @returns undefined when nothing in the repository helps
 */
export function plan(container: Container, hosts: readonly Host[], codex: Codex): Plan | undefined {
  const open: Step[] = [{ set: [], cost: 0, container }];
  const seen = new Set<string>();
  for (;;) {
    const step = takeCheapest(open);
    if (!step) return undefined;
    const predictions = hosts.map((host) => predict(step.container, host, codex));
    const gate = predictions.find((p) => p.outcome === 'fails')?.gate;
    if (gate === undefined) {
      if (predictions.some((p) => isGuess(step, p))) continue;
      const relaxations = [...step.set].sort((a, b) => a.cost - b.cost);
      return { hosts, relaxations, cost: step.cost, certain: predictions.every((p) => p.outcome === 'works') };
    }
    for (const r of RELAXATIONS) {
      if (r.neverPlanned || step.set.includes(r) || !r.against.includes(gate) || !r.applies(step.container)) continue;
      const set = [...step.set, r];
      const key = set
        .map(({ id }) => id)
        .sort()
        .join(' ');
      if (seen.has(key)) continue;
      seen.add(key);
      open.push({ set, cost: step.cost + r.cost, container: r.apply(step.container) });
    }
  }
}

/** The gate that cannot be judged is one that the set was to open. */
function isGuess({ set }: Step, { undecided }: Prediction): boolean {
  return undecided !== undefined && set.some((r) => r.against.includes(undecided));
}

function takeCheapest(open: Step[]): Step | undefined {
  const costs = open.map((step) => step.cost);
  const at = costs.indexOf(Math.min(...costs));
  return open.splice(at, 1)[0];
}
