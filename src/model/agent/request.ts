import { known, type AgentInstall, type Container, type Sourced } from '../container/container.js';
import { homeOf } from '../container/writable.js';
import type { Agent, Demands } from './agent.js';

/** Whether commands in the sandbox may use the network: restricted needs a network namespace of its own. */
export type Network = 'restricted' | 'full';

/** What is judged in a container: a version of an agent, with its installation and its network policy. */
export interface AgentRequest {
  readonly agent: Agent;
  readonly version: string;
  readonly network: Network;
  /** A bubblewrap of its own comes with it (but see Demands.bwrapBuiltIn). */
  readonly bundledBwrap: boolean;
  /** AgentInstall.extension. */
  readonly extension?: string;
  /** Those of what else is installed of the agent: a prediction is the worst of all. */
  readonly beside?: readonly AgentRequest[];
}

/** How the files install the agent; null if they do not. */
export function installOf({ agents }: Container, { id }: Agent): Sourced<AgentInstall | null> {
  return agents[id] ?? known(null);
}

/**
 * The request of an agent in a container: as the files install it, else as it usually is installed.
 * @param version instead of those that the files install: then there is nothing to tell several apart
 */
export function requestOf(agent: Agent, container: Container, network: Network, version?: string): AgentRequest {
  const own = requestOfInstall(agent, installOf(container, agent).value, network, version);
  const others = version === undefined ? (container.otherInstalls?.[agent.id] ?? []) : [];
  return others.length === 0
    ? own
    : { ...own, beside: others.map(({ value }) => requestOfInstall(agent, value, network)) };
}

/** One install of an agent among several, for people. */
export function installName({ agent, version, extension }: AgentRequest): string {
  return extension === undefined ? `${agent.name} ${version}` : `the ${agent.name} of ${extension}`;
}

/** All versions of a request, for people: "Codex 0.98.0 and the Codex of the ChatGPT extension". */
export function requestName(request: AgentRequest): string {
  return request.beside === undefined
    ? `${request.agent.name} ${request.version}`
    : eachRequest(request).map(installName).join(' and ');
}

/** The requests within one, each alone. */
export function eachRequest({ beside = [], ...own }: AgentRequest): readonly AgentRequest[] {
  return [own, ...beside];
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
    ...(installed?.extension !== undefined && { extension: installed.extension }),
  };
}

/** What the requested version needs. */
export function demandsOf({ agent, version }: Pick<AgentRequest, 'agent' | 'version'>): Demands {
  return agent.demands(version);
}

/** Where the agent keeps what is its own, for instance ~/.codex. */
export function agentHome({ homeFolder }: Agent, container: Container): string {
  return `${homeOf(container)}/${homeFolder}`;
}
