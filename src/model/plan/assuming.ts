/** What is predicted where something has to be assumed: the container is judged as it is known, and then as it most likely is. */

import type { AgentRequest } from '../agent/request.js';
import type { Assumption } from '../container/assumption.js';
import type { Container } from '../container/container.js';
import type { Host } from '../host.js';
import { predict, type Prediction } from '../sandbox/predict.js';
import { obstaclesOn, type Obstacle } from './obstacles.js';

/** The prediction; it has a condition where only the assumption decides it. */
export function predictAssuming(
  container: Container,
  assumption: Assumption | undefined,
  host: Host,
  request: AgentRequest,
): Prediction {
  const known = predict(container, host, request);
  if (!assumption || known.outcome !== 'unknown') return known;
  const likely = predict(assumption.container, host, request);
  return likely.outcome === 'unknown' ? known : { ...likely, condition: assumption.condition };
}

/** All closed gates; one has a condition where only the assumption closes it. */
export function obstaclesAssuming(
  container: Container,
  assumption: Assumption | undefined,
  host: Host,
  request: AgentRequest,
): readonly Obstacle[] {
  const known = obstaclesOn(container, host, request);
  if (!assumption) return known;
  const { condition } = assumption;
  // What is known is met first, and the same: an assumption only fills in what is open.
  return obstaclesOn(assumption.container, host, request).map((obstacle, index) =>
    index < known.length ? obstacle : { ...obstacle, condition },
  );
}
