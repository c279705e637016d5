import { changesFor } from '../../edits/relaxationChanges.js';
import type { Choice } from '../../model/plan/plan.js';
import { isOnRequest, type RelaxationId } from '../../model/plan/relaxation.js';
import { relaxation } from '../../model/plan/relaxations.js';
import type { RuleContext } from './rule.js';

/** What a plan may be made of that nobody has to ask for. */
export function unaskedChoice(context: RuleContext): Omit<Choice, 'targets'> {
  return { scope: 'unasked', except: replacesProfile(context) ? ['seccomp-tailored'] : [] };
}

/** Whether whoever takes these relaxations is to see their diff first: they give root more power or remove a hardening. */
export function areForReview(context: RuleContext, ids: readonly RelaxationId[]): boolean {
  return ids.some(
    (id) =>
      id === 'seccomp-unconfined' ||
      (id === 'seccomp-tailored' && replacesProfile(context)) ||
      isOnRequest(relaxation(id, context.request), context.container),
  );
}

/** Whether the repository has a seccomp profile of its own, and only another file in its place lets bubblewrap pass. */
function replacesProfile({ container, request, configuration }: RuleContext): boolean {
  const seccomp = container.seccomp.value;
  if (seccomp?.kind !== 'custom' || seccomp.profile === undefined) return false;
  const changes = changesFor(['seccomp-tailored'], container, request, configuration.texts);
  return changes.some((change) => change.kind === 'security-opt' && change.key === 'seccomp');
}
