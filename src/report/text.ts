import { requestName } from '../model/agent/request.js';
import { SEVERITIES, type Severity } from '../rules/engine/rule.js';
import { findingText, type FindingOptions } from './findingText.js';
import { grouped, worstFirst, type Shown } from './groups.js';
import { harmless, type Paint } from './terminal.js';
import { verdictLine, verdictText } from './verdict.js';
import { WIDTH_OF_LOGS, wrapped } from './wrap.js';

export type { Shown } from './groups.js';

/** How a report for people is made; everything has a default. */
export interface TextOptions extends Partial<FindingOptions> {
  /** Shows each configuration by itself, also those of which the reader would read the same. */
  readonly all?: boolean;
}

/** How many configurations of equal findings are named. */
const MOST_NAMED = 3;

/**
 * The report for people: for each configuration a heading, the verdict in one line, the table by host, and the findings as
 * `file:line:column: severity: headline [rule]` (counted from 1, so that problem matchers read them) with their details below; a
 * summary. Configurations with equal verdicts and findings are shown once, with the places of the first.
 */
export function checkText(configurations: readonly Shown[], paint: Paint, options: TextOptions = {}): string {
  const { width = WIDTH_OF_LOGS, verbose = false, fixes = true, all = false } = options;
  const groups = all ? configurations.map((one) => [one] as const) : grouped(configurations);
  const sections = groups.map((group) => section(group, paint, { width, verbose, fixes }));
  return `${[...sections, summary(configurations)].join('\n\n')}\n`;
}

function section(group: readonly [Shown, ...Shown[]], paint: Paint, given: FindingOptions): string {
  const options = { ...given, brief: isMany(group) };
  const [{ judgement, shown }] = group;
  const { request } = judgement;
  const version = `${harmless(requestName(request))}${judgement.versionIsAssumed ? ' (assumed)' : ''}`;
  const subject = `for ${version}, ${request.network} network`;
  const findings = worstFirst(judgement);
  return [
    [
      ...heading(group, paint, options.width),
      ...wrapped(verdictLine(judgement, paint), options.width, '  '),
      `  ${paint('dim', subject)}`,
    ].join('\n'),
    verdictText(judgement, paint, options),
    ...findings.map((finding) => findingText(finding, judgement, shown, paint, options).join('\n')),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

/** Whether only some of these configurations are named: so many are shown in brief. */
function isMany(group: readonly Shown[]): boolean {
  return group.length > MOST_NAMED + 1;
}

/** The names of the configurations of a section. */
function heading(group: readonly Shown[], paint: Paint, width: number): readonly string[] {
  const names = group.map(({ judgement, shown }) => harmless(shown(judgement.configuration.file)));
  if (names.length === 1) return names.map((name) => paint('bold', name));
  const named = isMany(group) ? names.slice(0, MOST_NAMED) : names;
  return [
    `${paint('bold', `${names.length} configurations`)} with the same verdict and findings, shown for the first:`,
    ...(isMany(group)
      ? wrapped(`${named.join(', ')} and ${names.length - named.length} more (--all shows each)`, width, '    ')
      : named.map((name) => `    ${paint('bold', name)}`)),
  ];
}

/** `1 warning`, `2 warnings`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** By the word that the line of a finding has; "info" has no plural. */
function counted(number: number, severity: Severity): string {
  return severity === 'info' ? `${number} info` : count(number, severity);
}

function summary(configurations: readonly Shown[]): string {
  const severities = configurations.flatMap(({ judgement }) => judgement.findings.map(({ severity }) => severity));
  const counts = SEVERITIES.toReversed()
    .map((severity) => ({ severity, number: severities.filter((s) => s === severity).length }))
    .filter(({ number }) => number > 0)
    .map(({ severity, number }) => counted(number, severity));
  const suppressed = configurations.reduce((sum, { judgement }) => sum + judgement.suppressed.length, 0);
  const found = counts.length > 0 ? counts.join(', ') : 'no findings';
  const ignored = suppressed === 0 ? '' : ` (${suppressed} ignored by comments)`;
  return `${count(configurations.length, 'configuration')}: ${found}${ignored}.`;
}
