import { reasonsFor } from '../model/container/capabilityReasons.js';
import type { Container, Sourced } from '../model/container/container.js';
import type { Gate } from '../model/gates.js';
import { undecidedOn } from '../model/plan/obstacles.js';
import { plan } from '../model/plan/plan.js';
import { example } from './examples.js';
import type { Finding, Rule, RuleContext } from './rule.js';
import { fixOf, list } from './support.js';
import { isWritten } from './writtenCapabilities.js';

/** What each of the two is added for according to advice in circulation, and what it gives away. */
const CAPABILITIES = {
  SYS_ADMIN: {
    instead: 'it opens the user namespace and then fails at pivot_root, AppArmor or /proc',
    price: 'makes root in the container nearly root on the host',
  },
  NET_ADMIN: {
    instead:
      'the network namespace of the sandbox belongs to its own user namespace, where the capability counts for nothing',
    price: 'lets root reconfigure the container’s network',
  },
} as const;

/** SYS_ADMIN or NET_ADMIN where the sandbox needs neither, and nothing else in the files does. */
export const capabilityInVain: Rule = {
  id: 'capability-in-vain',
  title: 'SYS_ADMIN or NET_ADMIN added in vain',
  explanation: `
Advice in circulation adds SYS_ADMIN or NET_ADMIN so that bubblewrap may create namespaces. Neither makes the sandbox work:
with SYS_ADMIN Docker's seccomp profile lets the user namespace pass and still refuses \`pivot_root\`; NET_ADMIN changes nothing at
all (measured), and under Podman any added capability breaks the sandbox in a container that runs as another user than root. They are of use only to a
setuid bubblewrap, or to root, on hosts that restrict user namespaces (docker-ubuntu).

The finding is silent where a target host needs the capability and where the files show another reason for it: a firewall
(iptables, nftables, ipset, …) or a network scanner for NET_ADMIN, FUSE (/dev/fuse) for SYS_ADMIN. It is silent as well in a privileged container, which has
every capability anyway, and where an image or a Feature is not known, which may be what needs it.

The fix takes the capability out wherever it stands, in the \`devcontainer-feature.json\` of a local Feature as well. What a
published Feature or an image adds cannot be taken back in these files: there is no fix then, only another Feature or image.`,
  references: ['https://man7.org/linux/man-pages/man7/capabilities.7.html'],
  bad: example(
    '"securityOpt": ["seccomp=unconfined", "apparmor=unconfined"],\n"capAdd": ["NET_ADMIN"]',
    `FROM debian:13
RUN useradd --create-home --shell /bin/bash vscode
`,
  ),
  good: example(
    '"securityOpt": ["seccomp=unconfined", "apparmor=unconfined"],\n"capAdd": ["NET_ADMIN"]',
    `FROM debian:13
# The firewall of this project, set up by its own script, is what NET_ADMIN is for.
RUN apt-get update && apt-get install -y iptables ipset
RUN useradd --create-home --shell /bin/bash vscode
`,
  ),
  check(context) {
    return vainCapabilities(context).flatMap((capability) => finding(context, capability));
  },
};

type Capability = keyof typeof CAPABILITIES;

/**
 * The capabilities that these files add although no target host needs them for the sandbox and nothing else does. Under privileged
 * they give nothing that is not there, and an image or a Feature that is not known may be what needs them.
 */
export function vainCapabilities(context: RuleContext): readonly Capability[] {
  const unread = context.configuration.layers.some((l) => l.securityOpt.some((option) => option.value === undefined));
  if (unread || context.container.privileged.value === true || context.hosts.length === 0) return [];
  return (Object.keys(CAPABILITIES) as Capability[]).filter(
    (capability) =>
      addedHere(context.container, capability).length > 0 &&
      reasonsFor(context.container, capability).length === 0 &&
      !isNeeded(context, capability),
  );
}

function addedHere(container: Container, capability: Capability): readonly Sourced<string>[] {
  return container.capAdd.filter((c) => c.value === capability && c.places.length > 0);
}

/** The gates that a host opens to a bubblewrap with SYS_ADMIN alone. */
const PRIVILEGED_ONLY: readonly Gate[] = ['userns-allowed', 'loopback', 'uid-map'];

/** Whether a plan for some target host would add the capability if it were not there, or it may open a gate there. */
function isNeeded({ container, hosts, request }: RuleContext, capability: string): boolean {
  const without = { ...container, capAdd: container.capAdd.filter((c) => c.value !== capability) };
  return hosts.some((host) => {
    const added = plan(without, [host], request)?.relaxations.some((r) => r.id === `cap-${capability}`) ?? false;
    // An image of which nothing is known may have the setuid bubblewrap that it is for.
    const open = undecidedOn(container, host, request);
    return added || (open !== undefined && PRIVILEGED_ONLY.includes(open));
  });
}

function finding(context: RuleContext, capability: Capability): readonly Finding[] {
  const { configuration } = context;
  const places = addedHere(context.container, capability).flatMap((c) => c.places);
  const brought = places.filter((each) => !isWritten(capability, each, configuration));
  const [place = places[0]] = brought;
  if (!place) return [];
  const others = places.filter((other) => other !== place);
  const { instead, price } = CAPABILITIES[capability];
  const hosts = context.hosts.map((h) => h.name);
  return [
    {
      rule: 'capability-in-vain',
      severity: 'warning',
      message:
        `${capability} does not help Codex’s sandbox on ${list(hosts)}: ${instead}. It ${price}, and nothing else in these files needs it. ` +
        (brought.length === 0
          ? 'Remove it, or leave it if something outside these files needs it.'
          : 'It comes with the image or the published Feature that is named here, and nothing in these files takes it back: ' +
            'use one without it, or leave it if something outside these files needs it.'),
      place,
      gate: undefined,
      hosts,
      related: others.map((other) => ({ place: other, message: `${capability} is added here as well.` })),
      fixes:
        brought.length === 0
          ? fixOf(context, `Remove the capability ${capability}`, [{ kind: 'remove-capability', capability }], [], true)
          : [],
    },
  ];
}
