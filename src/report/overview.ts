import { requestName } from '../model/agent/request.js';
import { displayNames } from '../model/host.js';
import { list } from '../model/wordList.js';
import { probeReport } from '../probe/text.js';
import type { Observation } from '../probe/observation.js';
import type { Finding, Fix } from '../rules/engine/rule.js';
import { sentence } from '../rules/engine/wording.js';
import type { Judgement } from '../rules/judge.js';
import { ubuntuUserns } from '../rules/ubuntuUserns.js';
import { changesAndCosts } from './changesAndCosts.js';
import { literal, fenced } from './markdown.js';
import { stopClause, stoppedBy } from './stopped.js';
import { LEGEND, STEP_NAMES, stepRows } from './steps.js';
import { verdictLine } from './verdict.js';

/** A configuration in the overview. */
export interface Surveyed {
  readonly judgement: Judgement;
  /** What people call the configuration. */
  readonly title: string;
  /** What was measured last in its container. */
  readonly measured: Observation | undefined;
}

/** The whole picture of configurations as Markdown: each host and step, the fix with its costs, the findings, the last measurement. */
export function overview(configurations: readonly Surveyed[]): string {
  const sections = configurations.flatMap((one) => [`## ${literal(one.title)}`, ...section(one)]);
  return ['# Codex sandbox report', ...(sections.length > 0 ? sections : ['No dev container configuration was found.'])]
    .join('\n\n')
    .concat('\n');
}

function section({ judgement, measured }: Surveyed): readonly string[] {
  const { request, versionIsAssumed } = judgement;
  const assumed = versionIsAssumed ? ' (assumed)' : '';
  return [
    `**${literal(sentence(verdictLine(judgement)))}**`,
    `Predicted for ${literal(requestName(request))}${assumed} with ${request.network} network.`,
    table(judgement),
    LEGEND,
    '### Fix',
    ...fixes(judgement),
    ...(judgement.findings.length === 0 ? [] : ['### Findings', judgement.findings.map(findingLine).join('\n')]),
    '### Last measurement',
    measured ? fenced(probeReport(measured)) : 'Nothing was measured yet. Run the probe in the dev container.',
  ];
}

function table(judgement: Judgement): string {
  const hosts = judgement.predictions.map(({ host }) => displayNames([host]).join(''));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(['Step', ...hosts.map(literal)]),
    line(['---', ...hosts.map(() => ':-:')]),
    ...stepRows(judgement).map(({ gate, marks }) => line([literal(STEP_NAMES[gate]), ...marks])),
  ].join('\n');
}

function fixes(judgement: Judgement): readonly string[] {
  const repairs = judgement.repairs();
  const all = [...repairs.fixes(), ...repairs.onRequest.fixes()];
  if (all.length === 0) {
    const why = judgement.whyNotRepairable();
    const stop = judgement.hosts.map(({ name }) => stoppedBy(judgement, name)).find((found) => found !== undefined);
    if (stop) return [`Correct this first: ${literal(stopClause(stop, 'with cause'))}.`];
    const failing = judgement.predictions.flatMap(({ host, outcome }) => (outcome === 'fails' ? [host] : []));
    const areDeciding = failing.some((host) => !judgement.advisory.includes(host));
    if (!areDeciding) return ['Nothing needs to change.', ...(failing.length === 0 ? [] : [oneMoreStep(failing)])];
    return [why === undefined ? 'No change of these files helps.' : `These files cannot be changed: ${literal(why)}.`];
  }
  return all.map((fix) => [`**${literal(fix.title)}**`, '', ...priced(judgement, fix)].join('\n'));
}

/** What hosts need for which nothing here has to change. */
function oneMoreStep(hosts: readonly string[]): string {
  return literal(`${list(displayNames(hosts))} hosts need one more step: see the rule ${ubuntuUserns.id}.`);
}

/** What a fix does and costs, a line each. */
function priced({ request }: Judgement, fix: Fix): readonly string[] {
  const { hosts = [] } = fix;
  const { changes, costs } = changesAndCosts(fix, request);
  const lines = [
    ...changes,
    ...costs.map((thing) => `Costs: ${thing}`),
    ...(hosts.length === 0 ? [] : [`Hosts: ${displayNames(hosts).join(', ')}`]),
  ];
  return lines.map((text) => `- ${literal(text)}`);
}

function findingLine({ headline, place, rule, severity }: Finding): string {
  return `- ${severity}: ${literal(headline)} (${literal(place.file)}, line ${place.range.start.line + 1}, \`${rule}\`)`;
}
