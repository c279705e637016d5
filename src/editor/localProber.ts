import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { boundariesOf, exists } from '../probe/boundary.js';
import { devcontainerUp } from '../probe/devcontainerUp.js';
import { execIn } from '../probe/execPrefix.js';
import { containersOf, type FoundContainer } from '../probe/findContainer.js';
import { runProbe, type ProbeOptions } from '../probe/run.js';
import { isWebAddress } from '../probe/webAddress.js';
import { openBoundaries } from './boundaries.js';
import { relativePath } from './paths.js';
import type { Prober } from './prober.js';
import { SECTION } from './settings.js';
import { trustFirst } from './trust.js';

/** Remotes of VS Code whose extension host runs in a container. */
const CONTAINER_REMOTES = ['dev-container', 'attached-container', 'codespaces'];

/** What Docker and Podman leave in their containers. */
const MARKS = ['/.dockerenv', '/run/.containerenv'];

/** Measures on the machine that the extension host runs on, in it or in its containers. */
export function localProber(extension: vscode.Uri): Prober {
  return {
    async insideContainer() {
      if (CONTAINER_REMOTES.includes(vscode.env.remoteName ?? '')) return true;
      // Podman, LXC and systemd-nspawn say so in the environment (systemd.io, "Container Interface").
      if (process.env['container']) return true;
      const marked = await Promise.all(MARKS.map(exists));
      return marked.includes(true);
    },

    madeHere,

    async containersOf(folder, signal) {
      refuseRestricted();
      return containersOf(folder.uri.fsPath, { workspaces: await openBoundaries(), signal });
    },

    async run({ folder, container, network, signal }) {
      refuseRestricted();
      const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extension, 'media', 'probe.sh'));
      const script = new TextDecoder().decode(bytes);
      const observation = await runProbe({
        script,
        ...(container
          ? { ...(await execIn(container, script)), boundaries: await openBoundaries() }
          : await here(folder)),
        network,
        url: network === 'full' ? urlToTry() : undefined,
        signal,
      });
      return container
        ? { observation, configuration: configurationOf(container, folder), made: container.container.made }
        : { observation, configuration: undefined, made: await madeHere() };
    },

    async devcontainerUp(folder) {
      return devcontainerUp(folder.uri.fsPath, { workspaces: await openBoundaries(), environment: process.env });
    },
  };
}

function refuseRestricted(): void {
  if (vscode.workspace.isTrusted) return;
  throw new Error(trustFirst());
}

type Place = Pick<ProbeOptions, 'prefix' | 'workspace' | 'others' | 'extensions' | 'boundaries' | 'endElsewhere'>;

async function here(folder: vscode.WorkspaceFolder): Promise<Place> {
  if (process.platform !== 'linux') {
    throw new Error(
      vscode.l10n.t(
        'The probe needs Linux, and the extensions of this window run on another system. Start the dev container and run the probe again.',
      ),
    );
  }
  // Of a package of a monorepo, the whole of the open folder.
  const { uri } = vscode.workspace.getWorkspaceFolder(folder.uri) ?? folder;
  const isNone = (await boundariesOf([uri.fsPath], { opened: true })).length === 0;
  return { workspace: isNone ? undefined : uri.fsPath, extensions: loadedExtensions() };
}

/** OpenAI's extension, which starts a Codex of its own. */
const CHATGPT = 'openai.chatgpt';

/** Where this window has it from: it runs, as this one does, where the extension host runs. */
function loadedExtensions(): readonly string[] {
  const extension = vscode.extensions.getExtension(CHATGPT);
  return extension === undefined ? [] : [extension.extensionPath];
}

function configurationOf({ labels }: FoundContainer, folder: vscode.WorkspaceFolder): string | undefined {
  return labels.configFile === undefined ? undefined : relativePath(folder.uri, vscode.Uri.file(labels.configFile));
}

/** Only a setting of the user's own: nothing of the workspace is to choose what is asked. */
function urlToTry(): string | undefined {
  const url = vscode.workspace.getConfiguration(SECTION).inspect<string>('probeUrl')?.globalValue;
  return url !== undefined && isWebAddress(url) ? url : undefined;
}

/**
 * When the container around the extension host was made: Docker creates its mark with the container and leaves it alone when it
 * starts that again (measured with Docker 20.10). Podman writes its own at each start, which is no earlier.
 */
async function madeHere(): Promise<number | undefined> {
  for (const mark of MARKS) {
    if (await exists(mark)) return (await stat(mark)).mtimeMs;
  }
  return undefined;
}
