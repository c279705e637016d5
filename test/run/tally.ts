import type { Results } from './results.js';

/** A command that ran suites: its exit status and what each suite has written, by name; undefined where one wrote nothing. */
export interface Ran {
  readonly command: string;
  readonly status: number;
  readonly suites: ReadonlyMap<string, Results | undefined>;
}

/** What came of all suites. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** A text for each failure. */
  readonly failures: readonly string[];
}

/** Adds up the suites. One that came to no end or ran no test is a failure itself, and so is a command that failed without a failing test. */
export function tally(commands: readonly Ran[]): Tally {
  const all = commands.map(tallyOf);
  return {
    passed: sum(all.map(({ passed }) => passed)),
    failed: sum(all.map(({ failed }) => failed)),
    failures: all.flatMap(({ failures }) => failures),
  };
}

function tallyOf({ command, status, suites }: Ran): Tally {
  let passed = 0;
  let failed = 0;
  const failures: string[] = [];
  for (const [name, results] of suites) {
    const { passes, failures: bad } = results?.stats ?? { passes: 0, failures: 0 };
    passed += passes;
    failed += bad;
    failures.push(...(results?.failures ?? []).map(textOf));
    if (passes + bad === 0) {
      failed += 1;
      failures.push(`${name}: ${results ? 'ran no test' : 'left no results: it did not run, or came to no end'}`);
    }
  }
  if (status !== 0 && failed === 0) {
    failed += 1;
    failures.push(`${command} ended with status ${status}, though no test failed`);
  }
  return { passed, failed, failures };
}

function textOf({ fullTitle, err }: Results['failures'][number]): string {
  return [fullTitle, err.stack ?? err.message ?? ''].join('\n').trim();
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
