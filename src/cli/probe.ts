import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { runProbe } from '../probe/run.js';
import { probeReport } from '../probe/text.js';
import { wantsColour } from '../report/terminal.js';
import { InputError } from './errors.js';
import type { ExitStatus, Io } from './io.js';

/** What the folder of a project holds. */
const MARKERS = ['.devcontainer', '.devcontainer.json', '.git'];

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * The folder of which the probe runs nothing: the project around the current directory, else that directory. `/` means
 * that there is none; a home folder that is no project is none, for Codex may be installed in it.
 */
export async function projectAround(cwd: string, home = homedir()): Promise<string> {
  for (let folder = cwd; folder !== dirname(folder); folder = dirname(folder)) {
    const found = await Promise.all(MARKERS.map((marker) => exists(join(folder, marker))));
    if (found.includes(true)) return folder;
  }
  return cwd === home ? '/' : cwd;
}

const STATUS = { works: 0, fails: 1, unknown: 2 } as const;

/**
 * `probe`: measures here and reports. Exit status 2: what was measured does not tell.
 * @throws InputError when the probe cannot run here or is interrupted
 */
export async function probe(format: 'text' | 'json', io: Io): Promise<ExitStatus> {
  if (process.platform !== 'linux') {
    throw new InputError(
      'The probe measures Linux containers, and this is none. Run it inside the dev container, for instance in its terminal.',
    );
  }
  // Loaded here: only the bundle knows how to import a shell script.
  const { default: script } = await import('../../media/probe.sh');
  const { signal, release } = io.interruption();
  try {
    const observation = await runProbe({ script, workspace: await projectAround(io.cwd), signal });
    io.out(
      format === 'json'
        ? `${JSON.stringify(observation, undefined, 2)}\n`
        : probeReport(observation, { colour: wantsColour(io.terminal, io.env) }),
    );
    return STATUS[observation.outcome];
  } catch (error) {
    throw new InputError(
      signal.aborted ? 'The probe was interrupted.' : error instanceof Error ? error.message : String(error),
      { cause: error },
    );
  } finally {
    release();
  }
}
