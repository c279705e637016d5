import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from '../project.js';
import type { SuitePackages } from './packageLists.js';

/** What Codex did with one bubblewrap in each of the containers of the matrix (matrix.ts). */
export interface Behaviour {
  /** By the title of the container: `works`, or `fails: ` with the last line that was printed. */
  readonly outcomes: Readonly<Record<string, string>>;
  /** The arguments that bubblewrap was started with, each start one line. */
  readonly starts: readonly string[];
  /** What bubblewrap called that Docker's default profile refuses. */
  readonly needs: readonly string[];
  /** What of it the tailored profile refuses as well. */
  readonly refused: readonly string[];
}

/** What was found: what `--write` records and what the next run compares with. */
export interface Findings {
  /** By packageKey: the version. */
  readonly packages: Readonly<Record<string, string>>;
  /** By behaviourKey. */
  readonly behaviours: Readonly<Record<string, Behaviour>>;
}

/** Relative to the repository's folder. */
export const KNOWN_FILE = 'test/ground-truth/drift.json';

/** The key of a package. */
export function packageKey(release: string, name: string): string {
  return `${release} ${name}`;
}

/** The key of a behaviour. `release` packages the bubblewrap; undefined: it is the one that comes with Codex. */
export function behaviourKey(codex: string, release: string | undefined): string {
  return `Codex ${codex} with ${release === undefined ? 'its own bubblewrap' : `the bubblewrap of ${release}`}`;
}

/** What was recorded last. */
export function readKnown(): Findings {
  return JSON.parse(readFileSync(join(root, KNOWN_FILE), 'utf8')) as Findings;
}

/** What to record: of suites that were not reached what is known of them already. */
export function recorded(
  known: Findings,
  suites: readonly SuitePackages[],
  behaviours: Findings['behaviours'],
): Findings {
  const packages = suites.flatMap(({ suite, release = suite, versions }) =>
    Object.entries(versions).map(([name, version]) => [packageKey(release, name), version] as const),
  );
  const reached = suites.map(({ suite, release = suite }) => release);
  const isOf = (key: string): boolean =>
    reached.some((release) => key.endsWith(` ${release}`)) || key.endsWith('its own bubblewrap');
  const kept = Object.entries(known.behaviours).filter(([key]) => !isOf(key));
  return {
    packages: sorted({ ...known.packages, ...Object.fromEntries(packages) }),
    behaviours: sorted({ ...Object.fromEntries(kept), ...behaviours }),
  };
}

function sorted<T>(entries: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Writes it. */
export async function writeKnown(findings: Findings): Promise<void> {
  const file = join(root, KNOWN_FILE);
  const options = await resolveConfig(file);
  writeFileSync(file, await format(JSON.stringify(findings), { ...options, parser: 'json' }));
}
