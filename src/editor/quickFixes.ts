import * as vscode from 'vscode';
import type { Fix } from '../rules/engine/rule.js';
import type { Judgement } from '../rules/judge.js';
import { choiceOf, type Applying, type Choice } from './applying.js';
import { MEASURED, sameDiagnostic, SOURCE, type Entry, type Origin, type RulePage } from './diagnostics.js';
import { mainRepair, otherWays, pickOtherWay } from './otherWays.js';
import { ruleChoices, type About } from './ruleChoices.js';
import { shortName, titleFor } from './titles.js';

/** Copies what was measured, with what was predicted, for a report. */
export const COPY_REPORT = 'codexSandbox.copyReport';

/** A line of the menu. */
export type Item = {
  readonly title: string;
  readonly diagnostics: readonly vscode.Diagnostic[];
  readonly isPreferred?: boolean;
} & (
  | { readonly choice: Choice }
  | { readonly edit: () => Promise<vscode.WorkspaceEdit | undefined> }
  | { readonly run: () => Promise<unknown> }
  | { readonly command: string }
);

/** A configuration that diagnostics at the cursor are about. */
interface Concerned {
  readonly origin: Origin;
  readonly judgement: Judgement;
  readonly diagnostics: vscode.Diagnostic[];
  readonly name: string;
}

/**
 * The lines of the menu in their order. VS Code puts preferred ones first and else keeps the order: what makes Codex work, what
 * fixes this finding alone, what shows more, what somebody does who wants none of it.
 */
export async function quickFixes(
  entries: readonly Entry[],
  asked: readonly vscode.Diagnostic[],
  applying: Applying,
  page: RulePage,
): Promise<readonly Item[]> {
  const found = asked
    .filter(({ source }) => source === SOURCE)
    .flatMap((diagnostic) =>
      entries.filter((e) => sameDiagnostic(e.diagnostic, diagnostic)).map((entry) => ({ ...entry, diagnostic })),
    );
  const concerned = concernedBy(found);
  // Where the file speaks of several, each title says which one it is about.
  const isAlone = new Set(entries.map(({ judgement }) => judgement)).size < 2;
  const titled = ({ name }: Concerned, title: string): string => (isAlone ? title : titleFor(title, name));

  const repairs = concerned.flatMap((one): readonly Item[] => {
    const fix = mainRepair(one.judgement);
    return fix ? [{ ...itemOf(one, fix, true), title: titled(one, fix.title), isPreferred: true }] : [];
  });
  const singles = toldApart(found, repairs.length > 0);
  const requested = concerned.flatMap((one): readonly Item[] =>
    onRequest(one, found).map((fix) => ({ ...itemOf(one, fix, true), title: titled(one, fix.title) })),
  );
  const more = concerned.flatMap((one): readonly Item[] => [
    ...previewOf(one).map((item) => ({ ...item, title: titled(one, item.title) })),
    ...waysOf(one, applying).map((item) => ({ ...item, title: titled(one, item.title) })),
  ]);
  const edits = await applicable([...repairs, ...singles, ...requested, ...more], applying);
  return [...edits, ...reports(found), ...rules(found, page)];
}

function concernedBy(found: readonly Entry[]): readonly Concerned[] {
  const concerned = new Map<Judgement, Concerned>();
  for (const { judgement, origin, diagnostic } of found) {
    if (!judgement) continue;
    const known = concerned.get(judgement);
    if (known) known.diagnostics.push(diagnostic);
    else {
      const name = shortName(judgement.configuration);
      concerned.set(judgement, { origin, judgement, diagnostics: [diagnostic], name });
    }
  }
  return [...concerned.values()];
}

function itemOf(
  { origin, judgement, diagnostics }: Omit<Concerned, 'name'>,
  fix: Fix,
  isRepair: boolean,
): Item & { readonly choice: Choice } {
  return { title: fix.title, diagnostics, choice: choiceOf(origin, judgement, fix, isRepair) };
}

/**
 * The fixes of the findings alone. Configurations that share a file may have the same fix, which is offered once, or one of the same
 * name for each. None is preferred beside what makes Codex work: "Auto Fix" takes the only preferred one.
 */
