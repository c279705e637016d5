import { compareEach, confirms, failedForWorkspace } from '../probe/compare.js';
import { differenceAt } from '../probe/difference.js';
import type { Observation } from '../probe/observation.js';
import { differenceOf } from '../probe/together.js';
import type { Judgement } from '../rules/judge.js';
import type { Finding, Severity } from '../rules/engine/rule.js';

/** What the probe measured in the container of a workspace folder, and what its files said at that time. */
export interface Measurement {
  readonly observation: Observation;
  /** By configuration and file, the texts at the time of the measurement. */
  readonly texts: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** The configuration that the container was made from, where it is known. */
  readonly configuration: string | undefined;
  /** The configurations that had changed already since the container was made. */
  readonly outdated: ReadonlySet<string>;
}

/** What is said in the place of a finding, or on a configuration's first line. */
export interface Statement {
  readonly message: string;
  readonly severity: Severity;
}

/** What a measurement adds to what was predicted. */
export interface Explained {
  /** Findings that say something else now: confirmed, or not seen here. */
  readonly statements: ReadonlyMap<Finding, Statement>;
  /** What was seen and no finding predicted, for the first line of a configuration. */
  readonly unpredicted: { readonly judgement: Judgement; readonly statement: Statement } | undefined;
}

/**
 * Takes down what was measured, with the state of the files.
 * @param judgements as they were when the measurement began
 */
export function takeDown(
  observation: Observation,
  judgements: readonly Judgement[],
  configuration?: string,
  outdated: Measurement['outdated'] = new Set(),
): Measurement {
  return {
    observation,
    texts: new Map(judgements.map((judgement) => [judgement.configuration.file, judgement.configuration.texts])),
    configuration,
    outdated,
  };
}

/**
 * Holds the measurement against the findings. A failure belongs to the finding of its gate, in the first configuration that has
 * one where it is not known which one made the container; where none has, to the first line. Where the sandbox works, each
 * finding of a gate says why it was not seen.
 */
export function explain(judgements: readonly Judgement[], measurement: Measurement): Explained {
  const { observation, configuration } = measurement;
  const own = judgements.filter((judgement) => judgement.configuration.file === configuration);
  const candidates = own.length > 0 ? own : judgements;
  if (observation.outcome === 'works') return { statements: notSeen(candidates, measurement), unpredicted: undefined };
  const [first] = candidates;
  if (observation.outcome === 'unknown' || !first) return { statements: new Map(), unpredicted: undefined };
  const explains = ({ gate }: Finding): boolean => gate !== undefined && confirms(observation, gate);
  const judgement = candidates.find((j) => j.findings.some(explains)) ?? first;
  const finding = judgement.findings.find(explains);
  const statement = failed(judgement, finding, measurement);
  return finding
    ? { statements: new Map([[finding, statement]]), unpredicted: undefined }
    : { statements: new Map(), unpredicted: { judgement, statement } };
}

function failed(judgement: Judgement, finding: Finding | undefined, measurement: Measurement): Statement {
  const { observation } = measurement;
  // What is predicted and seen is confirmed, whenever the file was saved.
  const changed = hasChanged(judgement, measurement) || (!finding && isOutdated(judgement, measurement));
  const measured = `Measured here${changed ? ' before rebuild' : ''}: ${whatWasSeen(judgement, observation)}`;
  const advice = changed
    ? 'The configuration has changed since the container was made. Rebuild the container and run the probe again.'
    : finding
      ? `Predicted and confirmed: ${finding.message}`
      : `${unforeseen(observation)} ${observation.remediation}`;
  const severity = !changed ? 'error' : (finding?.severity ?? 'info');
  return { message: `${measured} ${advice}`.trim(), severity };
}

function unforeseen(observation: Observation): string {
  return failedForWorkspace(observation)
    ? 'Whose the workspace folder is, no file tells.'
    : 'Seen but not predicted: no line of this configuration explains it.';
}

function notSeen(judgements: readonly Judgement[], measurement: Measurement): ReadonlyMap<Finding, Statement> {
  const { facts } = measurement.observation;
  const statements = judgements.flatMap((judgement) => {
    const changed = hasChanged(judgement, measurement) || isOutdated(judgement, measurement);
    const when = changed ? ' before rebuild' : '';
    return judgement.findings.flatMap((finding) => {
      const { gate, hosts } = finding;
      if (gate === undefined) return [];
      const obstacle = judgement.obstacles.find((o) => o.gate === gate && hosts.includes(o.host.name));
      const difference = differenceAt(gate, obstacle?.error, facts);
      const seen = `Predicted but not seen here${when}: ${difference}, and the sandbox works.`;
      return [[finding, { message: `${finding.message} ${seen}`, severity: finding.severity }] as const];
    });
  });
  return new Map(statements);
}

/** The error that the user would see, as it was printed; else what the probe says of it. What several Codexes differ in comes first. */
function whatWasSeen({ configuration, request }: Judgement, observation: Observation): string {
  // Its error names a folder; whose it is, and who may not write there, is in the summary.
  if (failedForWorkspace(observation)) return observation.summary;
  const compared = compareEach(observation, configuration.container, request);
  const failing = compared.find(({ outcome }) => outcome === 'fails');
  const line =
    failing?.error?.split('\n').find((text) => text.trim() !== '') ?? failing?.summary ?? observation.summary;
  const lead = differenceOf(observation.codexes);
  return `${lead === undefined ? '' : `${lead}: `}${/[.!?]$/.test(line) ? line : `${line}.`}`;
}

function isOutdated({ configuration }: Judgement, { outdated }: Measurement): boolean {
  return outdated.has(configuration.file);
}

function hasChanged({ configuration }: Judgement, { texts }: Measurement): boolean {
  const before = texts.get(configuration.file);
  if (before === undefined) return true;
  const files = new Set([...before.keys(), ...configuration.texts.keys()]);
  return [...files].some((file) => before.get(file) !== configuration.texts.get(file));
}
