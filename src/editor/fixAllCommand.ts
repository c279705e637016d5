import * as vscode from 'vscode';
import { choiceOf, type Applying } from './applying.js';
import type { Origin } from './diagnostics.js';
import type { FolderChecker } from './folderChecker.js';
import { inform } from './messages.js';
import { mainRepair, otherWays, pickOtherWay } from './otherWays.js';
import { relativePath } from './paths.js';
import { shortName } from './titles.js';
import type { Judgement } from '../rules/judge.js';

/** A configuration, as somebody may choose it. */
interface Candidate {
  readonly origin: Origin;
  readonly judgement: Judgement;
  readonly name: string;
  /** Whether it is made of the file in the active editor. */
  readonly isShown: boolean;
}

/** "Fix All Problems in This Configuration": the one of the active editor; where there are several, the user chooses. */
export class FixAllCommand {
  constructor(
    private readonly checkers: () => readonly FolderChecker[],
    private readonly applying: Applying,
  ) {}

  /** Resolves to whether something was changed. */
  async run(): Promise<boolean> {
    await Promise.all(this.checkers().map((checker) => checker.settled()));
    const all = this.#candidates();
    const shown = all.filter(({ isShown }) => isShown);
    if (all.length === 0) {
      void inform(vscode.l10n.t('There is no dev container configuration in this workspace.'));
      return false;
    }
    const chosen = await pick(shown.length > 0 ? shown : all);
    return chosen !== undefined && this.#fix(chosen);
  }

  #candidates(): readonly Candidate[] {
    const active = vscode.window.activeTextEditor?.document.uri;
    return this.checkers().flatMap(({ folder, files, judgements }) =>
      judgements.map((judgement) => {
        const { configuration } = judgement;
        const path = active && relativePath(folder.uri, active);
        const isShown = path !== undefined && configuration.texts.has(path);
        return { origin: { folder: folder.uri, files }, judgement, name: shortName(configuration), isShown };
      }),
    );
  }

  async #fix({ origin, judgement, name }: Candidate): Promise<boolean> {
    const fix = mainRepair(judgement);
    if (fix) return this.applying.apply(choiceOf(origin, judgement, fix, true));
    const why = judgement.whyNotRepairable();
    if (otherWays(judgement).length > 0) {
      const ways = vscode.l10n.t('Other ways…');
      const text = vscode.l10n.t('Nothing in {0} can be fixed without giving root more power.', name);
      const isAsked = (await inform(text, ways)) === ways;
      return isAsked && pickOtherWay(origin, judgement, name, this.applying);
    }
    void inform(
      why === undefined
        ? vscode.l10n.t('There is nothing to fix in {0}.', name)
        : vscode.l10n.t('{0} cannot be fixed here: {1}.', name, why),
    );
    return false;
  }
}

async function pick(candidates: readonly Candidate[]): Promise<Candidate | undefined> {
  if (candidates.length < 2) return candidates[0];
  const items = candidates.map((candidate) => ({
    label: candidate.name,
    description: candidate.judgement.configuration.file,
    candidate,
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Fix which configuration?') });
  return chosen?.candidate;
}
