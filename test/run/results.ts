import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './project.js';

/** What mocha's JSON reporter writes of a suite, as far as it is read here. */
export interface Results {
  readonly stats: { readonly passes: number; readonly failures: number };
  readonly failures: readonly {
    readonly fullTitle: string;
    readonly err: { readonly message?: string; readonly stack?: string };
  }[];
}

/** Mocha's reporter with the file for its results: options of a Mocha. */
export function reporting(suite: string): { readonly reporter: string; readonly reporterOptions: { output: string } } {
  return { reporter: join(root, 'test/run/reporter.cjs'), reporterOptions: { output: resultsFile(suite) } };
}

/** Where the results of a suite are written; package.json names the same files. */
export function resultsFile(suite: string): string {
  return join(root, 'out/results', `${suite}.json`);
}

/** Removes what an earlier run has left, so that what is read is of this one. */
export function forgetResults(suite: string): void {
  rmSync(resultsFile(suite), { force: true });
}

/** The results of a suite. @returns undefined when it has written none, as one that crashed */
export function readResults(suite: string): Results | undefined {
  try {
    return JSON.parse(readFileSync(resultsFile(suite), 'utf8')) as Results;
  } catch {
    return undefined;
  }
}
