import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Network } from '../model/codex.js';
import { execIn } from '../probe/execPrefix.js';
import { containerNamed, containersOf, type FoundContainer } from '../probe/findContainer.js';
import { runProbe, type ProbeOptions } from '../probe/run.js';
import { probeReport } from '../probe/text.js';
import { oneLine, wantsColour } from '../report/terminal.js';
import { InputError } from './errors.js';
import type { ExitStatus, Io } from './io.js';

/** Where and what `probe` measures. */
export interface ProbeCommand {
  readonly format: 'text' | 'json';
  readonly where:
    | { readonly kind: 'here' }
    | { readonly kind: 'container'; readonly container: string }
    /** A folder of this machine. */
    | { readonly kind: 'workspace'; readonly folder: string };
  readonly network: Network;
  readonly url: string | undefined;
}

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

type Place = Pick<ProbeOptions, 'prefix' | 'workspace' | 'endElsewhere'>;

function inContainer(found: FoundContainer): Place {
  const { prefix, workspace, end } = execIn(found);
  return { prefix, workspace, endElsewhere: end };
}

async function onlyContainerOf(folder: string, signal: AbortSignal, io: Io): Promise<FoundContainer> {
  const [first, ...others] = await containersOf(folder, { workspaces: [folder], environment: io.env, signal });
  if (first === undefined) {
    if (!(await exists(folder))) throw new InputError(`${folder} does not exist, and no container was made for it.`);
    throw new InputError(
      `No dev container of ${folder} runs. Start it (devcontainer up --workspace-folder, or VS Code), or name one with --container.`,
    );
  }
  if (others.length > 0) {
    const names = [first, ...others].map(({ container, labels }) =>
      [container.name, labels.configFile].filter((part) => part !== undefined).join(' from '),
    );
    throw new InputError(`Several dev containers of ${folder} run. Name one with --container: ${names.join('; ')}.`);
  }
  return first;
}

async function placeOf(where: ProbeCommand['where'], signal: AbortSignal, io: Io): Promise<Place> {
  switch (where.kind) {
    case 'here':
      if (process.platform !== 'linux') {
        throw new InputError(
          'The probe measures Linux containers, and this is none. Run it inside the dev container, or say --workspace or --container.',
        );
      }
      return { workspace: await projectAround(io.cwd) };
    case 'container': {
      const options = { workspaces: [await projectAround(io.cwd)], environment: io.env, signal };
      return inContainer(await containerNamed(where.container, options));
    }
    case 'workspace':
      return inContainer(await onlyContainerOf(resolve(io.cwd, where.folder), signal, io));
  }
}

/**
 * `probe`: measures here or in a container, and reports. Exit status 2: what was measured does not tell.
 * @throws InputError when the probe cannot run there or is interrupted
 */
export async function probe({ format, where, network, url }: ProbeCommand, io: Io): Promise<ExitStatus> {
  // Loaded here: only the bundle knows how to import a shell script.
  const { default: script } = await import('../../media/probe.sh');
  const { signal, release } = io.interruption();
  try {
    const place = await placeOf(where, signal, io);
    const observation = await runProbe({ script, ...place, network, url, signal, environment: io.env });
    io.out(
      format === 'json'
        ? `${JSON.stringify(observation, undefined, 2)}\n`
        : probeReport(observation, { colour: wantsColour(io.terminal, io.env) }),
    );
    return STATUS[observation.outcome];
  } catch (error) {
    if (error instanceof InputError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError(signal.aborted ? 'The probe was interrupted.' : oneLine(why), { cause: error });
  } finally {
    release();
  }
}
