import type { Problem } from '../../sources/text/problem.js';
import type { Finding, RuleContext, Severity } from '../engine/rule.js';

/** What the sources say of files that they could not read as meant, as findings of one rule. */
export function problemFindings(
  context: RuleContext,
  rule: string,
  severities: Partial<Record<Problem['kind'], Severity>>,
): readonly Finding[] {
  return context.configuration.problems.flatMap((problem) => {
    const severity = severities[problem.kind];
    if (severity === undefined) return [];
    return [
      {
        rule,
        severity,
        message: problem.message,
        place: problem.place,
        gate: undefined,
        hosts: [],
        related: [],
        fixes: [],
      },
    ];
  });
}
