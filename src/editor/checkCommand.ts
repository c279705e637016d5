import * as vscode from 'vscode';
import type { Observation } from '../probe/observation.js';
import { probeReport } from '../probe/text.js';
import { painter } from '../report/terminal.js';
import { verdictLine } from '../report/verdict.js';
import { checkText } from '../report/text.js';
import type { Linting } from './linting.js';
import { describeError } from './log.js';
import { inform, warn } from './messages.js';
import { localFolders } from './probeTask.js';
import { NothingRuns, type Probing } from './probing.js';
import type { Shown } from './shown.js';
import { manageTrust, openTrust, trustFirst } from './trust.js';

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
      title: vscode.l10n.t('Checking Codex sandbox'),
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
    progress.report({ message: vscode.l10n.t('reading the configurations') });
    await this.linting.checkNow();
    if (signal.aborted) return undefined;
    const judged = this.linting.checkers.flatMap(({ folder, judgements }) =>
      judgements.map((judgement) => ({ judgement, shown: (file: string) => `${folder.name}/${file}` })),
    );
    this.log.info(`\n${checkText(judged, painter(false))}`);
    progress.report({ message: vscode.l10n.t('measuring') });
    const probe = await this.#probe(signal);
    const severities = judged.flatMap(({ judgement }) => judgement.findings.map((finding) => finding.severity));
    const errors = severities.filter((severity) => severity === 'error').length;
    const warnings = severities.filter((severity) => severity === 'warning').length;
    const text = `${foundText(this.linting.shown, errors, warnings)} ${probe.text}`.trim();
    return { configurations: judged.length, errors, warnings, probe: probe.result, text };
  }

  async #probe(signal: AbortSignal): Promise<{ readonly result: Outcome; readonly text: string }> {
    const folder = this.#folderToProbe();
    if (!this.probing || !folder) return { result: 'not possible here', text: '' };
    if (!vscode.workspace.isTrusted) {
      return { result: 'not trusted', text: trustFirst() };
    }
    try {
      let where = '';
      const { observation } = await this.probing.run(folder, signal, (said, container) => {
        where = container === undefined ? vscode.l10n.t('Measured here') : vscode.l10n.t('Measured in {0}', container);
        this.log.info(said);
      });
      this.log.info(`\n${probeReport(observation)}`);
      return { result: observation.outcome, text: `${where}: ${observation.summary}` };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (error instanceof NothingRuns)
        return { result: 'nothing runs', text: vscode.l10n.t('Nothing was measured: {0}', why) };
      if (!signal.aborted) this.log.error(describeError(error));
      return { result: 'could not run', text: vscode.l10n.t('Nothing was measured: {0}', why) };
    }
  }

  /** The folder that the container was most likely made for; a package of a monorepo may be one. */
  #folderToProbe(): vscode.WorkspaceFolder | undefined {
    const configured = this.linting.checkers.filter(({ judgements }) => judgements.length > 0);
    return configured.find(({ folder }) => folder.uri.scheme === 'file')?.folder ?? localFolders()[0];
  }

  async #tell({ text, errors, warnings, probe, configurations }: CheckSummary): Promise<void> {
    const problems = vscode.l10n.t('Show Problems');
    const report = vscode.l10n.t('Show Report');
    const start = vscode.l10n.t('Start and Measure');
    const trust = manageTrust();
    const bad = probe === 'fails' || probe === 'could not run' || (probe !== 'works' && errors + warnings > 0);
    const show = bad ? warn : inform;
    const folder = probe === 'nothing runs' && configurations > 0 ? this.#folderToProbe() : undefined;
    const choice = await show(
      text,
      ...(configurations > 0 ? [problems, report] : []),
      ...(folder && this.probing ? [start] : []),
      ...(probe === 'not trusted' ? [trust] : []),
    );
    if (choice === problems) await vscode.commands.executeCommand('workbench.actions.view.problems');
    if (choice === report) await vscode.commands.executeCommand('codexSandbox.showReport');
    if (choice === trust) await openTrust();
    if (choice === start && folder) {
      const why = vscode.l10n.t('Start the dev container of this folder?');
      if (await this.probing?.offerToStart(folder, why)) await this.run();
    }
  }
}

/** The verdict first: of one configuration in words, of several in numbers. */
function foundText(shown: readonly Shown[], errors: number, warnings: number): string {
  const [first, ...others] = shown;
  if (!first) return vscode.l10n.t('No dev container configuration was found.');
  return others.length === 0
    ? vscode.l10n.t('Codex sandbox: {0}.', verdictLine(first.judgement))
    : vscode.l10n.t('{0} dev container configurations: errors {1}, warnings {2}.', shown.length, errors, warnings);
}
