import { resolve } from 'node:path';
import type { Network } from '../model/agent/request.js';
import { boundariesOf, exists, projectAround } from '../probe/boundary.js';
import type { EngineOptions } from '../probe/engines.js';
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

const STATUS = { works: 0, fails: 1, unknown: 2 } as const;

type Place = Pick<ProbeOptions, 'prefix' | 'workspace' | 'others' | 'boundaries' | 'endElsewhere'>;

async function onlyContainerOf(folder: string, options: EngineOptions): Promise<FoundContainer> {
  const [first, ...others] = await containersOf(folder, options);
  if (first === undefined) {
    if (!(await exists(folder))) throw new InputError(`${folder} does not exist, and no container was created for it.`);
    throw new InputError(
      `No dev container of ${folder} is running. Start it (for example with \`devcontainer up\`), or name a container with --container.`,
    );
  }
  if (others.length > 0) {
    const names = [first, ...others].map(({ container, labels }) =>
      [container.name, labels.configFile].filter((part) => part !== undefined).join(' from '),
    );
    throw new InputError(
      `Several dev containers of ${folder} are running. Name one with --container: ${names.join('; ')}.`,
    );
  }
  return first;
}

/** Nothing is run from the projects of the current directory and of the folder that the command is about. */
async function placeOf(where: ProbeCommand['where'], script: string, signal: AbortSignal, io: Io): Promise<Place> {
  if (where.kind === 'here') {
    if (process.platform !== 'linux') {
      throw new InputError(
        'The probe measures Linux containers, and this is not one. Run it inside the dev container, or use --workspace or --container.',
      );
    }
    return { workspace: await projectAround(io.cwd) };
  }
  const folder = where.kind === 'workspace' ? resolve(io.cwd, where.folder) : io.cwd;
  const boundaries = await boundariesOf([io.cwd, folder]);
  const options = { workspaces: boundaries, environment: io.env, signal };
  const found =
    where.kind === 'workspace'
      ? await onlyContainerOf(folder, options)
      : await containerNamed(where.container, options);
  return { ...(await execIn(found, script)), boundaries };
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
    const place = await placeOf(where, script, signal, io);
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
