import { compile } from '../edits/compile.js';
import type { Container } from '../model/container/container.js';
import type { RuleContext } from './rule.js';

/**
 * The container as a plan is to see it: a bubblewrap that a Feature, a script or a lifecycle command brings cannot be left out
 * by an edit, so what brings it is taken from it, and the plan finds another way.
 */
export function withRemovableBwrap({
  container,
  configuration,
}: Pick<RuleContext, 'container' | 'configuration'>): Container {
  const { bwrap } = container;
  if (bwrap.presence.value !== 'present' || compile([{ kind: 'remove-bwrap' }], configuration) !== undefined) {
    return container;
  }
  return { ...container, bwrap: { ...bwrap, presence: { ...bwrap.presence, places: [] } } };
}
