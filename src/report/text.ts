import { requestName } from '../model/agent/request.js';
import { givenAway } from '../model/plan/relaxations.js';
import type { Judgement } from '../rules/judge.js';
import type { Finding, Fix, Severity } from '../rules/engine/rule.js';
import { harmless, oneLine, type Paint, type Style } from './terminal.js';
import { verdictText } from './verdict.js';

/** One configuration in a report for people. */
export interface Shown {
  readonly judgement: Judgement;
  /** How the reader is to see a file of the workspace folder: so that a click on it opens it. */
  readonly shown: (file: string) => string;
}

const SEVERITY_STYLES: Readonly<Record<Severity, Style>> = {
  error: 'red',
  warning: 'yellow',
  info: 'blue',
  hint: 'dim',
};
/**
 * The report for people: for each configuration a heading, the verdict by host, the findings as
 * `file:line:column: severity: message [rule]` (counted from 1, so that problem matchers read them); a summary.
 */
export function checkText(configurations: readonly Shown[], paint: Paint): string {
  const sections = configurations.map((c) => section(c, paint));
  return `${[...sections, summary(configurations.map((c) => c.judgement))].join('\n\n')}\n`;
}

function section({ judgement, shown }: Shown, paint: Paint): string {
  const { request, configuration, findings } = judgement;
  const heading = paint('bold', harmless(shown(configuration.file)));
  const subject = `${requestName(request)} with ${request.network} network`;
  const blocks = [`${heading} (${harmless(subject)})`, verdictText(judgement, paint)];
  if (findings.length > 0) blocks.push(findings.map((f) => findingLines(f, judgement, shown, paint)).join('\n'));
  return blocks.join('\n\n');
}

function findingLines(finding: Finding, { request, fixesOf }: Judgement, shown: Shown['shown'], paint: Paint): string {
  const { place, severity, message, rule, related } = finding;
  const lines = [
    `${at(place, shown)}: ${paint(SEVERITY_STYLES[severity], severity)}: ${oneLine(message)} ${paint('dim', `[${rule}]`)}`,
    ...related.map((r) => `    see ${at(r.place, shown)}: ${oneLine(r.message)}`),
    // The preferred fix comes first, so that the reader need not look for it.
    ...[...fixesOf(finding)]
      .sort((a, b) => Number(b.preferred) - Number(a.preferred))
      .flatMap((fix) => [
        `    ${paint('green', 'fix:')} ${oneLine(fix.title)}`,
        ...price(finding, fix, request).map((line) => `         ${paint('dim', oneLine(line))}`),
      ]),
  ];
  return lines.join('\n');
}

/** What a fix costs. One of a remark takes something back: what it names is what is still given away. */
function price({ severity }: Finding, { relaxations }: Fix, request: Judgement['request']): readonly string[] {
  const things = givenAway(relaxations, request);
  if (things.length === 0) return [];
  return [`${severity === 'info' ? 'still gives away' : 'gives away'}: ${things.join('; ')}`];
}

function at(place: Finding['place'], shown: Shown['shown']): string {
  const { line, character } = place.range.start;
  return `${oneLine(shown(place.file))}:${line + 1}:${character + 1}`;
}

/** `1 warning`, `2 warnings`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

const SUMMARY_NAMES: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'remark',
  hint: 'hint',
};

function summary(judgements: readonly Judgement[]): string {
  const severities = judgements.flatMap((j) => j.findings.map((f) => f.severity));
  const counts = (['error', 'warning', 'info', 'hint'] as const)
    .map((severity) => ({ severity, number: severities.filter((s) => s === severity).length }))
    .filter(({ number }) => number > 0)
    .map(({ severity, number }) => count(number, SUMMARY_NAMES[severity]));
  const what = counts.length > 0 ? counts.join(', ') : 'no findings';
  const repairable = judgements.some((j) => j.isRepairable());
  const advice = repairable ? ' `codex-sandbox-check fix` prints the edits that repair it.' : '';
  return `${count(judgements.length, 'configuration')}: ${what}.${advice}`;
}
