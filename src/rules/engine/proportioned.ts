import { GATE_NAMES } from '../../model/gates.js';
import { fitting, MAX_HEADLINE } from '../../model/headline.js';
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
  const stopping = judgement.findings.filter(({ severity }) => severity === 'error' || severity === 'warning');
  const [worst] = SEVERITIES.toReversed().flatMap((severity) =>
    stopping.flatMap((finding) => (finding.severity === severity ? informing(judgement, finding) : [])),
  );
  return worst ? [worst] : [];
}

/** Of the same rule and about the same hosts, so that the fixes are the same; nothing where it is about no gate. */
function informing({ request: { agent } }: Judgement, finding: Finding): readonly Finding[] {
  const { gate, hosts } = finding;
  if (gate === undefined) return [];
  const says = (what: string): string => `${agent.name} ${what}: ${GATE_NAMES[gate]}`;
  return [
    stated({
      ...finding,
      severity: 'info',
      headline: fitting(MAX_HEADLINE, says('would not start here'), says('would fail here'), says('would fail')),
      details: [
        `You can ignore this if you do not use ${agent.name}: no file of this configuration names it.`,
        `Fails on ${list(displayNames(hosts))}.`,
      ],
    }),
  ];
}
