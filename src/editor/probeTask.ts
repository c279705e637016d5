import * as vscode from 'vscode';
import { probeReport } from '../probe/text.js';
import { harmless } from '../report/terminal.js';
import { describeError } from './log.js';
import { NothingRuns, type Probing } from './probing.js';

/** The task type in tasks.json. */
export const TASK_TYPE = 'codex-sandbox';

/** Offers the task "probe" for each workspace folder on this machine, and completes those of tasks.json. */
export class ProbeTasks implements vscode.TaskProvider {
  constructor(
    private readonly probing: Probing,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  provideTasks(): vscode.Task[] {
    return localFolders().map((folder) => this.taskFor(folder));
  }

  /** What is wrong with a task of tasks.json it says when it runs: VS Code itself would say that there is no provider. */
  resolveTask({ definition, scope, name }: vscode.Task): vscode.Task {
    const wanted: unknown = definition['task'];
    const folder = typeof scope === 'object' ? scope : localFolders()[0];
    if (wanted === 'probe' && folder && localFolders().includes(folder)) return this.taskFor(folder, definition);
    const why =
      wanted === 'probe'
        ? vscode.l10n.t(
            'The probe needs a folder on the machine that extensions run on. Put this task into the tasks.json of such a folder.',
          )
        : vscode.l10n.t(
            'There is no task {0} of the type "{1}". Write "task": "probe" in tasks.json.',
            JSON.stringify(wanted),
            TASK_TYPE,
          );
    const execution = new vscode.CustomExecution(() => Promise.resolve(new Refusal(why)));
    return new vscode.Task(definition, scope ?? vscode.TaskScope.Workspace, name, TASK_TYPE, execution, []);
  }

  /** The probe of a folder. A task of tasks.json keeps its definition, else VS Code takes it for another one. */
  taskFor(
    folder: vscode.WorkspaceFolder,
    definition: vscode.TaskDefinition = { type: TASK_TYPE, task: 'probe' },
  ): vscode.Task {
    const execution = new vscode.CustomExecution(() =>
      Promise.resolve(new ProbeTerminal(this.probing, this.log, folder)),
    );
    const task = new vscode.Task(definition, folder, 'probe', TASK_TYPE, execution, []);
    task.detail = vscode.l10n.t("Measure whether Codex's sandbox starts in the dev container of this folder");
    task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, clear: true };
    return task;
  }
}

/** Folders whose files are where the extension host runs. */
export function localFolders(): readonly vscode.WorkspaceFolder[] {
  return (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
}

/** Says why a task does nothing. */
class Refusal implements vscode.Pseudoterminal {
  readonly #written = new vscode.EventEmitter<string>();
  readonly #closed = new vscode.EventEmitter<number>();
  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#closed.event;

  constructor(private readonly why: string) {}

  open(): void {
    this.#written.fire(`${harmless(this.why)}\r\n`);
    this.#closed.fire(2);
  }

  close(): void {
    this.#written.dispose();
    this.#closed.dispose();
  }
}

const CTRL_C = '\u0003';

/** As `probe` of the command line: 2 when what was measured does not tell. */
const EXIT_CODES = { works: 0, fails: 1, unknown: 2 } as const;

/** Runs the probe and writes its report. */
class ProbeTerminal implements vscode.Pseudoterminal {
  readonly #written = new vscode.EventEmitter<string>();
  readonly #closed = new vscode.EventEmitter<number>();
  readonly #abort = new AbortController();
  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#closed.event;

  constructor(
    private readonly probing: Probing,
    private readonly log: vscode.LogOutputChannel,
    private readonly folder: vscode.WorkspaceFolder,
  ) {}

  open(): void {
    void this.#run();
  }

  close(): void {
    this.#abort.abort();
  }

  handleInput(data: string): void {
    if (data.includes(CTRL_C)) this.#abort.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    try {
      const { observation } = await this.probing.run(this.folder, signal, (where) => {
        this.#write(`${harmless(where)}\n\n`);
      });
      this.#write(probeReport(observation, { colour: true }));
      this.#closed.fire(EXIT_CODES[observation.outcome]);
    } catch (error) {
      if (!signal.aborted) this.log.error(describeError(error));
      const why = error instanceof Error ? error.message : String(error);
      this.#write(signal.aborted ? `${vscode.l10n.t('Cancelled.')}\n` : `${harmless(why)}\n`);
      this.#closed.fire(2);
      if (error instanceof NothingRuns && !signal.aborted) void this.#offer(error.message);
    }
  }

  async #offer(why: string): Promise<void> {
    const started = await this.probing.offerToStart(this.folder, why);
    if (started) await vscode.commands.executeCommand('codexSandbox.probe');
  }

  #write(text: string): void {
    // A terminal moves down on a line feed and needs telling to go back to the first column.
    this.#written.fire(text.replaceAll('\n', '\r\n'));
  }
}
