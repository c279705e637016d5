import { ERRORS } from '../model/bwrap/errors.js';
import { at, failure, placeOf, whereClosed } from './engine/closedGates.js';
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
  title: 'Root without SETFCAP cannot map itself',
  explanation: `
The kernel lets a process map uid 0 of its user namespace into a new one only when it has SETFCAP. Docker gives container root
that capability by default; with \`--cap-drop=ALL\` or \`--cap-drop=SETFCAP\` bubblewrap run by root fails at its uid map
(measured). A user other than root needs no capability at all for the sandbox.`,
  references: ['https://man7.org/linux/man-pages/man7/user_namespaces.7.html'],
  bad: { '.devcontainer/devcontainer.json': devcontainer('"--cap-drop=ALL"') },
  good: { '.devcontainer/devcontainer.json': devcontainer('"--cap-drop=ALL", "--cap-add=SETFCAP"') },
  check(context) {
    const { agent, container } = context;
    const dropped = container.capDrop.filter((c) => c.value === 'ALL' || c.value === 'SETFCAP');
    const obstacles = at(context, 'uid-map').filter((o) => o.error === ERRORS.uidMap);
    return whereClosed(context, obstacles, (closed) => ({
      headline:
        'Root in this container lacks SETFCAP, without which the kernel does not let it map itself into the sandbox. ' +
        `${failure(context, closed)}Keep SETFCAP, or let ${agent.name} run as a user other than root, and recreate the container.`,
      place: placeOf(context, ...dropped),
    }));
  },
  fixes: (context) => relax(context, 'Keep the capability SETFCAP', ['cap-SETFCAP'], true),
};
