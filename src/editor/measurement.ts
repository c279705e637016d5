import { fitting, MAX_HEADLINE } from '../model/headline.js';
import { GATE_NAMES } from '../model/gates.js';
import { compareEach, confirms, failedForWorkspace } from '../probe/compare.js';
import { differenceAt } from '../probe/difference.js';
import type { Observation } from '../probe/observation.js';
import { differenceOf } from '../probe/together.js';
import { sentence } from '../rules/engine/wording.js';
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
  const { observation } = measurement;
  const candidates = candidatesOf(judgements, measurement);
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
  const seen = `Seen: ${whatWasSeen(judgement, observation)}`;
  if (changed) return { message: lines(`${BEFORE}: fails here`, REBUILD, seen), severity: finding?.severity ?? 'info' };
  const cause = whereItFails(finding, observation);
  const headline = fitting(MAX_HEADLINE, `Measured: fails here${cause}`, `Measured: fails${cause}`);
  const rest = finding ? [...finding.details, seen] : [observation.remediation, seen, unforeseen(observation)];
  return { message: lines(headline, ...rest), severity: 'error' };
}

const REBUILD = 'Rebuild the container and run the probe again: the configuration has changed since it was made.';

/** What a message about a container begins with whose files have changed. */
const BEFORE = 'Measured before the last change';

function lines(...all: readonly string[]): string {
  return all.filter((line) => line !== '').join('\n');
}

function whereItFails(finding: Finding | undefined, observation: Observation): string {
  if (!finding && failedForWorkspace(observation)) return ': Codex cannot write to the workspace folder';
  const gate = finding?.gate ?? observation.gate;
  return gate === null ? '' : `: ${GATE_NAMES[gate]}`;
}

function unforeseen(observation: Observation): string {
  return failedForWorkspace(observation)
    ? 'The files do not say who owns the workspace folder.'
    : 'No line of this configuration explains it.';
}

function notSeen(judgements: readonly Judgement[], measurement: Measurement): ReadonlyMap<Finding, Statement> {
  const { facts } = measurement.observation;
  const statements = judgements.flatMap((judgement) => {
    const changed = isOfAnotherState(judgement, measurement);
    return judgement.findings.flatMap((finding) => {
      const { gate, hosts } = finding;
      if (gate === undefined) return [];
      const obstacle = judgement.obstacles.find((o) => o.gate === gate && hosts.includes(o.host.name));
      const difference = sentence(`${differenceAt(gate, obstacle?.error, facts)}.`);
      const message = lines(
        `${changed ? BEFORE : 'Measured'}: works here`,
        changed ? REBUILD : '',
        difference,
        `Predicted, not seen here: ${finding.headline}`,
      );
      // What was seen to work is no error here; of a container that is gone nothing follows.
      const severity = changed || finding.severity === 'hint' ? finding.severity : 'info';
      return [[finding, { message, severity }] as const];
    });
  });
  return new Map(statements);
}

/** What was measured for each of these configurations as it is now. */
export function measuredNow(
  judgements: readonly Judgement[],
  measurement: Measurement | undefined,
): ReadonlyMap<Judgement, Observation> {
  if (!measurement) return new Map();
  return new Map(
    candidatesOf(judgements, measurement)
      .filter((judgement) => !isOfAnotherState(judgement, measurement))
      .map((judgement) => [judgement, measurement.observation] as const),
  );
}

/** The configuration that the container was made from; all where that is not known. */
function candidatesOf(judgements: readonly Judgement[], { configuration }: Measurement): readonly Judgement[] {
  const own = judgements.filter((judgement) => judgement.configuration.file === configuration);
  return own.length > 0 ? own : judgements;
}

/** Whether the files are not those of the container any more that was measured. */
function isOfAnotherState(judgement: Judgement, measurement: Measurement): boolean {
  return hasChanged(judgement, measurement) || isOutdated(judgement, measurement);
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