function toldApart(found: readonly Entry[], isRepairable: boolean): readonly Item[] {
  const offers = found.flatMap(({ judgement, finding, origin, diagnostic }) =>
    (judgement && finding ? judgement.fixesOf(finding) : []).flatMap((fix) =>
      judgement ? [{ origin, judgement, diagnostics: [diagnostic], fix }] : [],
    ),
  );
  const keyOf = ({ fix, diagnostics }: (typeof offers)[number]): string =>
    JSON.stringify([fix.title, fix.edits, diagnostics]);
  const once = offers.filter((offer, i) => offers.findIndex((other) => keyOf(other) === keyOf(offer)) === i);
  return once.map((offer) => {
    const { fix, judgement, diagnostics } = offer;
    const hasNamesake = once.some(
      (other) =>
        other.judgement !== judgement && other.fix.title === fix.title && other.diagnostics[0] === diagnostics[0],
    );
    const title = hasNamesake ? titleFor(fix.title, shortName(judgement.configuration)) : fix.title;
    return { ...itemOf(offer, fix, false), title, isPreferred: fix.preferred && !isRepairable };
  });
}

/** What gives root more power has a line of its own only where a host needs it that decides; else it is among the other ways. */
function onRequest({ judgement }: Concerned, found: readonly Entry[]): readonly Fix[] {
  const { hosts, fixes } = judgement.repairs().onRequest;
  const isNeeded = found.some(
    ({ judgement: of, finding }) =>
      of === judgement &&
      (finding?.severity === 'error' || finding?.severity === 'warning') &&
      finding.hosts.some((host) => hosts.includes(host)),
  );
  return isNeeded ? fixes() : [];
}

function previewOf({ origin, judgement, diagnostics }: Concerned): readonly Item[] {
  const fix = mainRepair(judgement);
  // One that is reviewed anyway shows the same.
  if (!fix || fix.needsReview) return [];
  const choice = { ...choiceOf(origin, judgement, fix, true), isReviewed: true };
  return [{ title: vscode.l10n.t('Preview…'), diagnostics, choice }];
}

function waysOf({ origin, judgement, diagnostics, name }: Concerned, applying: Applying): readonly Item[] {
  if (otherWays(judgement).length === 0) return [];
  const run = (): Promise<boolean> => pickOtherWay(origin, judgement, name, applying);
  return [{ title: vscode.l10n.t('Other ways…'), diagnostics, run }];
}

/** Without edits for a text that has moved on. */
async function applicable(items: readonly Item[], applying: Applying): Promise<readonly Item[]> {
  const prepared = await Promise.all(
    items.map(async (item) => ('choice' in item ? (await applying.prepare(item.choice)) !== undefined : true)),
  );
  return items.filter((_, i) => prepared[i]);
}

function reports(found: readonly Entry[]): readonly Item[] {
  const measured = found.filter(({ diagnostic, judgement }) => judgement && diagnostic.code === MEASURED);
  return measured.map(({ diagnostic }) => ({
    title: vscode.l10n.t('Copy a report of what was measured'),
    diagnostics: [diagnostic],
    // About the file in the active editor.
    command: COPY_REPORT,
  }));
}

/** For each rule once, for all configurations that have the finding. */
function rules(found: readonly Entry[], page: RulePage): readonly Item[] {
  const byRule = new Map<string, { readonly abouts: About[]; readonly diagnostics: vscode.Diagnostic[] }>();
  for (const { origin, judgement, finding, diagnostic } of found) {
    if (!judgement || !finding) continue;
    const known = byRule.get(finding.rule) ?? { abouts: [], diagnostics: [] };
    byRule.set(finding.rule, known);
    known.abouts.push({ origin, judgement, finding });
    known.diagnostics.push(diagnostic);
  }
  const items = [...byRule.values()].flatMap(({ abouts, diagnostics }) =>
    ruleChoices(abouts, page).map((choice): Item => ({ ...choice, diagnostics })),
  );
  // Findings of several rules may be about one host.
  return items.filter(({ title }, i) => items.findIndex((other) => other.title === title) === i);
}
