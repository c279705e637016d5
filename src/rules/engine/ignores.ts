import type { IgnoreComment } from '../../sources/text/ignores.js';
import type { Finding } from './rule.js';

/** A finding that a comment switches off: it counts nowhere. */
export interface Suppressed {
  readonly finding: Finding;
  readonly by: IgnoreComment;
}

/** A rule and the place where it finds something. */
type Where = Pick<Finding, 'rule' | 'place'>;

/** The comment that switches a finding off; undefined: none does. */
export function ignoring(ignores: readonly IgnoreComment[], finding: Where): IgnoreComment | undefined {
  return ignores.find((comment) => comment.rules.some(({ id }) => isAbout(comment, id, finding)));
}

/** Whether a comment switches a finding off by the id of this rule. */
export function isAbout(comment: IgnoreComment, rule: string, { rule: own, place }: Where): boolean {
  return (
    rule === own &&
    comment.place.file === place.file &&
    (comment.line === undefined || comment.line === place.range.start.line)
  );
}

/** The rule that finds comments which switch nothing off. */
export const IGNORE_UNUSED = 'ignore-unused';
