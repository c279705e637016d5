import { ADVISORY_HOSTS } from '../model/host.js';
import type { Judgement } from '../rules/judge.js';
import type { Finding, Severity } from '../rules/engine/rule.js';
import type { FailOn } from './arguments.js';

const RANK: Readonly<Record<Severity | 'never', number>> = { hint: 0, info: 1, warning: 2, error: 3, never: 4 };

/**
 * Whether a finding is at or above the severity.
 * @param hostsNamed whether somebody named the hosts: else what only an advisory one is about does not count
 */
export function counts(finding: Finding, failOn: FailOn, hostsNamed: boolean): boolean {
  return RANK[finding.severity] >= RANK[failOn] && (hostsNamed || !isAdvisory(finding));
}

/** Whether a judgement has a finding that counts. */
export function reaches({ findings }: Pick<Judgement, 'findings'>, failOn: FailOn, hostsNamed: boolean): boolean {
  return findings.some((finding) => counts(finding, failOn, hostsNamed));
}

function isAdvisory({ hosts }: Finding): boolean {
  return hosts.length > 0 && hosts.every((host) => ADVISORY_HOSTS.includes(host));
}
