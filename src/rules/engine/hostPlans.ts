import { PACKAGED_BWRAP_PATH } from '../../model/bwrapPath.js';
import type { Host } from '../../model/host.js';
import { HOST_CHANGES, type HostChange } from '../../model/plan/hostChange.js';
import type { Choice, Plan } from '../../model/plan/plan.js';
import { planFor } from './coverage.js';
import type { RuleContext } from './rule.js';

/** What helps in the files after a change of the host. */
export interface HostPlan extends Plan {
  readonly change: HostChange;
}

/**
 * What the files need where the administrators of the hosts that restrict user namespaces load a profile for the bubblewrap of the
 * image: far less than without (measured under an emulation, test/ground-truth/rows). undefined: nothing, or no host is such.
 */
export function withHostChange(
  context: RuleContext,
  hosts: readonly Host[],
  choice: Omit<Choice, 'targets'>,
): HostPlan | undefined {
  if (!hosts.some(isUnprofiled)) return undefined;
  const loaded = (host: Host): Host => (isUnprofiled(host) ? profiled(host) : host);
  const possible = hosts.filter((host) => planFor(context, [loaded(host)], choice) !== undefined);
  const plan = possible.some(isUnprofiled) ? planFor(context, possible.map(loaded), choice) : undefined;
  return plan && { ...plan, hosts: possible, change: HOST_CHANGES.systemBwrap };
}

/** It restricts user namespaces, and has no profile for a bubblewrap where packages put it. */
function isUnprofiled({ apparmor }: Host): boolean {
  return apparmor?.restrictsUnprivilegedUserns === true && apparmor.attachedTo?.includes(PACKAGED_BWRAP_PATH) !== true;
}

function profiled(host: Host): Host {
  return host.apparmor ? { ...host, apparmor: { ...host.apparmor, attachedTo: [PACKAGED_BWRAP_PATH] } } : host;
}
