import type { Agent } from '../agent/agent.js';
import { installOf } from '../agent/request.js';
import type { Container } from '../container/container.js';
import { CODEX } from './codex/agent.js';

/** Every agent that is judged. The first is assumed where the files install none of them. */
export const AGENTS: readonly [Agent, ...Agent[]] = [CODEX];

/** The agent that a container is judged for: the first that its files install. */
export function agentIn(container: Container, agents = AGENTS): Agent {
  return agents.find((agent) => installOf(container, agent).value) ?? agents[0];
}
