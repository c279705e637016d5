import * as vscode from 'vscode';
import type { Observation } from '../probe/observation.js';
import { probeReport } from '../probe/text.js';
import { describeError } from './log.js';
import type { Prober } from './prober.js';

/** The task type in tasks.json. */
export const TASK_TYPE = 'codex-sandbox';

/** Told what the probe measured. */
type Listener = (folder: vscode.WorkspaceFolder, observation: Observation) => void;

/** Offers the task "probe" for each workspace folder on this machine, and completes those of tasks.json. */
export class ProbeTasks implements vscode.TaskProvider {
  constructor(
    private readonly prober: Prober,
    private readonly log: vscode.LogOutputChannel,
    private readonly measured: Listener,
  ) {}

  provideTasks(): vscode.Task[] {
    return localFolders().map((folder) => this.taskFor(folder));
  }

  resolveTask({ definition, scope }: vscode.Task): vscode.Task | undefined {
    if (definition['task'] !== 'probe') return undefined;
    const folder = typeof scope === 'object' ? scope : localFolders()[0];
    return folder && this.taskFor(folder, definition);
  }

  /** The probe of a folder. A task of tasks.json keeps its definition, else VS Code takes it for another one. */
  taskFor(
    folder: vscode.WorkspaceFolder,
    definition: vscode.TaskDefinition = { type: TASK_TYPE, task: 'probe' },
  ): vscode.Task {
    const execution = new vscode.CustomExecution(() =>
      Promise.resolve(new ProbeTerminal(this.prober, this.log, this.measured, folder)),
    );
    const task = new vscode.Task(definition, folder, 'probe', TASK_TYPE, execution, []);
    task.detail = 'Measure whether Codex’s sandbox starts where this window’s extensions run';
    task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, clear: true };
    return task;
  }
}

/** Folders whose files are where the extension host runs. */
export function localFolders(): readonly vscode.WorkspaceFolder[] {
  return (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
}

const CTRL_C = '\u0003';

/** Runs the probe and writes its report. Its exit code is 0 when the sandbox works, else 1. */
class ProbeTerminal implements vscode.Pseudoterminal {
  readonly #written = new vscode.EventEmitter<string>();
  readonly #closed = new vscode.EventEmitter<number>();
  readonly #abort = new AbortController();
  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#closed.event;

  constructor(
    private readonly prober: Prober,
    private readonly log: vscode.LogOutputChannel,
    private readonly measured: Listener,
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
    this.#write('Measuring whether Codex’s sandbox starts here …\n\n');
    try {
      const observation = await this.prober.run(this.folder, signal);
      this.#write(probeReport(observation, { colour: true }));
      this.measured(this.folder, observation);
      this.#closed.fire(observation.outcome === 'works' ? 0 : 1);
    } catch (error) {
      if (!signal.aborted) this.log.error(describeError(error));
      this.#write(signal.aborted ? 'Cancelled.\n' : `${error instanceof Error ? error.message : String(error)}\n`);
      this.#closed.fire(1);
    }
  }

  #write(text: string): void {
    // A terminal moves down on a line feed and needs telling to go back to the first column.
    this.#written.fire(text.replaceAll('\n', '\r\n'));
  }
}
