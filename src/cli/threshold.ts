import type { Judgement } from '../rules/judge.js';
import type { Severity } from '../rules/rule.js';
import type { FailOn } from './arguments.js';

const RANK: Readonly<Record<Severity | 'never', number>> = { hint: 0, info: 1, warning: 2, error: 3, never: 4 };

/** Whether a judgement has a finding at or above the severity. */
export function reaches(judgement: Pick<Judgement, 'findings'>, failOn: FailOn): boolean {
  return judgement.findings.some((finding) => RANK[finding.severity] >= RANK[failOn]);
}
