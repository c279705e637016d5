import { spawn } from 'node:child_process';
import { endable, endChild } from './endChild.js';
import { programEnvironment } from './programEnvironment.js';

/** More than an engine says about anything that it is asked here. */
const MOST_BYTES = 4_000_000;

/** How a program is asked. */
export interface Question {
  /** Where it was found (findProgram.ts). */
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Folders from which it may start nothing either. */
  readonly workspaces: readonly string[];
  readonly timeLimitMs: number;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
  /** Default: this process's. */
  readonly platform?: NodeJS.Platform;
}

/** What a program said. */
export interface Answer {
  /** null: it could not be started, took too long, said too much or was ended. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, without a shell and without input. Never fails: that it could not run is in the answer. */
export async function askProgram(question: Question): Promise<Answer> {
  const { program, args, environment, workspaces, timeLimitMs, signal, platform = process.platform } = question;
  const env = await programEnvironment(environment, workspaces);
  return new Promise((resolve) => {
    const child = spawn(program, [...args], {
      ...endable(platform),
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    let bytes = 0;
    const answer = (exitCode: number | null, stderr?: string): void => {
      clearTimeout(limit);
      signal?.removeEventListener('abort', stop);
      const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('utf8');
      resolve({ exitCode, stdout: text(said.stdout), stderr: stderr ?? text(said.stderr) });
    };
    const stop = (): void => {
      endChild(child, 'SIGKILL', platform);
      // What has left the group must not keep this process waiting for its pipes.
      child.stdout.destroy();
      child.stderr.destroy();
      answer(null);
    };
    const limit = setTimeout(stop, timeLimitMs);
    signal?.addEventListener('abort', stop);
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].on('data', (chunk: Buffer) => {
        said[stream].push(chunk);
        bytes += chunk.length;
        if (bytes > MOST_BYTES) stop();
      });
    }
    child.on('error', (error) => {
      answer(null, error.message);
    });
    child.on('close', (exitCode) => {
      answer(exitCode);
    });
    if (signal?.aborted === true) stop();
  });
}
