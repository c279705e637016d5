import { demandsOf, installOf, type AgentRequest } from '../agent/request.js';
import { known, type Container } from '../container/container.js';

/**
 * Whether the files say how the agent comes into the container and its bubblewrap comes with it in a file of its own, which is
 * not yet at /usr/bin/bwrap; and show nothing beside the agent that starts the one that is there.
 */
export function canBeCopied(container: Container, request: AgentRequest): boolean {
  const { bwrap, otherSandboxes = [] } = container;
  const { value: install, places } = installOf(container, request.agent);
  const copy = copiedBwrap(request);
  if (install?.bundledBwrap !== true || places.length === 0 || copy.version.value === undefined) return false;
  if (bwrap.presence.value === 'absent') return true;
  // Behind one that is elsewhere on PATH a copy would not be started; a link to the agent's own makes room for it.
  const isElsewhere = bwrap.path !== undefined && bwrap.path.value !== request.agent.bundledBwrapPath;
  const isCopy = bwrap.path === undefined && bwrap.version.value === copy.version.value && bwrap.setuid.value === false;
  return otherSandboxes.length === 0 && !isElsewhere && !(bwrap.presence.value === 'present' && isCopy);
}

/** The bubblewrap of a container in which that of the agent is copied to /usr/bin/bwrap. */
export function copiedBwrap(request: AgentRequest): Container['bwrap'] {
  const version = { value: demandsOf(request).bundledBwrap, places: [] };
  return { presence: known('present'), setuid: known(false), version };
}
