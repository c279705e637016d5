import { requestOf, type AgentRequest, type Network } from '../model/agent/request.js';
import { agentIn } from '../model/agents/index.js';
import { predict, unforeseen, type Prediction } from '../model/sandbox/predict.js';
import type { Host } from '../model/host.js';
import { obstaclesOn, type Obstacle } from '../model/plan/obstacles.js';
import type { Configuration } from '../sources/configuration/configuration.js';
import { vainCapabilities } from './capabilityInVain.js';
import { RULES } from './index.js';
import { NO_REPAIRS, repairs, type AllRepairs } from './repairs.js';
import type { Finding, RuleContext } from './rule.js';
import { switchedOff, whileOff } from './sandboxOff.js';

/** For whom a configuration is judged. */
export interface Target {
  readonly hosts: readonly Host[];
  /** Default: what the container installs, else the newest that the model knows. */
  readonly codexVersion?: string | undefined;
  /** Default: the workspace's Codex configuration, else restricted. */
  readonly network?: Network | undefined;
}

/**
 * Everything there is to say about one configuration. Its repairs are empty when nothing is to do, as while the sandbox is
 * switched off, or nothing in the repository helps.
 */
export interface Judgement extends AllRepairs {
  readonly configuration: Configuration;
  readonly request: AgentRequest;
  /** For whom it was judged, in the order of the predictions. */
  readonly hosts: readonly Host[];
  readonly predictions: readonly Prediction[];
  /** For each host all closed gates on the way, in the order in which they are met. */
  readonly obstacles: readonly Obstacle[];
  /** In the order of their places. */
  readonly findings: readonly Finding[];
}

/** Judges a configuration: predictions for each host, findings where they are caused, and what repairs them. Pure. */
export function judge(configuration: Configuration, target: Target): Judgement {
  const { container } = configuration;
  const agent = agentIn(container);
  const network = target.network ?? configuration.network.value ?? 'restricted';
  const request = requestOf(agent, container, network, target.codexVersion);
  const refusing = target.hosts.filter((host) => host.engine === 'docker' && configuration.podmanOnly !== undefined);
  const hosts = target.hosts.filter((host) => !refusing.includes(host));
  const predictions = target.hosts.map((host) =>
    // Of a container that the engine refuses to create nothing is foretold.
    refusing.includes(host) ? unforeseen(host, request) : predict(container, host, request),
  );
  const context: RuleContext = {
    configuration,
    container,
    agent: agent.name,
    request,
    hosts,
    refusing,
    predictions,
    obstacles: hosts.flatMap((host) => obstaclesOn(container, host, request)),
  };
  const vain = vainCapabilities(context);
  const off = switchedOff(context) !== undefined;
  const findings = whileOff(
    context,
    RULES.flatMap((rule) => rule.check(context)),
  );
  return {
    configuration,
    request,
    hosts: target.hosts,
    predictions,
    obstacles: context.obstacles,
    findings: [...findings].sort(byPlace(configuration.file)),
    ...(off ? NO_REPAIRS : repairs(context, vain)),
  };
}

/** devcontainer.json first, then the other files by name; within a file from top to bottom, in the order of the rules. */
function byPlace(first: string): (a: Finding, b: Finding) => number {
  const rank = (file: string): string => (file === first ? '' : file);
  return (a, b) =>
    rank(a.place.file).localeCompare(rank(b.place.file)) ||
    a.place.range.start.line - b.place.range.start.line ||
    a.place.range.start.character - b.place.range.start.character;
}
