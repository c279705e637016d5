import { deciding } from './engine/coverage.js';
import { fixOf } from './engine/fixes.js';
import type { Draft, Rule, RuleContext } from './engine/rule.js';
import { addedHere, vainCapabilities, type AdvisedCapability } from './engine/vainCapabilities.js';
import { areWritten, optionAt } from './engine/written.js';
import { example } from './shared/examples.js';

interface Advised {
  /** What still fails with it, which is only said where something fails. */
  readonly leaves: readonly string[];
  readonly instead: readonly string[];
  readonly price: string;
}

/** Why each of the two, which much advice adds, does not help, and what it gives away. */
const CAPABILITIES = {
  SYS_ADMIN: {
    leaves: ['With it the sandbox still fails at pivot_root, at AppArmor or at /proc.'],
    instead: [],
    price: 'It makes root in the container nearly root on the host.',
  },
  NET_ADMIN: {
    leaves: [],
    instead: ['The network of the sandbox belongs to its own user namespace, where the capability does not count.'],
    price: "It lets root change the container's network.",
  },
} as const satisfies Readonly<Record<AdvisedCapability, Advised>>;

/** SYS_ADMIN or NET_ADMIN where the sandbox needs neither, and nothing else in the files does. */
export const capabilityInVain: Rule = {
  id: 'capability-in-vain',
  title: 'SYS_ADMIN or NET_ADMIN is unnecessary',
  explanation: `
Much advice adds SYS_ADMIN or NET_ADMIN for bubblewrap. Neither makes the sandbox work:

- With SYS_ADMIN, Docker's seccomp profile allows the user namespace and still blocks \`pivot_root\`.
- NET_ADMIN changes nothing.
- Under Podman any added capability stops the sandbox for a user other than root.

Only a setuid bubblewrap, or root, needs them, on hosts that restrict user namespaces (Ubuntu 23.10 to 24.10).

## What to do

Remove the capability. The fix does this, also in the \`devcontainer-feature.json\` of a local Feature. A capability from a published Feature or
an image cannot be removed here: use another Feature or image.

There is no finding if a target host needs the capability, or if the files show another reason for it. Such reasons are a firewall (iptables,
nftables, ipset) or a network scanner for NET_ADMIN, and FUSE (\`/dev/fuse\`) for SYS_ADMIN. There is none in a privileged container either,
nor with an image or a Feature that the check does not know.

## What it costs to keep it

SYS_ADMIN makes root in the container nearly as powerful as root on the host. NET_ADMIN lets root change the container's network.

## What was measured

The first two with Docker, the third with Podman 4.3 and 5.4. The restriction of Ubuntu was measured under an emulation.`,
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
  check: (context) => vainCapabilities(context).flatMap((capability) => drafts(context, capability)),
  fixes(context, { place, subject: capability = '', related }) {
    const places = [place, ...related.map((other) => other.place)];
    if (!areWritten(context, places)) return [];
    return fixOf(context, `Remove the capability ${capability}`, [{ kind: 'remove-capability', capability }], [], true);
  },
};

function drafts(context: RuleContext, capability: AdvisedCapability): readonly Draft[] {
  const places = addedHere(context.container, capability).flatMap((c) => c.places);
  const brought = places.filter((each) => optionAt(context, each) === undefined);
  const [place = places[0]] = brought;
  if (!place) return [];
  const others = places.filter((other) => other !== place);
  const { instead, leaves, price } = CAPABILITIES[capability];
  const hosts = context.hosts.map((h) => h.name);
  const works = doesWork(context);
  return [
    {
      severity: works ? 'info' : 'warning',
      headline: `${capability} does not help ${context.agent.name}, and nothing else in the files needs it`,
      details: [
        brought.length === 0
          ? 'Remove it, unless something outside these files needs it.'
          : 'Use an image or a Feature without it, unless something outside these files needs it.',
        ...(brought.length === 0 ? [] : ['It comes with the image or the published Feature that is named here.']),
        ...(works ? [] : leaves),
        ...instead,
        price,
      ],
      place,
      hosts,
      related: others.map((other) => ({ place: other, message: `${capability} is also added here.` })),
      subject: capability,
    },
  ];
}

/** Whether the sandbox works on every host that decides: what is unnecessary there is a remark. */
function doesWork(context: RuleContext): boolean {
  return deciding(context).every(({ name }) =>
    context.predictions.some(({ host, outcome }) => host === name && outcome === 'works'),
  );
}
