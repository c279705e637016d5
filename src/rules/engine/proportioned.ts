import { GATE_NAMES } from '../../model/gates.js';
import { displayNames } from '../../model/host.js';
import { list } from '../../model/wordList.js';
import type { Judgement } from './judgement.js';
import { SEVERITIES, stated, type Finding } from './rule.js';

/**
 * The findings of a configuration in proportion to whether Codex is used there. Where nothing shows that it is, whoever opens the
 * repository has not asked: what would stop Codex is one piece of information, and what only might is not said.
 * @param isUsed whether files, the machine or the user show that Codex is used
 */
export function proportioned(judgement: Judgement, isUsed: boolean): readonly Finding[] {
  if (isUsed) return judgement.findings;
  const stopping = judgement.findings.filter(
    ({ gate, severity }) => gate !== undefined && (severity === 'error' || severity === 'warning'),
  );
  const worst = Math.max(...stopping.map(rank));
  const first = stopping.find((finding) => rank(finding) === worst);
  return first ? [informing(judgement, first)] : [];
}

function rank({ severity }: Finding): number {
  return SEVERITIES.indexOf(severity);
}

/** Of the same rule and about the same hosts, so that the fixes are the same. */
function informing({ request: { agent } }: Judgement, finding: Finding): Finding {
  const { gate, headline, hosts } = finding;
  return stated({
    ...finding,
    severity: 'info',
    headline: gate === undefined ? headline : `${agent.name} would fail here: ${GATE_NAMES[gate]}`,
    details: [
      `You can ignore this if you do not use ${agent.name}: no file of this configuration names it.`,
      `Fails on: ${list(displayNames(hosts))}`,
    ],
  });
}
