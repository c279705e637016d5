import { ERRORS } from '../model/errors.js';
import { example } from './examples.js';
import type { Rule } from './rule.js';
import { at, fixOf, hostsOf, list, placeOf, quote, severityOf } from './support.js';

/** Podman hands added capabilities to a non-root user as ambient ones, at which bubblewrap stops. */
export const podmanAddedCapabilities: Rule = {
  id: 'podman-added-capabilities',
  title: 'Added capabilities break the sandbox under Podman',
  explanation: `
Podman's defaults let Codex's sandbox start. But it gives the capabilities of \`--cap-add\` to a non-root user as ambient
capabilities, and a bubblewrap that finds capabilities without being setuid stops: \`Unexpected capabilities but not setuid\`
(measured with Podman 5). Any capability does it, NET_ADMIN and SYS_ADMIN of the usual advice included.`,
  references: ['https://github.com/containers/bubblewrap'],
  bad: example('"capAdd": ["NET_ADMIN"]'),
  good: example(''),
  exampleHosts: { bad: ['podman'], good: ['podman'] },
  check(context) {
    const obstacles = at(context, 'bwrap-privileges').filter((o) => o.error === ERRORS.ambientCapabilities);
    const [first] = obstacles;
    if (!first) return [];
    const hosts = hostsOf(context, obstacles);
    const added = [...new Set(context.container.capAdd.flatMap((c) => c.value ?? []))];
    return [
      {
        rule: 'podman-added-capabilities',
        severity: severityOf(context, hosts),
        message:
          `Podman gives a non-root user the added capabilities (${list(added)}) in a way at which bubblewrap stops. ` +
          `Every command that Codex runs on ${list(hosts)} fails with ${quote(first.error)}. ` +
          'Remove them, and recreate the container.',
        place: placeOf(context, ...context.container.capAdd),
        gate: first.gate,
        hosts,
        related: [],
        fixes: fixOf(
          context,
          'Remove the added capabilities',
          added.map((capability) => ({ kind: 'remove-capability', capability })),
          [],
          true,
        ),
      },
    ];
  },
};
