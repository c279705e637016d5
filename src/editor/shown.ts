import * as vscode from 'vscode';
import type { Observation } from '../probe/observation.js';
import { switchedOff } from '../rules/engine/switchedOff.js';
import { verdictLine } from '../report/verdict.js';
import type { Judgement } from '../rules/judge.js';
import { uriOf } from './paths.js';

/** A configuration as the editor shows it. */
export interface Shown {
  readonly folder: vscode.WorkspaceFolder;
  readonly judgement: Judgement;
  /** Whether something shows that Codex is used here, or the user asks. */
  readonly isUsed: boolean;
  /** What the probe saw in its container, as the files are now; undefined: nothing. */
  readonly measured: Observation | undefined;
}

/** How a configuration fares: what was measured, else what is predicted for the hosts that decide. */
export type Standing = 'fails' | 'unknown' | 'works' | 'off';

/** The worst first. */
const STANDINGS: readonly Standing[] = ['fails', 'unknown', 'works', 'off'];

/** How one configuration fares. */
export function standingOf({ judgement, measured }: Shown): Standing {
  if (measured) return measured.outcome;
  if (switchedOff(judgement)) return 'off';
  const { advisory, predictions } = judgement;
  const deciding = predictions.filter(({ host }) => !advisory.includes(host));
  const outcomes = (deciding.length > 0 ? deciding : predictions).map(({ outcome }) => outcome);
  return STANDINGS.find((standing) => outcomes.some((outcome) => outcome === standing)) ?? 'unknown';
}

/** How the worst of several fares. */
export function worstOf(all: readonly Shown[]): Standing {
  const found = all.map(standingOf);
  return STANDINGS.find((standing) => found.includes(standing)) ?? 'unknown';
}

/** The verdict in one line: what was measured comes before what is predicted. */
export function lineOf({ judgement, measured }: Shown): string {
  const predicted = verdictLine(judgement);
  if (measured?.outcome === 'works') return vscode.l10n.t('measured: works here; predicted: {0}', predicted);
  if (measured) return vscode.l10n.t('measured: fails here; predicted: {0}', predicted);
  return predicted;
}

/** Whether a configuration is made of a file: devcontainer.json, a Dockerfile, a Compose file or whatever else it names. */
export function uses({ folder, judgement: { configuration } }: Shown, uri: vscode.Uri): boolean {
  const wanted = uri.toString();
  return [configuration.file, ...configuration.texts.keys()].some(
    (file) => uriOf(folder.uri, file).toString() === wanted,
  );
}
