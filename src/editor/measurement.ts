import { predict } from '../model/gates.js';
import { compare, confirms, hostOf } from '../probe/compare.js';
import type { Observation } from '../probe/observation.js';
import type { Judgement } from '../rules/judge.js';
import type { Finding, Severity } from '../rules/rule.js';

/** What the probe measured in the container that a workspace folder is open in, and what its files said at that time. */
export interface Measurement {
  readonly observation: Observation;
  /** By configuration and file, the texts at the time of the measurement. */
  readonly texts: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** A failure that was measured, and where it is to be said. */
export interface Explanation {
  readonly judgement: Judgement;
  /** The finding that explains it; undefined: none does, and the configuration's first line has to serve. */
  readonly finding: Finding | undefined;
  readonly message: string;
  readonly severity: Severity;
}

/** Takes down what was measured, with the state of the files. */
export function takeDown(observation: Observation, judgements: readonly Judgement[]): Measurement {
  return {
    observation,
    texts: new Map(judgements.map(({ configuration }) => [configuration.file, configuration.texts])),
  };
}

/**
 * Finds the line that explains a failure: a finding whose gate is the measured one, in the first configuration that has
 * such a finding, since a container does not say which configuration made it. undefined: nothing failed, or there is no
 * configuration to say it in.
 */
export function explain(judgements: readonly Judgement[], measurement: Measurement): Explanation | undefined {
  const { observation } = measurement;
  const [first] = judgements;
  if (observation.outcome !== 'fails' || !first) return undefined;
  const explains = ({ gate }: Finding): boolean => gate !== undefined && confirms(observation, gate);
  const judgement = judgements.find((j) => j.findings.some(explains)) ?? first;
  const finding = judgement.findings.find(explains);
  const changed = hasChanged(judgement, measurement);
  const measured = `Measured here${changed ? ' before rebuild' : ''}: ${whatWasSeen(judgement, observation)}`;
  const advice = changed
    ? 'The configuration has changed since. Rebuild the container and run the probe again.'
    : finding
      ? `Predicted and confirmed: ${finding.message}`
      : `No line of this configuration explains it. ${observation.remediation}`;
  const severity = !changed ? 'error' : (finding?.severity ?? 'info');
  return { judgement, finding, message: `${measured} ${advice}`.trim(), severity };
}

/** The error that the user would see, as it was printed; else what the probe says of it. */
function whatWasSeen({ configuration, codex }: Judgement, observation: Observation): string {
  const prediction = predict(configuration.container, hostOf(observation.facts, observation.steps), codex);
  const { error, summary } = compare(observation, prediction);
  const line = error?.split('\n').find((text) => text.trim() !== '') ?? summary;
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

function hasChanged({ configuration }: Judgement, { texts }: Measurement): boolean {
  const before = texts.get(configuration.file);
  if (before === undefined) return true;
  const files = new Set([...before.keys(), ...configuration.texts.keys()]);
  return [...files].some((file) => before.get(file) !== configuration.texts.get(file));
}
