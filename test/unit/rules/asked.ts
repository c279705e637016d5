import type { Finding, Fix } from '../../../src/rules/engine/rule.js';
import type { Judgement } from '../../../src/rules/judge.js';

/** A judgement with all that it answers when somebody asks. */
export interface Asked extends Omit<Judgement, 'findings' | 'repairs'> {
  readonly findings: readonly (Finding & { readonly fixes: readonly Fix[] })[];
  readonly repairs: readonly Fix[];
  readonly otherWays: readonly Fix[];
  readonly onRequest: {
    readonly hosts: readonly string[];
    readonly repairs: readonly Fix[];
    readonly otherWays: readonly Fix[];
  };
}

/** Asks a judgement for everything. */
export function asked(judgement: Judgement): Asked {
  const { fixes, otherWays, onRequest } = judgement.repairs();
  return {
    ...judgement,
    findings: judgement.findings.map((finding) => ({ ...finding, fixes: judgement.fixesOf(finding) })),
    repairs: fixes(),
    otherWays: otherWays(),
    onRequest: { hosts: onRequest.hosts, repairs: onRequest.fixes(), otherWays: onRequest.otherWays() },
  };
}
