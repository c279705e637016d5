import { oneLine } from '../report/terminal.js';
import { RULES } from '../rules/index.js';
import { page } from '../rules/engine/page.js';
import { UsageError } from './errors.js';
import type { ExitStatus, Io } from './io.js';
import { didYouMean } from './nearest.js';

/**
 * `rules`: lists the rules, or prints the page of one.
 * @throws UsageError when there is no rule of that id
 */
export function rules(id: string | undefined, io: Io): ExitStatus {
  if (id !== undefined) {
    const rule = RULES.find((r) => r.id === id);
    if (rule === undefined) {
      const ids = RULES.map((r) => r.id);
      throw new UsageError(`"${oneLine(id)}" is not a rule.${didYouMean(id, ids)} The rules are ${ids.join(', ')}.`);
    }
    io.out(page(rule));
    return 0;
  }
  const width = Math.max(...RULES.map((r) => r.id.length));
  io.out(RULES.map((r) => `${r.id.padEnd(width)}  ${r.title}\n`).join(''));
  return 0;
}
