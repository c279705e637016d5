import { spawn } from 'node:child_process';
import { endGroup } from '../run/lifetime.js';

/** How a process ended and what it printed. */
export interface Ended {
  /** undefined: it was ended by a signal, for instance because it took too long. */
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Long enough for a build that installs packages, in milliseconds. */
const LIMIT_MS = 300_000;

/**
 * Runs a program to its end, whatever its end is.
 * @param limit after so many milliseconds it is killed
 * @param interruption ends it and all that it has started
 * @throws Error when it cannot be started
 */
export async function run(
  program: string,
  args: readonly string[],
  limit = LIMIT_MS,
  interruption?: AbortSignal,
): Promise<Ended> {
  interruption?.throwIfAborted();
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limit,
    killSignal: 'SIGKILL',
    // The leader of a group, which can be ended as a whole.
    detached: interruption !== undefined,
  });
  const end = (): void => void endGroup(child);
  interruption?.addEventListener('abort', end);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      interruption?.removeEventListener('abort', end);
      resolve({ status: status ?? undefined, stdout, stderr });
    });
  });
}

/**
 * Runs a program that has to succeed.
 * @returns its stdout, without white space at its ends
 * @throws Error with the end of what it printed when its exit status is not 0
 */
export async function succeed(
  program: string,
  args: readonly string[],
  limit = LIMIT_MS,
  interruption?: AbortSignal,
): Promise<string> {
  const { status, stdout, stderr } = await run(program, args, limit, interruption);
  if (status === 0) return stdout.trim();
  const end = status === undefined ? 'was ended by a signal' : `failed (${status})`;
  throw new Error(`${program} ${args.join(' ')} ${end}:\n${`${stdout}\n${stderr}`.trim().slice(-4000)}`);
}
