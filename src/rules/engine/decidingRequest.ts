import type { AgentRequest } from '../../model/agent/request.js';
import type { Container } from '../../model/container/container.js';
import type { Host } from '../../model/host.js';
import { predict, type Prediction } from '../../model/sandbox/predict.js';

/** The request that a configuration is judged by. */
export interface Deciding {
  readonly request: AgentRequest;
  /** Where another one would be judged otherwise: a sentence that says which one it is about. */
  readonly remark?: string;
}

function count(predictions: readonly Prediction[], wanted: Prediction['outcome']): number {
  return predictions.filter(({ outcome }) => outcome === wanted).length;
}

/** Above 0: a is worse. A failure on one more host outweighs all that is not known. */
function worse(a: readonly Prediction[], b: readonly Prediction[]): number {
  return count(a, 'fails') - count(b, 'fails') || count(a, 'unknown') - count(b, 'unknown');
}

function isAlike(a: readonly Prediction[], b: readonly Prediction[]): boolean {
  return a.every(({ outcome, gate }, index) => outcome === b[index]?.outcome && gate === b[index].gate);
}

/** Which install of an agent a request is of, for people. */
function nameOf({ agent, version, extension }: AgentRequest): string {
  return extension ? `the ${agent.name} of the ChatGPT extension` : `${agent.name} ${version}`;
}

/** Of several installs of an agent the one that fares worst on these hosts, the first of those that fare alike. */
export function decidingRequest(
  requests: readonly [AgentRequest, ...AgentRequest[]],
  container: Container,
  hosts: readonly Host[],
): Deciding {
  const judged = requests.map((request) => ({
    request,
    predictions: hosts.map((host) => predict(container, host, request)),
  }));
  const [first] = judged;
  if (first === undefined || judged.length === 1) return { request: requests[0] };
  const worst = judged.reduce((a, b) => (worse(b.predictions, a.predictions) > 0 ? b : a), first);
  const others = judged.filter(({ predictions }) => !isAlike(predictions, worst.predictions));
  if (others.length === 0) return { request: worst.request };
  const names = others.map(({ request }) => nameOf(request)).join(' or ');
  return { request: worst.request, remark: `This is about ${nameOf(worst.request)}, not about ${names}.` };
}
