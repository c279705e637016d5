import { mkdtempSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';

type Ending = () => Promise<void>;

const endings: Ending[] = [];

/** Registers what has to be ended when the program ends, however it ends; the last registered comes first. */
export function atEnd(ending: Ending): void {
  endings.push(ending);
}

async function endAll(): Promise<void> {
  for (let ending = endings.pop(); ending; ending = endings.pop()) {
    try {
      await ending();
    } catch (error) {
      console.error(String(error));
    }
  }
}

/** Runs a program whose result is its exit status: an error becomes one line and status 1, a signal ends it tidily. */
export async function runProgram(program: () => Promise<number>): Promise<never> {
  const interrupted = new Promise<number>((resolve) => {
    process.once('SIGHUP', () => {
      // The terminal is gone, and with it whoever would read.
      for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
      resolve(129);
    });
    process.once('SIGINT', () => {
      resolve(130);
    });
    process.once('SIGTERM', () => {
      resolve(143);
    });
  });
  let status = 1;
  try {
    status = await Promise.race([program(), interrupted]);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
  }
  await endAll();
  // Not waiting for what a library has left open, such as a socket of the browser's.
  process.exit(status);
}

/** A folder for this run, removed at its end. TMPDIR points into it, so that what VS Code and Chromium forget goes too. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'codex-sandbox-check-')));
  process.env['TMPDIR'] = folder;
  // A process that has just been killed may still be creating a file.
  atEnd(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  return folder;
}

/** Ends a process that leads its own group (`detached`) and all that it started: SIGTERM, then SIGKILL after three seconds. */
export async function endGroup(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  const signal = (name: 'SIGTERM' | 'SIGKILL'): void => {
    try {
      process.kill(-pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  const running = child.exitCode === null && child.signalCode === null;
  const gone = running ? new Promise((resolve) => child.once('exit', resolve)) : undefined;
  signal('SIGTERM');
  const timer = setTimeout(signal, 3000, 'SIGKILL');
  await gone;
  clearTimeout(timer);
  // The leader is gone; an extension host may outlive it by seconds.
  signal('SIGKILL');
}
