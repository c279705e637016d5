import { ADVISORY_HOSTS } from '../model/host.js';
import type { Judgement } from '../rules/judge.js';
import type { Finding, Severity } from '../rules/engine/rule.js';
import type { FailOn } from './arguments.js';

const RANK: Readonly<Record<Severity | 'never', number>> = { hint: 0, info: 1, warning: 2, error: 3, never: 4 };

/**
 * Whether a judgement has a finding at or above the severity.
 * @param hostsNamed whether somebody named the hosts: else what only an advisory one is about does not count
 */
export function reaches(judgement: Pick<Judgement, 'findings'>, failOn: FailOn, hostsNamed: boolean): boolean {
  return judgement.findings.some(
    (finding) => RANK[finding.severity] >= RANK[failOn] && (hostsNamed || !isAdvisory(finding)),
  );
}

function isAdvisory({ hosts }: Finding): boolean {
  return hosts.length > 0 && hosts.every((host) => ADVISORY_HOSTS.includes(host));
}
