import { demandsOf, type AgentRequest } from '../agent/request.js';
import { bwrapCalls, LATER_CALLS } from '../bwrap/calls.js';
import { boundingSet } from '../container/capabilities.js';
import type { Container } from '../container/container.js';
import { answerTo } from '../seccomp/answers.js';

/**
 * The calls of newer bubblewraps that the container's own seccomp profile refuses, although it lets older ones set the sandbox up;
 * none where the profile is not the container's own, or does not let them.
 */
export function laterCallsMissing(container: Container, request: AgentRequest): readonly string[] {
  const seccomp = container.seccomp.value;
  if (seccomp?.kind !== 'custom' || !seccomp.profile) return [];
  const { profile } = seccomp;
  const capabilities = boundingSet(container);
  const isOpen = Object.values(bwrapCalls(demandsOf(request).namespaces)).every(
    (call) => answerTo(profile, call, capabilities).allowed === true,
  );
  if (!isOpen) return [];
  return LATER_CALLS.filter(({ call, error }) => {
    const answer = answerTo(profile, call, capabilities);
    return answer.allowed === false && error(answer.errno) !== undefined;
  }).map(({ call }) => call.name);
}
