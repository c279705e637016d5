import type { AgentRequest } from '../model/agent/request.js';
import { givenAway } from '../model/plan/relaxations.js';
import type { Fix } from '../rules/engine/rule.js';
import { sentence } from '../rules/engine/wording.js';

/** What a fix changes and what it costs, each fact once. */
export interface ChangesAndCosts {
  readonly changes: readonly string[];
  /** As clauses, the dearest first. */
  readonly costs: readonly string[];
}

/** What follows a change in its line: what it gives away, which is among the costs. */
const CONSEQUENCE = /^(Sets \S+=unconfined), which .*\.$/;

/** The line about an option that names a file. */
const NAMES_FILE = /^Sets seccomp=(\S+)\.$/;

/** Of the lines of a fix, those that say something new. What it adds and removes is told only where no line says it. */
export function changesAndCosts({ adds, details, relaxations, removes }: Fix, request: AgentRequest): ChangesAndCosts {
  const costs = givenAway(relaxations, request);
  const priced = costs.map((cost) => `${sentence(cost)}.`);
  const named = (line: string, file: string): boolean => line.startsWith('Adds ') && line.includes(`(${file})`);
  const changes = details
    .filter((line) => !priced.includes(line))
    .filter((line) => {
      const file = NAMES_FILE.exec(line)?.[1];
      return file === undefined || !details.some((other) => named(other, file));
    })
    .map((line) => (costs.length > 0 ? line.replace(CONSEQUENCE, '$1.') : line));
  if (changes.length > 0) return { changes, costs };
  return {
    changes: [...adds.map((thing) => `Adds ${thing}.`), ...removes.map((thing) => `Removes ${thing}.`)],
    costs,
  };
}
