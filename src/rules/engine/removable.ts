import { changesFor } from '../../edits/relaxationChanges.js';
import { installOf } from '../../model/agent/request.js';
import { relaxation } from '../../model/plan/relaxations.js';
import type { Container, Sourced } from '../../model/container/container.js';
import type { RuleContext } from './rule.js';
import { optionAt } from './written.js';

/**
 * The container in which an added capability has those places only where the author of these files wrote it and an edit removes
 * it: what a published Feature or an image adds has its name as its place, and what a Compose service shares with others stays.
 * For a plan, none is then removable.
 */
export function withWrittenCapabilities(context: RuleContext): Container {
  const { container } = context;
  const written = (added: Sourced<string>): Sourced<string> => ({
    ...added,
    places: added.places.filter(
      (place) =>
        added.value !== undefined &&
        optionAt(context, place) !== undefined &&
        isCapabilityRemovable(context, added.value),
    ),
  });
  return { ...container, capAdd: container.capAdd.map(written) };
}

/** Whether no edit is needed to have the capability out of the files, or one is possible. */
export function isCapabilityRemovable(context: RuleContext, capability: string): boolean {
  return context.edits([{ kind: 'remove-capability', capability }]) !== undefined;
}

/** Whether every added capability stands where an edit can remove it. */
export function canRemoveCapabilities(context: RuleContext): boolean {
  return withWrittenCapabilities(context).capAdd.every(({ places }) => places.length > 0);
}

/**
 * The container as a plan is to see it: a bubblewrap that a Feature, a script or a lifecycle command brings cannot be left out
 * by an edit, so what brings it is taken from it, and the plan finds another way. The same where no edit can put a copy of the
 * agent's own in its place.
 */
export function withRemovableBwrap(context: RuleContext): Container {
  const container = withCopyableBwrap(context);
  const { bwrap } = container;
  if (bwrap.presence.value !== 'present' || context.edits([{ kind: 'remove-bwrap' }]) !== undefined) return container;
  return { ...container, bwrap: { ...bwrap, presence: { ...bwrap.presence, places: [] } } };
}

function withCopyableBwrap({ container, agent, request, configuration, edits }: RuleContext): Container {
  if (!relaxation('bwrap-copied', request).applies(container)) return container;
  if (edits(changesFor(['bwrap-copied'], container, request, configuration.texts)) !== undefined) return container;
  return { ...container, agents: { ...container.agents, [agent.id]: { ...installOf(container, agent), places: [] } } };
}
