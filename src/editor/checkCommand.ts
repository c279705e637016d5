import * as vscode from 'vscode';
import type { Observation } from '../probe/observation.js';
import { probeReport } from '../probe/text.js';
import { painter } from '../report/terminal.js';
import { checkText, count } from '../report/text.js';
import type { Linting } from './linting.js';
import { describeError } from './log.js';
import { inform, warn } from './messages.js';
import { localFolders } from './probeTask.js';
import { NothingRuns, type Probing } from './probing.js';

/** Why the probe did not run, or what it measured. */
type Outcome = Observation['outcome'] | 'nothing runs' | 'not trusted' | 'not possible here' | 'could not run';

/** What the command found, for those who call it from a program. */
export interface CheckSummary {
  readonly configurations: number;
  readonly errors: number;
  readonly warnings: number;
  readonly probe: Outcome;
  /** What the user is told. */
  readonly text: string;
}

/** "Check Codex sandbox": judges all configurations of all folders and, in a container, measures. */
export class CheckCommand {
  constructor(
    private readonly linting: Linting,
    private readonly probing: Probing | undefined,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /**
   * @param caller cancels it from a program, as the button does for the user
   * @returns undefined when it was cancelled
   */
  async run(caller?: vscode.CancellationToken): Promise<CheckSummary | undefined> {
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: 'Checking Codex sandbox',
      cancellable: true,
    };
    const summary = await vscode.window.withProgress(options, async (progress, user) => {
      const abort = new AbortController();
      const cancel = (): void => {
        abort.abort();
      };
      const subscriptions = [user, caller].flatMap((token) => token?.onCancellationRequested(cancel) ?? []);
      if (caller?.isCancellationRequested === true) cancel();
      try {
        const checked = await this.#check(progress, abort.signal);
        return abort.signal.aborted ? undefined : checked;
      } finally {
        vscode.Disposable.from(...subscriptions).dispose();
      }
    });
    if (summary) {
      // Not awaited: it stays until somebody presses a button.
      this.#tell(summary).catch((error: unknown) => {
        this.log.error(describeError(error));
      });
    }
    return summary;
  }

  async #check(
    progress: vscode.Progress<{ readonly message: string }>,
    signal: AbortSignal,
  ): Promise<CheckSummary | undefined> {
    progress.report({ message: 'reading the configurations' });
    await this.linting.checkNow();
    if (signal.aborted) return undefined;
    const judged = this.linting.checkers.flatMap(({ folder, judgements }) =>
      judgements.map((judgement) => ({ judgement, shown: (file: string) => `${folder.name}/${file}` })),
    );
    this.log.info(`\n${checkText(judged, painter(false))}`);
    progress.report({ message: 'measuring' });
    const probe = await this.#probe(signal);
    const severities = judged.flatMap(({ judgement }) => judgement.findings.map((finding) => finding.severity));
    const errors = severities.filter((severity) => severity === 'error').length;
    const warnings = severities.filter((severity) => severity === 'warning').length;
    const found =
      judged.length === 0
        ? 'No dev container configuration was found.'
        : `${count(judged.length, 'dev container configuration')}: ${count(errors, 'error')}, ${count(warnings, 'warning')}.`;
    const text = `${found} ${probe.text}`.trim();
    return { configurations: judged.length, errors, warnings, probe: probe.result, text };
  }

  async #probe(signal: AbortSignal): Promise<{ readonly result: Outcome; readonly text: string }> {
    const folder = this.#folderToProbe();
    if (!this.probing || !folder) return { result: 'not possible here', text: '' };
    if (!vscode.workspace.isTrusted) {
      return { result: 'not trusted', text: 'Nothing was measured, because the workspace is not trusted.' };
    }
    try {
      let where = 'Measured here';
      const { observation } = await this.probing.run(folder, signal, (sentence) => {
        where = sentence.replace(/^Measuring/, 'Measured').replace(/ …$/, '');
      });
      this.log.info(`\n${probeReport(observation)}`);
      return { result: observation.outcome, text: `${where}: ${observation.summary}` };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (error instanceof NothingRuns) return { result: 'nothing runs', text: `Nothing was measured: ${why}` };
      if (!signal.aborted) this.log.error(describeError(error));
      return { result: 'could not run', text: `Nothing was measured: ${why}` };
    }
  }

  /** The folder that the container was most likely made for; a package of a monorepo may be one. */
  #folderToProbe(): vscode.WorkspaceFolder | undefined {
    const configured = this.linting.checkers.filter(({ judgements }) => judgements.length > 0);
    return configured.find(({ folder }) => folder.uri.scheme === 'file')?.folder ?? localFolders()[0];
  }

  async #tell({ text, errors, warnings, probe, configurations }: CheckSummary): Promise<void> {
    const [problems, report, start] = ['Show Problems', 'Show Report', 'Start and Measure'];
    const bad = errors + warnings > 0 || probe === 'fails' || probe === 'could not run';
    const show = bad ? warn : inform;
    const folder = probe === 'nothing runs' && configurations > 0 ? this.#folderToProbe() : undefined;
    const choice = await show(text, problems, report, ...(folder && this.probing ? [start] : []));
    if (choice === problems) await vscode.commands.executeCommand('workbench.actions.view.problems');
    if (choice === report) this.log.show();
    if (
      choice === start &&
      folder &&
      (await this.probing?.offerToStart(folder, 'Start the dev container of this folder?'))
    ) {
      await this.run();
    }
  }
}
