import type { Change } from '../../edits/changes/change.js';
import { coverage } from './coverage.js';
import { ignoring } from './ignores.js';
import { withRemovableBwrap, withWrittenCapabilities } from './removable.js';
import type { RuleContext } from './rule.js';
import { masked, removableSystemPaths } from './systemPaths.js';
import { unaskedChoice } from './unasked.js';

/** What every repair does, whatever else it does. */
export interface Tidied {
  /** The context as a plan is to see it: as these changes leave it, and with those things removable that an edit can remove. */
  readonly context: RuleContext;
  readonly changes: readonly Change[];
}

/** Removes systempaths=unconfined where it hands the host to root, as far as an edit can. */
export function tidy(context: RuleContext): Tidied {
  const container = withWrittenCapabilities({ ...context, container: withRemovableBwrap(context) });
  const without: Tidied = { context: { ...context, container }, changes: [] };
  if (!canBeMasked(without.context)) return without;
  return {
    context: { ...context, container: masked(container) },
    changes: [{ kind: 'remove-security-opt', key: 'systempaths' }],
  };
}

/** Whether systempaths=unconfined can go where it hands the host to root: no host that can be helped is lost with it. */
function canBeMasked(context: RuleContext): boolean {
  if (!removableSystemPaths(context) || isWanted(context)) return false;
  const choice = unaskedChoice(context);
  const helpedNow = coverage(context, choice).hosts;
  const helpedThen = coverage({ ...context, container: masked(context.container) }, choice).hosts;
  return helpedNow.every((host) => helpedThen.includes(host));
}

/** Whether a comment says that systempaths=unconfined is there on purpose. */
function isWanted({ configuration: { ignores }, container: { maskedPaths } }: RuleContext): boolean {
  return maskedPaths.places.some((place) => ignoring(ignores, { rule: 'systempaths-as-root', place }) !== undefined);
}
