import type { Change } from '../../edits/changes/change.js';
import { variablesGone } from '../../edits/compose/variablesGone.js';
import { changesFor } from '../../edits/relaxationChanges.js';
import { relaxation } from '../../model/plan/relaxations.js';
import type { RelaxationId } from '../../model/plan/relaxation.js';
import type { Fix, RuleContext } from './rule.js';

/**
 * A fix that makes changes; nothing when the files cannot be changed so. Its details name each change that it makes, and variables
 * that nothing needs any more.
 */
export function fixOf(
  context: RuleContext,
  title: string,
  changes: readonly Change[],
  relaxations: readonly RelaxationId[],
  preferred: boolean,
): readonly Fix[] {
  const compiled = changes.length === 0 ? undefined : context.edits(changes);
  if (compiled === undefined || compiled.edits.length === 0) return [];
  const { edits, adds, removes } = compiled;
  const gone = variablesGone(context.configuration, edits).map(
    ({ name, file }) => `Makes the variable ${name} unused (${file}).`,
  );
  const details = [...compiled.details, ...gone];
  return [{ title, details, adds, removes, needsReview: false, preferred, relaxations, edits }];
}

/** A fix that relaxes; nothing when the files cannot be changed so, for instance because an image sets the value. */
export function relax(
  context: RuleContext,
  title: string,
  relaxations: readonly RelaxationId[],
  preferred: boolean,
): readonly Fix[] {
  const applicable = relaxations.filter((id) => relaxation(id, context.request).applies(context.container));
  const changes = changesFor(applicable, context.container, context.request, context.configuration.texts);
  return fixOf(context, title, changes, applicable, preferred);
}
