import { readContainers, type ContainerDescription } from './containerInspect.js';
import { FOLDER_LABEL, readLabels, sameFolder, type DevContainerLabels } from './devcontainerLabels.js';
import { enginesHere, type Engine, type EngineOptions } from './engines.js';
import { NoContainerError } from './noContainer.js';

/** A running container and the engine that runs it. */
export interface FoundContainer {
  readonly engine: Engine;
  readonly container: ContainerDescription;
  readonly labels: DevContainerLabels;
}

function noEngine(engines: readonly Engine[], said: readonly string[]): NoContainerError {
  if (engines.length === 0) {
    return new NoContainerError(
      'Neither docker nor podman was found on PATH, and programs below the workspace folder are never run. ' +
        'Install one of them, or run the probe inside the container.',
      'engine',
    );
  }
  const words = said.find((text) => text.trim() !== '')?.trim() ?? 'it did not answer in time';
  return new NoContainerError(
    `${engines.map(({ name }) => name).join(' and ')} cannot list containers: ${words}`,
    'engine',
  );
}

/**
 * The running containers that were made for a folder of this machine by a dev container tool (VS Code, the dev container CLI,
 * DevPod): by their label devcontainer.local_folder. The youngest first, as the engine lists them.
 * @throws NoContainerError when no engine answers
 */
export async function containersOf(folder: string, options: EngineOptions): Promise<readonly FoundContainer[]> {
  const engines = await enginesHere(options);
  const said: string[] = [];
  const found: FoundContainer[] = [];
  let answered = false;
  for (const engine of engines) {
    // By the label's name alone: paths are compared here, where Windows' spellings are known.
    const listed = await engine.ask('ps', '--quiet', '--no-trunc', '--filter', `label=${FOLDER_LABEL}`);
    if (listed.exitCode !== 0) {
      said.push(listed.stderr);
      continue;
    }
    answered = true;
    const ids = listed.stdout.split(/\s+/).filter((id) => /^[0-9a-f]{12,64}$/.test(id));
    if (ids.length === 0) continue;
    const described = await engine.ask('inspect', '--type', 'container', ...ids);
    for (const container of readContainers(described.stdout)) {
      const labels = readLabels(container);
      const isOfFolder = labels.localFolder !== undefined && sameFolder(labels.localFolder, folder);
      // Podman under Docker's name (the package podman-docker) shows its containers a second time.
      const isKnown = found.some((other) => other.container.id === container.id);
      if (container.running && isOfFolder && !isKnown) found.push({ engine, container, labels });
    }
  }
  options.signal?.throwIfAborted();
  if (!answered) throw noEngine(engines, said);
  return found;
}

/**
 * The running container of that id or name.
 * @throws NoContainerError when there is none, or it does not run
 */
export async function containerNamed(wanted: string, options: EngineOptions): Promise<FoundContainer> {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(wanted)) {
    throw new NoContainerError(`"${wanted}" is not the id or the name of a container.`, 'none');
  }
  const engines = await enginesHere(options);
  const said: string[] = [];
  for (const engine of engines) {
    const described = await engine.ask('inspect', '--type', 'container', wanted);
    const [container] = readContainers(described.stdout);
    if (container?.running === true) return { engine, container, labels: readLabels(container) };
    if (container) {
      throw new NoContainerError(`The container "${wanted}" does not run. Start it and probe it again.`, 'not running');
    }
    said.push(described.stderr);
  }
  options.signal?.throwIfAborted();
  const missing = said.find((text) => /no such (?:container|object)/i.test(text));
  if (missing !== undefined) throw new NoContainerError(`There is no container "${wanted}".`, 'none');
  throw noEngine(engines, said);
}
