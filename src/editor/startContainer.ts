import * as vscode from 'vscode';
import type { TerminalCommand } from '../probe/devcontainerUp.js';
import { neutralFolder } from '../probe/neutralFolder.js';

/** The Dev Containers extension, and its command that opens this window's folder in its container. */
const DEV_CONTAINERS = 'ms-vscode-remote.remote-containers';
const REOPEN = 'remote-containers.reopenInContainer';

/** A way to start the dev container of a folder. */
export type WayToStart =
  | { readonly kind: 'extension'; readonly title: string }
  | { readonly kind: 'cli'; readonly title: string; readonly up: TerminalCommand };

/**
 * The ways that there are here, the best one first.
 * @param up how the dev container CLI does it, where it was found
 */
export function waysToStart(up: TerminalCommand | undefined): readonly WayToStart[] {
  const ways: WayToStart[] = [];
  if (vscode.extensions.getExtension(DEV_CONTAINERS))
    ways.push({ kind: 'extension', title: vscode.l10n.t('Reopen in Container') });
  if (up !== undefined) ways.push({ kind: 'cli', title: vscode.l10n.t('Start Dev Container'), up });
  return ways;
}

/**
 * Starts the dev container of the folder. The user has asked for it: it builds images and runs what the configuration says.
 * @returns whether it runs now; the extension reopens the window, in which there is nothing left to do here
 */
export async function startContainer(way: WayToStart, folder: vscode.WorkspaceFolder): Promise<boolean> {
  if (way.kind === 'extension') {
    await vscode.commands.executeCommand(REOPEN);
    return false;
  }
  const { program, args, environment } = way.up;
  const execution = new vscode.ProcessExecution(program, [...args], { cwd: neutralFolder(), env: { ...environment } });
  const definition = { type: 'codex-sandbox', task: 'start' };
  const task = new vscode.Task(definition, folder, 'start dev container', 'codex-sandbox', execution, []);
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, clear: true };
  return (await exitCodeOf(task)) === 0;
}

/** undefined: it never ran. */
async function exitCodeOf(task: vscode.Task): Promise<number | undefined> {
  const started = await vscode.tasks.executeTask(task);
  return new Promise((resolve) => {
    const ended = (execution: vscode.TaskExecution, exitCode: number | undefined): void => {
      if (execution !== started) return;
      listening.dispose();
      resolve(exitCode);
    };
    const listening = vscode.Disposable.from(
      vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
        ended(execution, exitCode);
      }),
      // What could not be started has no process that ends.
      vscode.tasks.onDidEndTask(({ execution }) => {
        ended(execution, undefined);
      }),
    );
  });
}
