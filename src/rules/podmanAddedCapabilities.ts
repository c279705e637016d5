import { reasonsFor } from '../model/container/capabilityReasons.js';
import type { Container } from '../model/container/container.js';
import { ERRORS } from '../model/bwrap/errors.js';
import { at, everyCommandFails, placeOf, whereClosed } from './engine/closedGates.js';
import { fixOf } from './engine/fixes.js';
import { canRemoveCapabilities } from './engine/removable.js';
import type { Rule } from './engine/rule.js';
import { list } from '../model/wordList.js';
import { sentence } from './engine/wording.js';
import { example } from './shared/examples.js';

/** Podman hands added capabilities to a container's own user who is not root as ambient ones, at which bubblewrap stops. */
export const podmanAddedCapabilities: Rule = {
  id: 'podman-added-capabilities',
  title: 'Added capabilities break the sandbox under Podman',
  explanation: `
Podman's defaults let Codex's sandbox start. But a container that runs as another user than root gets the capabilities of
\`--cap-add\` as ambient capabilities, and a bubblewrap that finds capabilities without being setuid stops: \`Unexpected
capabilities but not setuid\` (measured with Podman 4.3 and 5.4). Any capability does it, NET_ADMIN and SYS_ADMIN of the usual
advice included, and \`--privileged\` beside it changes nothing. Only a setuid bubblewrap with its six capabilities takes no
notice (measured as well).

It matters who the container itself runs as: \`containerUser\`, \`--user\`, or the USER of the image. A remoteUser of another
name comes in through \`podman exec\` and gets none of them, so that it works in a container that runs as root (measured through
the dev container CLI).

Where the files show a program or a device that needs one of them, a firewall NET_ADMIN say, a repair of the whole container
leaves them alone: the program would stop working under every engine. To remove them is then offered for you to choose. What a
local Feature adds is removed from its file; what a published Feature or a base image adds cannot be removed.`,
  references: ['https://github.com/containers/bubblewrap'],
  bad: example('"containerUser": "vscode",\n"capAdd": ["NET_ADMIN"]'),
  good: example('"capAdd": ["NET_ADMIN"]'),
  exampleHosts: { bad: ['podman'], good: ['podman'] },
  check(context) {
    const { container } = context;
    const obstacles = at(context, 'bwrap-privileges').filter((o) => o.error === ERRORS.ambientCapabilities);
    return whereClosed(context, obstacles, (closed) => {
      const users = usersOf(container);
      const what = canRemoveCapabilities(context)
        ? 'Remove them'
        : 'Take the base image or published Feature that adds them away';
      const unless =
        users.length === 0
          ? ''
          : `, unless ${list(users)} in these files ${users.length === 1 ? 'needs' : 'need'} them`;
      return {
        headline:
          `Podman gives the added capabilities (${list(added(container))}) to the user that the container runs as, in a way at which bubblewrap stops. ` +
          `${sentence(everyCommandFails(context, closed))}${what}${unless}, and recreate the container.`,
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
