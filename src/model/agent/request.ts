import { known, type AgentInstall, type Container, type Sourced } from '../container/container.js';
import { homeOf } from '../container/writable.js';
import type { Agent, Demands } from './agent.js';

/** What a command that runs in the sandbox may do on the network: restricted asks for a network namespace of its own. */
export type Network = 'restricted' | 'full';

/** What is judged in a container: a version of an agent, as it is installed there and asked to start its sandbox. */
export interface AgentRequest {
  readonly agent: Agent;
  readonly version: string;
  readonly network: Network;
  /** A bubblewrap of its own comes with it (but see Demands.bwrapBuiltIn). */
  readonly bundledBwrap: boolean;
  /** AgentInstall.extension. */
  readonly extension?: true;
}

/** How the files install the agent; where they do not speak of it, they do not. */
export function installOf({ agents }: Container, { id }: Agent): Sourced<AgentInstall | null> {
  return agents[id] ?? known(null);
}

/**
 * The request of an agent in a container: as the files install it, else as it usually is installed.
 * @param version instead of the one that the files install
 */
export function requestOf(agent: Agent, container: Container, network: Network, version?: string): AgentRequest {
  return requestOfInstall(agent, installOf(container, agent).value, network, version);
}

/**
 * The requests of all that is installed of an agent, the one of `requestOf` first.
 * @param version instead of those that are installed: then there is nothing to tell them apart
 */
export function requestsOf(
  agent: Agent,
  container: Container,
  network: Network,
  version?: string,
): readonly [AgentRequest, ...AgentRequest[]] {
  const others = version === undefined ? (container.otherInstalls?.[agent.id] ?? []) : [];
  return [
    requestOf(agent, container, network, version),
    ...others.map(({ value }) => requestOfInstall(agent, value, network)),
  ];
}

function requestOfInstall(
  agent: Agent,
  installed: AgentInstall | null | undefined,
  network: Network,
  version?: string,
): AgentRequest {
  return {
    agent,
    version: version ?? installed?.version ?? agent.newestVersion,
    network,
    bundledBwrap: installed?.bundledBwrap ?? agent.bundlesBwrap,
    ...(installed?.extension && { extension: true }),
  };
}

/** What the version that is asked for demands. */
export function demandsOf({ agent, version }: Pick<AgentRequest, 'agent' | 'version'>): Demands {
  return agent.demands(version);
}

/** Where the agent keeps what is its own, for instance ~/.codex. */
export function agentHome({ homeFolder }: Agent, container: Container): string {
  return `${homeOf(container)}/${homeFolder}`;
}
