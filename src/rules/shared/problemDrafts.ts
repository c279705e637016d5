import { stopOf, type Problem } from '../../sources/text/problem.js';
import type { Draft, RuleContext, Severity } from '../engine/rule.js';

/** What the sources say of files that they could not read as meant, of these kinds. */
export function problemDrafts(
  { configuration }: RuleContext,
  severities: Partial<Record<Problem['kind'], Severity>>,
): readonly Draft[] {
  return configuration.problems.flatMap(({ kind, message, place }) => {
    const severity = severities[kind];
    const [headline = '', ...details] = message.split('\n');
    const stops = stopOf(headline);
    return severity === undefined
      ? []
      : [{ severity, headline, details, place, ...(stops !== undefined && { stops }) }];
  });
}
