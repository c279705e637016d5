import type { Judgement } from '../rules/judge.js';
import type { Finding, Severity } from '../rules/engine/rule.js';
import type { FailOn } from './arguments.js';

const RANK: Readonly<Record<Severity | 'never', number>> = { hint: 0, info: 1, warning: 2, error: 3, never: 4 };

/**
 * Whether a finding is at or above the severity.
 * @param advisory the hosts that decide nothing, because nobody named them: what is only about them does not count
 */
export function counts({ severity, hosts }: Finding, failOn: FailOn, advisory: readonly string[]): boolean {
  const isAdvisory = hosts.length > 0 && hosts.every((host) => advisory.includes(host));
  return RANK[severity] >= RANK[failOn] && !isAdvisory;
}

/** Whether a judgement has a finding that counts. */
export function reaches({ findings, advisory }: Pick<Judgement, 'findings' | 'advisory'>, failOn: FailOn): boolean {
  return findings.some((finding) => counts(finding, failOn, advisory));
}
