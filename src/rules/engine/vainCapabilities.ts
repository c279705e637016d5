import { reasonsFor } from '../../model/container/capabilityReasons.js';
import type { Container, Sourced } from '../../model/container/container.js';
import type { Gate } from '../../model/gates.js';
import type { AgentRequest } from '../../model/agent/request.js';
import type { Host } from '../../model/host.js';
import { undecidedOn } from '../../model/plan/obstacles.js';
import { predict } from '../../model/sandbox/predict.js';
import { isMetadata } from '../../sources/options/option.js';
import { planFor } from './coverage.js';
import type { RuleContext } from './rule.js';

/** The capabilities that advice in circulation adds for bubblewrap. */
const ADVISED = ['SYS_ADMIN', 'NET_ADMIN'] as const;

export type AdvisedCapability = (typeof ADVISED)[number];

/**
 * The capabilities that these files add although no target host needs them for the sandbox and nothing else does. Under privileged
 * they give nothing that is not there, and an image or a Feature that is not known may be what needs them.
 */
export function vainCapabilities(context: RuleContext): readonly AdvisedCapability[] {
  const unread = context.configuration.options.some(
    (option) => option.flag === 'security-opt' && isMetadata(option) && option.value === undefined,
  );
  if (unread || context.container.privileged.value === true || context.hosts.length === 0) return [];
  return ADVISED.filter(
    (capability) =>
      addedHere(context.container, capability).length > 0 &&
      reasonsFor(context.container, capability).length === 0 &&
      !isNeeded(context, capability),
  );
}

/** The additions of the capability that have a place in these files. */
export function addedHere(container: Container, capability: AdvisedCapability): readonly Sourced<string>[] {
  return container.capAdd.filter((c) => c.value === capability && c.places.length > 0);
}

/** The gates that a host opens to a bubblewrap with SYS_ADMIN alone. */
const PRIVILEGED_ONLY: readonly Gate[] = ['userns-allowed', 'loopback', 'uid-map'];

/** Whether a plan for some target host would add the capability if it were not there, or its removal alone would stop the sandbox there. */
function isNeeded(context: RuleContext, capability: string): boolean {
  const { container, hosts, request } = context;
  const without = { ...container, capAdd: container.capAdd.filter((c) => c.value !== capability) };
  return hosts.some((host) => {
    // That a profile of the host could do instead does not make it vain.
    const least = planFor({ ...context, container: without }, [host], { except: ['apparmor-runc'] });
    const added = least?.relaxations.some((r) => r.id === `cap-${capability}`) ?? false;
    // An image of which nothing is known may have the setuid bubblewrap that it is for.
    const open = undecidedOn(container, host, request);
    // Another change could serve as well (no setuid bit, for instance), but nobody asks for that one here.
    const breaks = isWorking(container, host, request) && !isWorking(without, host, request);
    return added || breaks || (open !== undefined && PRIVILEGED_ONLY.includes(open));
  });
}

function isWorking(container: Container, host: Host, request: AgentRequest): boolean {
  return predict(container, host, request).outcome === 'works';
}
