import type { Demands } from '../agent/agent.js';
import type { AgentRequest } from '../agent/request.js';
import type { Chosen } from '../bwrap/bwrap.js';
import type { BwrapCall } from '../bwrap/calls.js';
import type { Container } from '../container/container.js';
import type { Host } from '../host.js';
import type { SystemCall } from '../seccomp/filter.js';
import type { Ternary } from '../ternary.js';

/** What is judged: an agent in a container on a host. */
export interface Situation {
  readonly container: Container;
  readonly host: Host;
  readonly request: AgentRequest;
  readonly demands: Demands;
  readonly chosen: Chosen;
  readonly calls: Readonly<Record<BwrapCall, SystemCall>>;
}

/** A gate's answer: undefined is open; `error` is the text that is printed on stderr. */
export type Verdict = { readonly error: string } | 'unknown' | undefined;

/** Closed with this error where the condition holds. */
export function closedWhen(condition: Ternary, error: string): Verdict {
  return condition === undefined ? 'unknown' : condition ? { error } : undefined;
}
