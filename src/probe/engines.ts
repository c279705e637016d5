import { askProgram, type Answer } from './askProgram.js';
import { findProgram } from './findProgram.js';

/** The container engines, in the order in which they are asked. */
export const ENGINE_NAMES = ['docker', 'podman'] as const;

/** How long an engine may take to answer. */
const TIME_LIMIT_MS = 10_000;

/** Where programs are looked for, and what ends them. */
export interface EngineOptions {
  /** Folders from which nothing is run. */
  readonly workspaces: readonly string[];
  /** Default: this process's environment. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/** A container engine's command line on this machine. */
export interface Engine {
  readonly name: (typeof ENGINE_NAMES)[number];
  /** Its path. */
  readonly program: string;
  /** Asks it, until the options' signal is aborted. */
  ask(...args: readonly string[]): Promise<Answer>;
  /** Asks it whatever the signal says: to tidy up after it. */
  tell(...args: readonly string[]): Promise<Answer>;
}

/** The engines whose command line is on PATH, whether they answer or not. */
export async function enginesHere(options: EngineOptions): Promise<readonly Engine[]> {
  const { workspaces, environment = process.env, signal } = options;
  const found = await Promise.all(
    ENGINE_NAMES.map(async (name): Promise<Engine[]> => {
      const program = await findProgram(name, workspaces, environment['PATH'] ?? '');
      if (program === undefined) return [];
      const question = { program, environment, workspaces, timeLimitMs: TIME_LIMIT_MS };
      const ask: Engine['ask'] = (...args) => askProgram({ ...question, args, signal });
      const tell: Engine['tell'] = (...args) => askProgram({ ...question, args });
      return [{ name, program, ask, tell }];
    }),
  );
  return found.flat();
}
