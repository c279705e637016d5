import { displayNames } from '../model/host.js';
import { GATE_NAMES, UNDECIDED_GATE_NAMES } from '../model/gates.js';
import { hostChangeFor, type HostChange } from '../model/plan/hostChange.js';
import { givenAway } from '../model/plan/relaxations.js';
import type { Prediction } from '../model/sandbox/predict.js';
import { list } from '../model/wordList.js';
import type { ShownPath } from '../report/findingText.js';
import { oneLine } from '../report/terminal.js';
import { stopClause, stoppedBy } from '../report/stopped.js';
import { verdictLine } from '../report/verdict.js';
import { switchedOff } from '../rules/engine/switchedOff.js';
import type { Finding } from '../rules/engine/rule.js';
import { invalidFile } from '../rules/invalidFile.js';
import type { FailOn } from './arguments.js';
import { workingHosts, type Repaired } from './repair.js';
import { counts } from './threshold.js';

/** What a person is to know about the repair of one configuration beside its diff. */
export interface RepairNotes {
  /** What is so before the repair, a clause. */
  readonly heading: string;
  /** What changes and why, what it leads to, and what is left: short lines. */
  readonly lines: readonly string[];
  /** What the administrators of hosts that are left can do; several configurations may need the same. */
  readonly hostChanges: readonly HostChange[];
  /** What they could do instead of what was added for their hosts, and at a smaller price. */
  readonly insteadOf: readonly HostChange[];
}

/** What the notes depend on beside the repair. */
export interface NoteOptions {
  /** Tells prices, other ways, and smaller changes. */
  readonly verbose: boolean;
  /** From which severity on a finding that is left decides the exit status. */
  readonly failOn: FailOn;
  /** How the reader is to see a file of the workspace folder. */
  readonly shown: ShownPath;
}

/** What a person is to know about a repair. */
export function notes(repaired: Repaired, options: NoteOptions): RepairNotes {
  const { before, after, applied } = repaired;
  const { advisory, predictions, findings } = after;
  // What hosts need that decide nothing is said once for all configurations.
  const left = switchedOff(after)
    ? []
    : predictions.filter(
        ({ host, outcome }) => (outcome !== 'works' || stoppedBy(after, host)) && !advisory.includes(host),
      );
  const open = findings.filter((finding) => finding.gate === undefined && counts(finding, options.failOn, advisory));
  const none = { hostChanges: [], insteadOf: [] };
  if (applied.length === 0 && left.length === 0 && open.length === 0) {
    return { heading: `nothing to do (${verdictLine(after)})`, lines: [], ...none };
  }
  const broken = mistake(repaired, options.shown);
  // What stops the container and is listed below explains itself.
  const isListed = ({ host }: Prediction): boolean => open.some((finding) => finding === stoppedBy(after, host));
  const isObstructed = broken !== undefined || after.whyNotRepairable() !== undefined;
  return {
    heading: verdictLine(before),
    lines: [
      ...changes(repaired, options.verbose),
      ...(applied.length === 0 ? [] : [`after these changes: ${verdictLine(after)}`]),
      ...remaining(
        left.filter((prediction) => isObstructed || !isListed(prediction)),
        repaired,
        broken,
        options.shown,
      ),
      ...leftOver(open, options.shown),
      ...(options.verbose ? alternatives(repaired) : []),
    ],
    // A host need not change for what an edit could do.
    hostChanges: [
      ...applied.flatMap(({ onHost }) => onHost ?? []),
      ...(broken === undefined ? hostChangesOf(after, (host) => left.some((p) => p.host === host)) : []),
    ],
    insteadOf: applied.some(({ relaxations }) => relaxations.includes('cap-SYS_ADMIN'))
      ? hostChangesOf(before, () => true)
      : [],
  };
}

/** The findings that stay, a line each. A line that cannot be read may be wrong in several ways, and one of them is enough. */
function leftOver(findings: readonly Finding[], shown: ShownPath): readonly string[] {
  const lines = new Map<string, string>();
  for (const { place, severity, headline, rule } of findings) {
    const where = `left: ${shown(place.file)}:${place.range.start.line + 1}: ${severity}: `;
    const line = oneLine(`${where}${headline} [${rule}]`);
    const key = rule === invalidFile.id ? where : line;
    if (!lines.has(key)) lines.set(key, line);
  }
  return [...lines.values()];
}

/** What is changed, a line each; what gives root more power says so. */
function changes({ applied, after }: Repaired, verbose: boolean): readonly string[] {
  return applied.flatMap(({ title, details, adds, removes, needsReview, relaxations }) => [
    ...(details.length === 0 ? [title] : details).map((detail) => `- ${oneLine(detail)}`),
    ...(needsReview && adds.length > 0 ? [`review this first: it adds ${list(adds)}`] : []),
    ...(needsReview && removes.length > 0 ? [`review this first: it removes ${list(removes)}`] : []),
    ...(verbose ? givenAway(relaxations, after.request).map((what) => `gives away: ${what}`) : []),
  ]);
}

