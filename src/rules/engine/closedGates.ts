import type { Sourced } from '../../model/container/container.js';
import type { Gate } from '../../model/gates.js';
import type { Obstacle } from '../../model/plan/obstacles.js';
import { fitting, MAX_HEADLINE } from '../../model/headline.js';
import { displayNames } from '../../model/host.js';
import type { Place } from '../../model/place.js';
import { deciding } from './coverage.js';
import type { Draft, RuleContext, Severity } from './rule.js';
import { list } from '../../model/wordList.js';
import { conditionLines, errorLine, hostLine } from './wording.js';

/** The obstacles with one of these gates. */
export function at(context: RuleContext, ...gates: readonly Gate[]): readonly Obstacle[] {
  return context.obstacles.filter((o) => gates.includes(o.gate));
}

/** Obstacles of which there is at least one. */
export interface Closed {
  readonly first: Obstacle;
  readonly obstacles: readonly Obstacle[];
  /** The names of their hosts, each once, in the order of the targets. */
  readonly hosts: readonly string[];
}

/**
 * What a rule says of closed gates: their gate, their hosts and the severity follow from them, and so do the lines that say where it
 * fails and with which error. `details` is what to do. Nothing where there is none.
 */
export function whereClosed(
  context: RuleContext,
  obstacles: readonly Obstacle[],
  draft: (closed: Closed) => Omit<Draft, 'severity'>,
): readonly Draft[] {
  const [first] = obstacles;
  if (!first) return [];
  const hosts = namesOf(context, obstacles);
  const { details = [], ...rest } = draft({ first, obstacles, hosts });
  const condition = obstacles.find((obstacle) => obstacle.condition !== undefined)?.condition;
  return [
    {
      severity: severityOf(context, hosts, condition !== undefined),
      gate: first.gate,
      hosts,
      details: [
        ...details,
        hostLine('Fails', hosts),
        errorLine(obstacles, first.error),
        ...(condition === undefined ? [] : conditionLines(context.configuration, condition)),
      ],
      ...rest,
    },
  ];
}

/** "Codex cannot start on Ubuntu: CAUSE": the hosts are named where it fails on some of them only. */
export function cannotStart(context: RuleContext, { hosts }: Pick<Closed, 'hosts'>, cause: string): string {
  return startHeadline(context, 'cannot start', hosts, cause);
}

/** The same for what is certain or not, with the first of several causes that fits. */
export function startHeadline(
  { agent, hosts }: RuleContext,
  verb: 'cannot start' | 'may not start',
  names: readonly string[],
  ...causes: readonly string[]
): string {
  const some = [` on ${list(displayNames(names))}`, ' on some hosts'];
  const [first = '', ...shorter] = [...(names.length < hosts.length ? some : []), ''].flatMap((where) =>
    causes.map((cause) => `${agent.name} ${verb}${where}: ${cause}`),
  );
  return fitting(MAX_HEADLINE, first, ...shorter);
}

function namesOf(context: RuleContext, obstacles: readonly Obstacle[]): readonly string[] {
  return context.hosts.filter((h) => obstacles.some((o) => o.host.name === h.name)).map((h) => h.name);
}

/**
 * Error when it fails on every target host, warning when on some or where that only follows from an assumption, and only
 * information where none of these decides.
 */
function severityOf(context: RuleContext, hosts: readonly string[], isAssumed: boolean): Severity {
  const targets = deciding(context);
  if (!targets.some(({ name }) => hosts.includes(name))) return 'info';
  return !isAssumed && targets.every(({ name }) => hosts.includes(name)) ? 'error' : 'warning';
}

/** Where a value was set last; where it is a default, the line that says what the container is made of. */
export function placeOf(context: RuleContext, ...values: readonly Sourced<unknown>[]): Place {
  for (const value of values) {
    const place = value.places.at(-1);
    if (place) return place;
  }
  return context.container.definition.place;
}
