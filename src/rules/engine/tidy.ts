import type { Change } from '../../edits/changes/change.js';
import { coverage, deciding } from './coverage.js';
import { isCapabilityRemovable, withRemovableBwrap, withWrittenCapabilities } from './removable.js';
import type { RuleContext } from './rule.js';
import { masked, removableSystemPaths } from './systemPaths.js';
import { vainCapabilities } from './vainCapabilities.js';

/** What every repair does, whatever else it does. */
export interface Tidied {
  /** The context as a plan is to see it: as these changes leave it, and with those things removable that an edit can remove. */
  readonly context: RuleContext;
  readonly changes: readonly Change[];
  /** What of it is worth naming, for people. */
  readonly removed: readonly string[];
}

/** Removes the capabilities that are unnecessary, and systempaths=unconfined where it hands the host to root, as far as edits can. */
export function tidy(context: RuleContext): Tidied {
  const vain = vainCapabilities(context).filter((capability) => isCapabilityRemovable(context, capability));
  const container = withWrittenCapabilities({ ...context, container: withRemovableBwrap(context) });
  const capAdd = container.capAdd.filter((c) => c.value === undefined || !vain.some((each) => each === c.value));
  const without: Tidied = {
    context: { ...context, container: { ...container, capAdd } },
    changes: vain.map((capability): Change => ({ kind: 'remove-capability', capability })),
    removed: [],
  };
  if (!canBeMasked(without.context)) return without;
  return {
    context: { ...context, container: masked(without.context.container) },
    changes: [...without.changes, { kind: 'remove-security-opt', key: 'systempaths' }],
    removed: ['systempaths=unconfined removed'],
  };
}

/** Whether systempaths=unconfined can go where it hands the host to root: no host that can be helped is lost with it. */
function canBeMasked(context: RuleContext): boolean {
  if (!removableSystemPaths(context)) return false;
  const asked = { ...context, hosts: deciding(context) };
  const helpedNow = coverage(asked).hosts;
  const helpedThen = coverage({ ...asked, container: masked(context.container) }).hosts;
  return helpedNow.every((host) => helpedThen.includes(host));
}
