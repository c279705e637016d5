import { givenAway } from '../model/plan/relaxations.js';
import type { Finding, Fix, Severity } from '../rules/engine/rule.js';
import type { Judgement } from '../rules/judge.js';
import { harmless, oneLine, type Paint, type Style } from './terminal.js';
import { wrapped } from './wrap.js';

/** How many details a remark or a hint has unless somebody wants to read all: it stops nobody. */
const MOST_DETAILS = 2;

/** How the reader is to see a file of the workspace folder: so that a click on it opens it. */
export type ShownPath = (file: string) => string;

/** How findings are shown on a terminal. */
export interface FindingOptions {
  readonly width: number;
  /** All fixes with what they change and cost, and the places that have to do with a finding. */
  readonly verbose: boolean;
  /** Says of each finding only what to do first. */
  readonly brief?: boolean;
  /** Says how findings are fixed; to know that costs more than all the rest. */
  readonly fixes: boolean;
}

const SEVERITY_STYLES: Readonly<Record<Severity, Style>> = {
  error: 'red',
  warning: 'yellow',
  info: 'blue',
  hint: 'dim',
};

/** `FILE:LINE:COLUMN`, counted from 1. */
function at(place: Finding['place'], shown: ShownPath): string {
  const { line, character } = place.range.start;
  return `${oneLine(shown(place.file))}:${line + 1}:${character + 1}`;
}

/** The line of a finding that problem matchers read: it is never wrapped. */
export function findingLine({ place, severity, headline, rule }: Finding, shown: ShownPath, paint: Paint): string {
  const level = paint(SEVERITY_STYLES[severity], severity);
  return `${at(place, shown)}: ${level}: ${oneLine(headline)} ${paint('dim', `[${rule}]`)}`;
}

/** A finding for people: the line of problem matchers, and indented below it what to do, where it fails and the fix. */
export function findingText(
  finding: Finding,
  { request, fixesOf }: Pick<Judgement, 'request' | 'fixesOf'>,
  shown: ShownPath,
  paint: Paint,
  { width, verbose, fixes, brief = false }: FindingOptions,
): readonly string[] {
  const related = verbose ? finding.related : [];
  const isRemark = finding.severity === 'info' || finding.severity === 'hint';
  const most = verbose ? Infinity : brief ? 1 : isRemark ? MOST_DETAILS : Infinity;
  const details = finding.details.slice(0, most);
  return [
    findingLine(finding, shown, paint),
    ...details.flatMap((detail) => paragraph(detail, width, '    ')),
    ...related.flatMap((r) => paragraph(`see ${at(r.place, shown)}: ${oneLine(r.message)}`, width, '    ')),
    ...(fixes ? fixesOf(finding) : [])
      .filter(({ preferred }) => verbose || preferred)
      // The recommended fix comes first, so that the reader need not look for it.
      .sort((a, b) => Number(b.preferred) - Number(a.preferred))
      .flatMap((fix) => [
        ...paragraph(fix.title, width, '    fix: ').map((line) => line.replace('fix:', paint('green', 'fix:'))),
        ...(verbose ? [...fix.details, ...price(finding, fix, request)] : [])
          .flatMap((line) => paragraph(line, width, '         '))
          .map((line) => paint('dim', line)),
      ]),
  ];
}

/** Each line of a text wrapped. */
function paragraph(text: string, width: number, indent: string): readonly string[] {
  return harmless(text)
    .split(/\r?\n/)
    .flatMap((line, i) => wrapped(line.trim(), width, i === 0 ? indent : ' '.repeat(indent.length)));
}

/** What a fix costs. One of a remark removes something: what it names is what is still given away. */
function price({ severity }: Finding, { relaxations }: Fix, request: Judgement['request']): readonly string[] {
  const things = givenAway(relaxations, request);
  if (things.length === 0) return [];
  return [`${severity === 'info' ? 'still gives away' : 'gives away'}: ${things.join('; ')}`];
}
