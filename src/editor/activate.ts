import * as vscode from 'vscode';
import { CheckCommand } from './checkCommand.js';
import { FixAllCommand } from './fixAllCommand.js';
import { explainError } from './explainCommand.js';
import type { LocalHost } from './hosts.js';
import { Linting } from './linting.js';
import { createLog, describeError } from './log.js';
import { inform } from './messages.js';
import { localFolders, ProbeTasks, TASK_TYPE } from './probeTask.js';
import type { Prober } from './prober.js';
import { Probing } from './probing.js';
import { activeFile, rulePage } from './pages.js';
import { COPY_REPORT } from './quickFixes.js';
import { RebuildOffer } from './rebuildOffer.js';
import { askForTrust } from './trust.js';
import { Views } from './views.js';
import type { DiskFiles } from './workspaceFiles.js';

/** What a machine adds to a browser. */
export interface Machine {
  readonly disk: DiskFiles;
  readonly prober: Prober;
  readonly local: LocalHost;
}

/** Starts everything that the extension does; without a machine (in a browser) it reads and judges, and does not measure. */
export function activateOn(context: vscode.ExtensionContext, machine: Machine | undefined): void {
  const log = createLog();
  const rebuild = new RebuildOffer(context.globalState, machine?.prober, log);
  const linting = new Linting(log, rulePage, machine?.disk, machine?.local, (folder, files) => {
    rebuild.repaired(folder, files);
  });
  const fixAll = new FixAllCommand(() => linting.checkers, linting.applying);
  const probing = machine && new Probing(machine.prober, linting);
  const views = new Views(linting);
  const check = new CheckCommand(linting, probing, log);
  context.subscriptions.push(
    log,
    linting,
    views,
    vscode.commands.registerCommand('codexSandbox.check', (caller: unknown) =>
      check.run(isCancellationToken(caller) ? caller : undefined),
    ),
    vscode.commands.registerCommand('codexSandbox.explain', () => explainError(log, linting.shown)),
    vscode.commands.registerCommand('codexSandbox.fixAll', () => fixAll.run()),
    vscode.commands.registerCommand(COPY_REPORT, () => copyReport(linting, views)),
  );
  if (!probing) return;
  const tasks = new ProbeTasks(probing, log);
  context.subscriptions.push(
    vscode.tasks.registerTaskProvider(TASK_TYPE, tasks),
    vscode.commands.registerCommand('codexSandbox.probe', () => probe(tasks)),
  );
  void vscode.commands.executeCommand('setContext', 'codexSandbox.canProbe', true);
  rebuild.opened().catch((error: unknown) => {
    log.error(describeError(error));
  });
}

/** Copies what was measured for the folder of the active editor's file, else the report as it is shown. Resolves to whether it was measured. */
async function copyReport(linting: Linting, views: Views): Promise<boolean> {
  const about = activeFile() ?? localFolders()[0]?.uri;
  const measured = about && linting.reportFor(about);
  await vscode.env.clipboard.writeText(measured ?? views.reportOn(activeFile()));
  void inform(
    measured === undefined
      ? vscode.l10n.t('The report is on the clipboard. Nothing was measured yet.')
      : vscode.l10n.t('The report is on the clipboard. It holds no text of your files.'),
  );
  return measured !== undefined;
}

/** Menus and keys may hand over anything. */
function isCancellationToken(value: unknown): value is vscode.CancellationToken {
  return typeof value === 'object' && value !== null && 'onCancellationRequested' in value;
}

/** Runs the task "probe" of the folder that the user chooses where there are several. */
async function probe(tasks: ProbeTasks): Promise<void> {
  if (!vscode.workspace.isTrusted) return askForTrust();
  const folders = localFolders();
  const folder = folders.length < 2 ? folders[0] : await vscode.window.showWorkspaceFolderPick();
  if (folder && folders.includes(folder)) await vscode.tasks.executeTask(tasks.taskFor(folder));
  else if (folder || folders.length === 0) {
    void inform(
      vscode.l10n.t(
        'The probe needs a folder on the machine that extensions run on. Open the folder of the dev container and run the command again.',
      ),
    );
  }
}