/** The place of a mistake that keeps files from being edited: none is where something else could be. */
function mistake({ applied, after }: Repaired, shown: ShownPath): string | undefined {
  const found = after.findings.find(({ rule, severity }) => rule === invalidFile.id && severity === 'error');
  if (!found || applied.length > 0 || after.isRepairable()) return undefined;
  return placeText(found, shown);
}

function placeText({ place }: Finding, shown: ShownPath): string {
  return `${shown(place.file)}:${place.range.start.line + 1}`;
}

/** Why the sandbox does not work on the hosts that are left, and what keeps it from being fixed; a line for those of one reason. */
function remaining(
  left: readonly Prediction[],
  { after }: Repaired,
  broken: string | undefined,
  shown: ShownPath,
): readonly string[] {
  const refusal = broken === undefined ? after.whyNotRepairable() : undefined;
  const obstacle =
    broken === undefined
      ? refusal && `The fix cannot be written, because ${refusal}.`
      : `Nothing is changed until you correct ${broken}.`;
  const reasons = new Map<string, Prediction[]>();
  const asks = new Set<string>();
  for (const prediction of left) {
    const stop = stoppedBy(after, prediction.host);
    const ask = obstacle === undefined && !stop ? toAskFor(prediction, after) : undefined;
    if (ask !== undefined) asks.add(oneLine(ask));
    const advice = ask === undefined ? ` ${obstacle ?? helpless(prediction, after)}` : '';
    const reason = oneLine(
      stop
        ? `${stopClause(stop, 'with cause')}. ${obstacle ?? `Correct ${placeText(stop, shown)}.`}`
        : `${because(prediction)}.${advice}`,
    );
    reasons.set(reason, [...(reasons.get(reason) ?? []), prediction]);
  }
  const lines = [...reasons].map(([reason, predictions]) => {
    const names = list(displayNames(predictions.map(({ host }) => host)));
    const [first] = predictions;
    const outcome = first && stoppedBy(after, first.host) ? 'fails' : (first?.outcome ?? 'unknown');
    return `${outcome} on ${names}: ${reason}`;
  });
  return [...lines, ...asks];
}

function because({ outcome, gate, undecided, condition }: Prediction): string {
  if (outcome === 'unknown') {
    return undecided === undefined
      ? 'see `codex-sandbox-check check`'
      : `not known whether ${UNDECIDED_GATE_NAMES[undecided]}`;
  }
  return [gate === undefined ? '' : GATE_NAMES[gate], condition ?? ''].filter(Boolean).join(' ');
}

/** What would help, where somebody has to ask for it: the same for all hosts that it is for. */
function toAskFor({ host }: Prediction, after: Repaired['after']): string | undefined {
  const { hosts, fixes } = after.repairs().onRequest;
  const fix = hosts.includes(host) ? fixes().at(-1) : undefined;
  return fix && `To get "${fix.title}", add --host ${hosts.join(',')}.`;
}

function helpless({ host, outcome, gate }: Prediction, { findings }: Repaired['after']): string {
  if (outcome === 'unknown') return 'Measure it with `codex-sandbox-check probe`.';
  if (gate !== 'workspace-entries') return 'No change of these files is known to help.';
  const found = findings.find((finding) => finding.gate === gate && finding.hosts.includes(host));
  return found?.details[0] ?? 'Change the workspace folder: these files cannot fix it.';
}

/** Other ways to the same, and smaller changes that save something where fewer hosts matter. */
function alternatives({ applied, after, otherWays, smaller }: Repaired): readonly string[] {
  const given = givenAway(
    applied.flatMap(({ relaxations }) => relaxations),
    after.request,
  );
  return [
    ...otherWays.map(({ title }) => `another way: ${oneLine(title)}`),
    ...smaller.flatMap(({ fix, hosts }) => {
      const saved = given.filter((what) => !givenAway(fix.relaxations, after.request).includes(what));
      const ask = hosts.map((host) => `--host ${host}`).join(' ');
      return saved.length === 0
        ? []
        : [`If only ${list(displayNames(hosts))} matters, ${ask} keeps: ${saved.join('; ')}`];
    }),
  ];
}

/** What the administrators of hosts can do, each thing once: also about gates behind the one that is met first. */
function hostChangesOf(
  { configuration, predictions, obstacles }: Repaired['after'],
  isMeant: (host: string) => boolean,
): readonly HostChange[] {
  const working = workingHosts({ predictions });
  const found = obstacles
    .filter(({ host }) => !working.includes(host.name) && isMeant(host.name))
    .flatMap(({ host, gate, error }) => hostChangeFor(host, gate, error, configuration.container) ?? []);
  return [...new Set(found)];
}
