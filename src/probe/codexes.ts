import { factsOf } from './facts.js';
import type { Facts, MeasuredCodex, ObservedCodex, PassedOver, Step, Verdict } from './observation.js';
import { verdictOf } from './verdict.js';

/** What media/probe.sh printed, read as far as it is the same for all. */
export interface Measurements {
  readonly values: ReadonlyMap<string, string>;
  readonly passedOver: readonly PassedOver[];
  /** Those of all Codexes, named as the script names them. */
  readonly steps: readonly Step[];
  /** The probe came to its end. */
  readonly complete: boolean;
}

/** Each Codex's own steps, whose names hold its number from the second on. */
const OWN = /^(codex|bundled)(\.\d)?-/;

/** More than media/probe.sh tries. */
const MOST_CODEXES = 9;

/** How the records of a Codex are numbered. */
function numbered(nth: number): string {
  return nth === 1 ? '' : `.${nth}`;
}

/** The steps of one Codex, under the names that they have where it is the only one. */
function stepsOf(steps: readonly Step[], number: string): readonly Step[] {
  return steps.flatMap((step) => {
    const [prefix, kind, its = ''] = OWN.exec(step.id) ?? [];
    if (prefix === undefined || kind === undefined || its !== number) return [];
    return [{ ...step, id: `${kind}-${step.id.slice(prefix.length)}` }];
  });
}

/** What is the same for all, and the steps of the first. */
export function stepsOfFirst(steps: readonly Step[]): readonly Step[] {
  return steps.filter(({ id }) => (OWN.exec(id)?.[2] ?? '') === '');
}

/** npm does not decide which Codex an extension starts; later versions bring a bubblewrap [reported, not measured]. */
function remedied({ origin }: ObservedCodex, verdict: Verdict): Verdict {
  return origin === 'extension' && verdict.gate === 'bwrap-available'
    ? { ...verdict, remediation: 'Install the bubblewrap package in the image, or update the ChatGPT extension.' }
    : verdict;
}

function measured(facts: Facts, number: string, { steps, complete }: Measurements): readonly MeasuredCodex[] {
  if (facts.codex === null) return [];
  const own = stepsOf(steps, number);
  const shared = steps.filter(({ id }) => !OWN.test(id));
  const bundledBwrap = facts.bwraps.find(({ kind }) => kind === 'bundled') ?? null;
  const verdict = verdictOf(facts, [...shared, ...own], complete);
  return [{ ...facts.codex, bundledBwrap, ...remedied(facts.codex, verdict), steps: own }];
}

/** Each Codex with its own verdict, in the order in which they were tried. */
export function codexesOf(measurements: Measurements): readonly MeasuredCodex[] {
  const { values, passedOver } = measurements;
  return Array.from({ length: MOST_CODEXES }, (_, index) => numbered(index + 1)).flatMap((number) =>
    measured(factsOf(values, passedOver, number), number, measurements),
  );
}
