import type { Place } from '../../model/place.js';
import type { IgnoreComment } from '../../sources/text/ignores.js';
import { IGNORE_UNUSED } from './ignores.js';
import type { Judgement } from './judgement.js';
import type { Finding } from './rule.js';

/**
 * The findings of one of several configurations, without the comments that switch something off in another one that uses the file.
 * @param all of the workspace folder
 */
export function withoutUsedElsewhere(findings: readonly Finding[], all: readonly Judgement[]): readonly Finding[] {
  return findings.filter(
    ({ rule, place }) =>
      rule !== IGNORE_UNUSED ||
      all.every(({ configuration, findings: others }) => {
        const isThere = configuration.ignores.some((comment) => isIn(place, comment));
        return !isThere || others.some((other) => other.rule === rule && isSame(other.place, place));
      }),
  );
}

function isIn(place: Place, comment: IgnoreComment): boolean {
  return isSame(place, comment.place) || comment.rules.some((rule) => isSame(place, rule.place));
}

function isSame(a: Place, b: Place): boolean {
  const { start } = a.range;
  return a.file === b.file && start.line === b.range.start.line && start.character === b.range.start.character;
}
