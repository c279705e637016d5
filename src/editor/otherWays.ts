import * as vscode from 'vscode';
import { oneLine } from '../report/terminal.js';
import type { Fix } from '../rules/engine/rule.js';
import type { Judgement } from '../rules/judge.js';
import { displayNames } from '../model/host.js';
import { choiceOf, type Applying } from './applying.js';
import type { Origin } from './diagnostics.js';
import { inform } from './messages.js';

/** All fixes of the whole configuration but the main one: those for fewer hosts, then other ways, then what is done on request only. */
export function otherWays({ repairs }: Judgement): readonly Fix[] {
  const { fixes, otherWays: ways, onRequest } = repairs();
  return [...fixes().slice(0, -1), ...ways(), ...onRequest.fixes(), ...onRequest.otherWays()];
}

/** The fix that helps every host that can be helped without asking; undefined: there is none. */
export function mainRepair({ repairs }: Judgement): Fix | undefined {
  return repairs().fixes().at(-1);
}

interface Way extends vscode.QuickPickItem {
  readonly fix: Fix;
}

/** Lets the user choose another way, and applies it. */
export async function pickOtherWay(
  origin: Origin,
  judgement: Judgement,
  name: string,
  applying: Applying,
): Promise<boolean> {
  const items = otherWays(judgement).map(wayOf);
  if (items.length === 0) {
    void inform(vscode.l10n.t('There is no other way to make Codex work in {0}.', name));
    return false;
  }
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Other ways to make Codex work in {0}', name),
    placeHolder: vscode.l10n.t('Choose what to change'),
    matchOnDetail: true,
    matchOnDescription: true,
  });
  return chosen !== undefined && applying.apply(choiceOf(origin, judgement, chosen.fix, true));
}

/** A picker shows one line of details, so that line has all of them. */
function wayOf(fix: Fix): Way {
  const { title, details, adds, removes, hosts = [], needsReview } = fix;
  const lines = [
    ...(adds.length === 0 ? [] : [vscode.l10n.t('Adds {0}.', adds.join(', '))]),
    ...(removes.length === 0 ? [] : [vscode.l10n.t('Removes {0}.', removes.join(', '))]),
    ...details,
    ...(needsReview ? [vscode.l10n.t('Shows the changes first.')] : []),
  ];
  return { label: oneLine(title), description: displayNames(hosts).join(', '), detail: oneLine(lines.join(' ')), fix };
}
