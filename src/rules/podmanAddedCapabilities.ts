import { reasonsFor } from '../model/container/capabilityReasons.js';
import type { Container } from '../model/container/container.js';
import { ERRORS } from '../model/bwrap/errors.js';
import { at, cannotStart, placeOf, whereClosed } from './engine/closedGates.js';
import { fixOf } from './engine/fixes.js';
import { canRemoveCapabilities } from './engine/removable.js';
import type { Rule } from './engine/rule.js';
import { list } from '../model/wordList.js';
import { sentence } from './engine/wording.js';
import { example } from './shared/examples.js';

/** Podman hands added capabilities to a container's own user who is not root as ambient ones, at which bubblewrap stops. */
export const podmanAddedCapabilities: Rule = {
  id: 'podman-added-capabilities',
  title: 'Added capabilities stop the sandbox under Podman',
  explanation: `
Codex's sandbox starts under Podman's defaults. Podman gives the capabilities of \`--cap-add\` to the user of the container as ambient
capabilities. If that user is not root, bubblewrap stops with \`Unexpected capabilities but not setuid\`. Any added capability does this, such as
NET_ADMIN or SYS_ADMIN. \`--privileged\` beside it does not matter. Only a setuid bubblewrap with its six capabilities works.

The user of the container itself matters: \`containerUser\`, \`--user\`, or the USER of the image. A different remoteUser enters through
\`podman exec\` without these capabilities. So it works in a container that runs as root.

## What to do

Remove the added capabilities. If a program or a device in the files needs one, such as a firewall NET_ADMIN, no fix removes it unasked.
Without the capability that program stops working under each engine. The fix also removes what a local Feature adds. Capabilities from a
published Feature or a base image cannot be removed here.

## What was measured

Podman 4.3 and 5.4, and the remoteUser with the dev container CLI.`,
  references: ['https://github.com/containers/bubblewrap'],
  bad: example('"containerUser": "vscode",\n"capAdd": ["NET_ADMIN"]'),
  good: example('"capAdd": ["NET_ADMIN"]'),
  exampleHosts: { bad: ['podman'], good: ['podman'] },
  check(context) {
    const { container } = context;
    const obstacles = at(context, 'bwrap-privileges').filter((o) => o.error === ERRORS.ambientCapabilities);
    return whereClosed(context, obstacles, (closed) => {
      const users = usersOf(container);
      const names = list(added(container));
      return {
        headline: cannotStart(context, closed, 'bubblewrap refuses added capabilities'),
        details: [
          canRemoveCapabilities(context)
            ? `Remove ${names}, then rebuild the container.`
            : `Use a base image or Feature that does not add ${names}, then rebuild the container.`,
          ...(users.length === 0
            ? []
            : [`${sentence(list(users))} in these files ${users.length === 1 ? 'needs' : 'need'} them.`]),
          'Podman gives added capabilities to a user other than root, and bubblewrap then stops.',
        ],
        place: placeOf(context, ...container.capAdd),
      };
    });
  },
  fixes(context) {
    if (!canRemoveCapabilities(context)) return [];
    const changes = added(context.container).map((capability) => ({ kind: 'remove-capability', capability }) as const);
    return fixOf(context, 'Remove the added capabilities', changes, [], usersOf(context.container).length === 0);
  },
};

function added({ capAdd }: Container): readonly string[] {
  return [...new Set(capAdd.flatMap((c) => c.value ?? []))];
}

/** What in these files needs one of the added capabilities. */
function usersOf(container: Container): readonly string[] {
  return [...new Set(added(container).flatMap((capability) => reasonsFor(container, capability)))];
}
