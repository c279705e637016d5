import { join } from 'node:path';
import type { Observation } from '../../src/probe/observation.js';
import { root } from '../run/project.js';
import { CODEX_VERSION } from './codex.js';
import { run, type Ended } from './process.js';

/** The part of `check --format json` that the suite looks at. */
export interface Checked {
  readonly file: string;
  readonly predictions: readonly {
    readonly host: string;
    readonly outcome: 'works' | 'fails' | 'unknown';
    readonly gate: string | null;
    readonly error: string | null;
  }[];
  readonly findings: readonly { readonly rule: string; readonly severity: string; readonly message: string }[];
}

/** The command line under test: the one that CODEX_SANDBOX_CHECK_CLI names, else the one that was built last. */
export const CLI = process.env['CODEX_SANDBOX_CHECK_CLI'] ?? join(root, 'dist/cli.cjs');

const TARGET = ['--host', 'docker-desktop', '--codex', CODEX_VERSION];

/** What `check` says about the one configuration in a folder, and its exit status. */
export async function check(folder: string): Promise<Checked & { readonly status: number | undefined }> {
  const { status, stdout, stderr } = await run(process.execPath, [CLI, 'check', ...TARGET, '--format', 'json', folder]);
  if (status !== 0 && status !== 1) throw new Error(`check ended with ${String(status)}:\n${stdout}\n${stderr}`);
  const { configurations } = JSON.parse(stdout) as { configurations: readonly Checked[] };
  const [configuration, another] = configurations;
  if (!configuration || another) throw new Error(`check found ${configurations.length} configurations in ${folder}`);
  return { ...configuration, status };
}

/** Lets `fix --write` change the files in a folder. */
export async function fix(folder: string): Promise<void> {
  const { status, stdout, stderr } = await run(process.execPath, [CLI, 'fix', ...TARGET, '--write', folder]);
  if (status !== 0 && status !== 1) throw new Error(`fix ended with ${String(status)}:\n${stdout}\n${stderr}`);
}

/** Runs `probe` with these arguments to its end. */
export function probe(...args: readonly string[]): Promise<Ended> {
  return run(process.execPath, [CLI, 'probe', ...args]);
}

/** What `probe --format json` with these arguments has measured. */
export async function measure(...args: readonly string[]): Promise<Observation> {
  const { stdout, stderr } = await probe('--format', 'json', ...args);
  if (stdout === '') throw new Error(`probe printed nothing: ${stderr}`);
  return JSON.parse(stdout) as Observation;
}
