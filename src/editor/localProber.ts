import { access } from 'node:fs/promises';
import * as vscode from 'vscode';
import { runProbe } from '../probe/run.js';
import type { Prober } from './prober.js';

/** Remotes of VS Code whose extension host runs in a container. */
const CONTAINER_REMOTES = ['dev-container', 'attached-container', 'codespaces'];

/** What Docker and Podman leave in their containers. */
const MARKS = ['/.dockerenv', '/run/.containerenv'];

/** Measures on the machine, or in the container, that the extension host runs in. */
export function localProber(extension: vscode.Uri): Prober {
  return {
    async insideContainer() {
      if (CONTAINER_REMOTES.includes(vscode.env.remoteName ?? '')) return true;
      // Podman, LXC and systemd-nspawn say so in the environment (systemd.io, "Container Interface").
      if (process.env['container']) return true;
      const marked = await Promise.all(MARKS.map(exists));
      return marked.includes(true);
    },

    async run(folder, signal) {
      if (process.platform !== 'linux') {
        throw new Error(
          'The probe measures the Linux kernel that Codex runs on, and the extensions of this window run on another ' +
            'system. Reopen the folder in its dev container and run the probe there.',
        );
      }
      if (!vscode.workspace.isTrusted) {
        throw new Error('The workspace is not trusted, so the probe does not run. Trust the workspace first.');
      }
      const script = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extension, 'media', 'probe.sh'));
      return runProbe({ script: new TextDecoder().decode(script), workspace: folder.uri.fsPath, signal });
    },
  };
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    // Not there, or not to be seen: both mean that it marks nothing.
    return false;
  }
}
