import { eachRequest, installName, type AgentRequest } from '../../model/agent/request.js';
import { obstaclesOn } from '../../model/plan/obstacles.js';
import { inWorkspace } from './inWorkspace.js';
import type { Finding, RuleContext } from './rule.js';
import { list } from '../../model/wordList.js';

/** Where several installs of the agent do not all meet the gate of a finding: a line that says which ones do. */
export function whoseGate(
  { configuration, container, hosts, request }: RuleContext,
  finding: Pick<Finding, 'gate' | 'hosts'>,
): string | undefined {
  if (finding.gate === undefined || request.beside === undefined) return undefined;
  const concerned = hosts.filter(({ name }) => finding.hosts.includes(name));
  const judged = inWorkspace(configuration, container);
  const meets = (each: AgentRequest): boolean =>
    concerned.some((host) => obstaclesOn(judged, host, each).some(({ gate }) => gate === finding.gate));
  const all = eachRequest(request);
  const meeting = all.filter(meets);
  if (meeting.length === 0 || meeting.length === all.length) return undefined;
  const others = all.filter((each) => !meeting.includes(each));
  return `This concerns ${list(meeting.map(installName))}, not ${list(others.map(installName))}.`;
}
