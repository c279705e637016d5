import { SEVERITIES, type Finding } from '../rules/engine/rule.js';
import type { Judgement } from '../rules/judge.js';
import type { ShownPath } from './findingText.js';
import { verdictRows } from './verdict.js';

/** One configuration in a report for people. */
export interface Shown {
  readonly judgement: Judgement;
  readonly shown: ShownPath;
}

/** The findings, the worst first. */
export function worstFirst({ findings }: Pick<Judgement, 'findings'>): readonly Finding[] {
  return findings.toSorted((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
}

/**
 * Configurations of which a reader would read the same, together. Places do not count: the packages of a monorepo have the same
 * mistake on other lines.
 */
export function grouped(configurations: readonly Shown[]): readonly (readonly [Shown, ...Shown[]])[] {
  const groups = new Map<string, [Shown, ...Shown[]]>();
  for (const configuration of configurations) {
    const key = likeness(configuration.judgement);
    const group = groups.get(key);
    if (group) group.push(configuration);
    else groups.set(key, [configuration]);
  }
  return [...groups.values()];
}

function likeness(judgement: Judgement): string {
  const { request, configuration, findings, versionIsAssumed } = judgement;
  return JSON.stringify([
    request,
    versionIsAssumed,
    configuration.sandbox?.value,
    verdictRows(judgement),
    findings.map(({ rule, severity, message, gate }) => [rule, severity, message, gate]),
  ]);
}
