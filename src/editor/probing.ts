import * as vscode from 'vscode';
import type { FoundContainer } from '../probe/findContainer.js';
import { NoContainerError } from '../probe/noContainer.js';
import type { Linting } from './linting.js';
import { inform } from './messages.js';
import type { Probed, Prober } from './prober.js';
import { startContainer, waysToStart } from './startContainer.js';

/** Nothing runs that could be measured; the user may want to start it. */
export class NothingRuns extends Error {}

/** Finds where to measure for a folder, measures there, and has the diagnostics say what came of it. */
export class Probing {
  constructor(
    private readonly prober: Prober,
    private readonly linting: Linting,
  ) {}

  /**
   * @param said is told where it measures, a sentence, and the name of the container, if it is not here
   * @throws NothingRuns when the window is local and no dev container of the folder runs; the signal's reason when it is aborted;
   * an Error with a message for people when the probe cannot run
   */
  async run(
    folder: vscode.WorkspaceFolder,
    signal: AbortSignal,
    said: (where: string, container?: string) => void,
  ): Promise<Probed> {
    const container = (await this.prober.insideContainer()) ? undefined : await this.#container(folder, signal);
    said(
      container
        ? vscode.l10n.t('Measuring in the container {0} …', container.container.name)
        : vscode.l10n.t('Measuring here …'),
      container?.container.name,
    );
    const predicted = await this.linting.predictedFor(folder);
    const network = predicted[0]?.request.network ?? 'restricted';
    const probed = await this.prober.run({ folder, container, network, signal });
    await this.linting.measured(folder, probed, predicted);
    return probed;
  }

  /** Asks whether to start the dev container of the folder, by what can do it here; resolves to whether it runs now. */
  async offerToStart(folder: vscode.WorkspaceFolder, why: string): Promise<boolean> {
    const up = vscode.workspace.isTrusted ? await this.prober.devcontainerUp(folder) : undefined;
    const [way] = waysToStart(up);
    if (way === undefined) {
      void inform(
        `${why} ${vscode.l10n.t('Start it with the Dev Containers extension or with "devcontainer up", then check again.')}`,
      );
      return false;
    }
    const choice = await inform(why, way.title);
    return choice === way.title && startContainer(way, folder);
  }

  async #container(folder: vscode.WorkspaceFolder, signal: AbortSignal): Promise<FoundContainer> {
    let found: readonly FoundContainer[];
    try {
      found = await this.prober.containersOf(folder, signal);
    } catch (error) {
      // Without an engine on this machine there may still be one that the Dev Containers extension knows.
      if (error instanceof NoContainerError) throw new NothingRuns(error.message, { cause: error });
      throw error;
    }
    const [first] = found;
    if (!first) throw new NothingRuns(vscode.l10n.t('No dev container of {0} runs.', folder.name));
    return found.length === 1 ? first : pick(found, signal);
  }
}

async function pick(found: readonly FoundContainer[], signal: AbortSignal): Promise<FoundContainer> {
  const items = found.map((one) => ({
    label: one.container.name,
    description: one.labels.configFile ?? '',
    one,
  }));
  const closing = new vscode.CancellationTokenSource();
  const close = (): void => {
    closing.cancel();
  };
  signal.addEventListener('abort', close);
  try {
    const options = { title: vscode.l10n.t('Measure in which container?') };
    const chosen = await vscode.window.showQuickPick(items, options, closing.token);
    signal.throwIfAborted();
    if (!chosen) throw new Error(vscode.l10n.t('No container was chosen, so nothing was measured.'));
    return chosen.one;
  } finally {
    signal.removeEventListener('abort', close);
    closing.dispose();
  }
}
