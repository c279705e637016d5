import * as vscode from 'vscode';
import { givenAway } from '../model/plan/relaxations.js';
import { changesAndCosts } from '../report/changesAndCosts.js';
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
  const unasked = fixes();
  const all = [
    ...unasked.slice(-1),
    ...unasked.slice(0, -1),
    ...ways(),
    ...onRequest.fixes(),
    ...onRequest.otherWays(),
  ];
  const once = all.filter((fix, i) => all.findIndex((other) => editsOf(other) === editsOf(fix)) === i);
  return once.filter((fix) => !unasked.slice(-1).includes(fix));
}

/** The same for two fixes that change the files in the same way. */
function editsOf({ edits }: Fix): string {
  return edits
    .map((edit) => JSON.stringify(edit))
    .sort()
    .join('\n');
}

/** The fix that helps every host that can be helped without asking; undefined: there is none. */
export function mainRepair({ repairs }: Judgement): Fix | undefined {
  return repairs().fixes().at(-1);
}

/** A line of the picker. */
export interface Way extends vscode.QuickPickItem {
  readonly description: string;
  readonly fix: Fix;
}

/** Lets the user choose another way, and applies it. */
export async function pickOtherWay(
  origin: Origin,
  judgement: Judgement,
  name: string,
  applying: Applying,
): Promise<boolean> {
  const items = waysOf(judgement);
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

/** As the picker shows them: what is changed and costs more than in the main fix in one line, which VS Code cuts at its end. */
export function waysOf(judgement: Judgement): readonly Way[] {
  const known = givenAway(mainRepair(judgement)?.relaxations ?? [], judgement.request);
  const ways = otherWays(judgement).map((fix): Way => {
    const { changes, costs } = changesAndCosts(fix, judgement.request);
    const more = costs.filter((cost) => !known.includes(cost));
    const lines = [
      ...changes,
      ...(more.length === 0 ? [] : [vscode.l10n.t('Costs: {0}.', more.join('; '))]),
      ...(fix.needsReview ? [vscode.l10n.t('Shows the changes first.')] : []),
    ];
    const description = displayNames(fix.hosts ?? []).join(', ');
    return { label: oneLine(fix.title), description, detail: oneLine(lines.join(' ')), fix };
  });
  return ways.map((way) => {
    const namesakes = ways.filter(
      ({ label, description, fix }) => label === way.label && description === way.description && fix !== way.fix,
    );
    const own = way.fix.details.find((line) => !namesakes.some(({ fix }) => fix.details.includes(line)));
    return namesakes.length === 0 || own === undefined ? way : { ...way, label: `${way.label}: ${oneLine(own)}` };
  });
}
