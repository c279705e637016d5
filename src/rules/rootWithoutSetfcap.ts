import { ERRORS } from '../model/bwrap/errors.js';
import { at, cannotStart, placeOf, whereClosed } from './engine/closedGates.js';
import { relax } from './engine/fixes.js';
import type { Rule } from './engine/rule.js';

function devcontainer(runArgs: string): string {
  return `{
  "image": "debian:12",
  "remoteUser": "root",
  "securityOpt": ["seccomp=unconfined", "apparmor=unconfined"],
  "runArgs": [${runArgs}]
}
`;
}

/** Container root may map itself into a new user namespace only with SETFCAP. */
export const rootWithoutSetfcap: Rule = {
  id: 'root-without-setfcap',
  title: 'Root lacks the capability SETFCAP',
  explanation: `
If Codex runs as root, bubblewrap must map root's user id into the sandbox. The kernel allows this only with the capability SETFCAP. Docker
gives it to root by default, but \`--cap-drop=ALL\` and \`--cap-drop=SETFCAP\` remove it. bubblewrap then fails at its uid map (measured).

## What to do

Keep SETFCAP, or let Codex run as another user. Other users need no capability for the sandbox.

## What it costs

SETFCAP lets root in the container give capabilities to files. It is in Docker's default set.`,
  references: ['https://man7.org/linux/man-pages/man7/user_namespaces.7.html'],
  bad: { '.devcontainer/devcontainer.json': devcontainer('"--cap-drop=ALL"') },
  good: { '.devcontainer/devcontainer.json': devcontainer('"--cap-drop=ALL", "--cap-add=SETFCAP"') },
  check(context) {
    const { agent, container } = context;
    const dropped = container.capDrop.filter((c) => c.value === 'ALL' || c.value === 'SETFCAP');
    const obstacles = at(context, 'uid-map').filter((o) => o.error === ERRORS.uidMap);
    return whereClosed(context, obstacles, (closed) => ({
      headline: cannotStart(context, closed, 'root lacks the capability SETFCAP'),
      details: [`Keep SETFCAP, or run ${agent.name} as a user other than root. Then rebuild the container.`],
      place: placeOf(context, ...dropped),
    }));
  },
  fixes: (context) => relax(context, 'Keep the capability SETFCAP', ['cap-SETFCAP'], true),
};
