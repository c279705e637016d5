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
import { COPY_REPORT } from './quickFixes.js';
import { RebuildOffer } from './rebuildOffer.js';
import { rulePages } from './rulePages.js';
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
  const linting = new Linting(log, rulePages(context.extension), machine?.disk, machine?.local, (folder, files) => {
    rebuild.repaired(folder, files);
  });
  const fixAll = new FixAllCommand(() => linting.checkers, linting.applying);
  const probing = machine && new Probing(machine.prober, linting);
  const check = new CheckCommand(linting, probing, log);
  context.subscriptions.push(
    log,
    linting,
    vscode.commands.registerCommand('codexSandbox.check', (caller: unknown) =>
      check.run(isCancellationToken(caller) ? caller : undefined),
    ),
    vscode.commands.registerCommand('codexSandbox.explain', () => explainError(log)),
    vscode.commands.registerCommand('codexSandbox.fixAll', () => fixAll.run()),
    vscode.commands.registerCommand(COPY_REPORT, () => copyReport(linting)),
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

/** Copies the report for the folder of the active editor's file. Resolves to whether there was one. */
async function copyReport(linting: Linting): Promise<boolean> {
  const about = vscode.window.activeTextEditor?.document.uri ?? localFolders()[0]?.uri;
  const report = about && linting.reportFor(about);
  if (report === undefined) {
    void inform('Nothing was measured yet, so there is no report. Run “Check Codex sandbox” first.');
    return false;
  }
  await vscode.env.clipboard.writeText(report);
  void inform('The report is on the clipboard. It holds no text of your files.');
  return true;
}

/** Menus and keys may hand over anything. */
function isCancellationToken(value: unknown): value is vscode.CancellationToken {
  return typeof value === 'object' && value !== null && 'onCancellationRequested' in value;
}

/** Runs the task "probe" of the folder that the user chooses where there are several. */
async function probe(tasks: ProbeTasks): Promise<void> {
  const folders = localFolders();
  const folder = folders.length < 2 ? folders[0] : await vscode.window.showWorkspaceFolderPick();
  if (folder && folders.includes(folder)) await vscode.tasks.executeTask(tasks.taskFor(folder));
  else if (folder || folders.length === 0) {
    void inform(
      'The probe measures for a folder on the machine that extensions run on, and this is none. Open the folder of the dev ' +
        'container, and run the command again.',
    );
  }
}
