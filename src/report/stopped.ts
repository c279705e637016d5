import type { Finding } from '../rules/engine/rule.js';
import type { Judgement } from '../rules/judge.js';

/** What says that there is no container at all on that host, whatever is predicted of the sandbox in it; undefined: there is one. */
export function stoppedBy({ findings }: Pick<Judgement, 'findings'>, host: string): Finding | undefined {
  return findings.find(
    ({ stops, hosts }) => stops !== undefined && (hosts.length === 0 || hosts.some((name) => name === host)),
  );
}

/** The same as a clause, with its cause or without it. */
export function stopClause({ stops = '' }: Finding, cause: 'with cause' | 'without cause'): string {
  const [effect = stops] = stops.split(': ');
  return cause === 'with cause' ? stops : effect;
}
