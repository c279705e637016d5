import { isRoot, known, type Container } from '../../model/container/container.js';
import type { Host } from '../../model/host.js';
import type { RuleContext } from './rule.js';
import { optionAt } from './written.js';

/** The target hosts that systempaths=unconfined hands to the container's root. */
export function handedOver({ container, hosts }: RuleContext): readonly Host[] {
  const opened = container.maskedPaths.value === false && container.maskedPaths.places.length > 0;
  if (!opened || isRoot(container) !== true || container.privileged.value === true) return [];
  return hosts.filter((host) => host.rootIsHosts);
}

/** Whether the container has the option for root, and an edit can remove it wherever it is. */
export function removableSystemPaths(context: RuleContext): boolean {
  const { places } = context.container.maskedPaths;
  return (
    handedOver(context).length > 0 && places.every((place) => optionAt(context, place)?.value?.includes('systempaths'))
  );
}

/** The container with the masks of /proc in place. */
export function masked(container: Container): Container {
  return { ...container, maskedPaths: known(true) };
}
