import type { Change } from '../../edits/changes/change.js';
import { variablesGone } from '../../edits/compose/variablesGone.js';
import { changesFor } from '../../edits/relaxationChanges.js';
import { relaxation } from '../../model/plan/relaxations.js';
import type { RelaxationId } from '../../model/plan/relaxation.js';
import { folderOf } from '../../sources/text/paths.js';
import type { Fix, RuleContext } from './rule.js';
import { list } from '../../model/wordList.js';

/**
 * A fix that makes changes; nothing when the files cannot be changed so. Its details name the local Features that it changes, and
 * variables that nothing needs any more.
 */
export function fixOf(
  context: RuleContext,
  title: string,
  changes: readonly Change[],
  relaxations: readonly RelaxationId[],
  preferred: boolean,
): readonly Fix[] {
  const { configuration } = context;
  const edits = changes.length === 0 ? [] : context.edits(changes);
  if (edits === undefined || edits.length === 0) return [];
  const features = configuration.featureFiles.filter((file) => edits.some((edit) => edit.file === file)).map(folderOf);
  const gone = variablesGone(configuration, edits);
  const details = [
    ...(features.length === 0
      ? []
      : [`Changes the local Feature${features.length === 1 ? '' : 's'} ${list(features)}.`]),
    ...gone.map(({ name, file }) => `The variable ${name} of ${file} is unnecessary afterwards.`),
  ];
  return [{ title, details, adds: [], removes: [], needsReview: false, preferred, relaxations, edits }];
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
