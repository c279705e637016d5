import * as vscode from 'vscode';
import type { Judgement } from '../rules/judge.js';
import type { Fix } from '../rules/engine/rule.js';
import { MEASURED, sameDiagnostic, SOURCE, type Diagnostics, type Entry, type Origin } from './diagnostics.js';
import { inform } from './messages.js';
import type { Asked, SavesAfterEdit } from './savesAfterEdit.js';
import { prepareEdit, type PreparedEdit } from './workspaceEdits.js';

/** "Fix all" of this extension alone. */
export const FIX_ALL = vscode.CodeActionKind.SourceFixAll.append('codexSandbox');

/** Copies what was measured, with what was predicted, for a report. */
export const COPY_REPORT = 'codexSandbox.copyReport';

/** An action whose edit is made when it is chosen: the files may change while the menu is open. */
class Repair extends vscode.CodeAction {
  /** Known once it is offered. */
  asked: Asked | undefined;

  constructor(
    title: string,
    kind: vscode.CodeActionKind,
    readonly prepare: () => Promise<PreparedEdit | undefined>,
  ) {
    super(title, kind);
  }
}

/** Offers each finding's fixes, the repairs of the whole configuration with other ways to the same, and "fix all". */
export class CodeActions implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, FIX_ALL],
  };

  constructor(
    private readonly diagnostics: Diagnostics,
    private readonly saves: SavesAfterEdit,
  ) {}

  async provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    { only, diagnostics, triggerKind }: vscode.CodeActionContext,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeAction[]> {
    const entries = this.diagnostics.entries(document.uri);
    if (entries.length === 0 || (only !== undefined && this.saves.isSaving(document.uri))) return [];
    const actions =
      only !== undefined && FIX_ALL.contains(only)
        ? await fixAll(entries)
        : only === undefined || only.contains(vscode.CodeActionKind.QuickFix)
          ? await quickFixes(entries, diagnostics)
          : // The generic source.fixAll too: a setting made for formatters must not weaken a container on every save.
            [];
    // For the lightbulb VS Code asks by itself, too, and for all kinds.
    const onSave = only !== undefined && triggerKind === vscode.CodeActionTriggerKind.Automatic;
    for (const action of actions) if (action instanceof Repair) action.asked = { shown: document.uri, onSave };
    return token.isCancellationRequested ? [] : actions;
  }

  async resolveCodeAction(action: vscode.CodeAction): Promise<vscode.CodeAction> {
    if (!(action instanceof Repair) || !action.asked) return action;
    const prepared = await action.prepare();
    if (prepared) {
      if (this.saves.expect(prepared.files, action.asked)) action.edit = prepared.edit;
    } else if (!action.asked.onSave) {
      void inform(
        'The files have changed since this fix was offered, so nothing was changed. Ask for the fixes again.',
      );
    }
    return action;
  }
}

async function fixAll(entries: readonly Entry[]): Promise<vscode.CodeAction[]> {
  // One configuration at a time: what repairs the next one is worked out on what this leaves.
  for (const { origin, judgement } of entries) {
    // The last repair is the one that covers every host that can be helped unasked; never one on request.
    const repair = judgement?.repairs().fixes().at(-1);
    if (!judgement || !repair) continue;
    const action = await actionOf(origin, judgement, repair, FIX_ALL);
    if (action) return [action];
  }
  return [];
}

/** A fix as it may be offered. */
interface Offer {
  readonly entry: Entry;
  readonly judgement: Judgement;
  readonly fix: Fix;
  readonly diagnostics: vscode.Diagnostic[];
  readonly preferred: boolean;
}

async function quickFixes(
  entries: readonly Entry[],
  asked: readonly vscode.Diagnostic[],
): Promise<vscode.CodeAction[]> {
  const fixes: Offer[] = [];
  const reports: vscode.CodeAction[] = [];
  const concerned = new Map<Judgement, { readonly entry: Entry; readonly diagnostics: vscode.Diagnostic[] }>();
  for (const diagnostic of asked.filter(({ source }) => source === SOURCE)) {
    for (const entry of entries.filter((e) => sameDiagnostic(e.diagnostic, diagnostic))) {
      const { judgement, finding } = entry;
      if (!judgement) continue;
      if (diagnostic.code === MEASURED) reports.push(copyReport(diagnostic));
      for (const fix of finding ? judgement.fixesOf(finding) : []) {
        fixes.push({ entry, judgement, fix, diagnostics: [diagnostic], preferred: fix.preferred });
      }
      const known = concerned.get(judgement);
      if (known) known.diagnostics.push(diagnostic);
      else concerned.set(judgement, { entry, diagnostics: [diagnostic] });
    }
  }
  // Never preferred: "fix this problem" is not to do more than that.
  const repairs = [...concerned].flatMap(([judgement, rest]) =>
    allWays(judgement).map((fix): Offer => ({ ...rest, judgement, fix, preferred: false })),
  );
  const offers = toldApart([...fixes, ...repairs]);
  return [...reports, ...(await Promise.all(offers.map(quickFix))).flat()];
}

function allWays(judgement: Judgement): readonly Fix[] {
  const unasked = judgement.repairs();
  return [unasked, unasked.onRequest].flatMap(({ fixes, otherWays }) => [...fixes(), ...otherWays()]);
}

function copyReport(diagnostic: vscode.Diagnostic): vscode.CodeAction {
  const title = 'Copy a report of what was measured';
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  // Without arguments, which VS Code may have forgotten when it runs the command. The file is the one in the active editor.
  action.command = { command: COPY_REPORT, title };
  action.diagnostics = [diagnostic];
  return action;
}

/** Configurations that share a file may have the same fix, which is offered once, or one of the same name for each. */
function toldApart(offers: readonly Offer[]): readonly Offer[] {
  const keyOf = ({ fix, diagnostics }: Offer): string => JSON.stringify([fix.title, fix.edits, diagnostics]);
  const once = offers.filter((offer, i) => offers.findIndex((other) => keyOf(other) === keyOf(offer)) === i);
  return once.map((offer) => {
    const { fix, judgement, diagnostics } = offer;
    const namesake = once.some(
      (other) =>
        other.judgement !== judgement &&
        other.fix.title === fix.title &&
        other.diagnostics.some((diagnostic) => diagnostics.includes(diagnostic)),
    );
    return namesake ? { ...offer, fix: { ...fix, title: `${fix.title} (${judgement.configuration.file})` } } : offer;
  });
}

async function quickFix({
  entry,
  judgement,
  fix,
  diagnostics,
  preferred,
}: Offer): Promise<readonly vscode.CodeAction[]> {
  const action = await actionOf(entry.origin, judgement, fix, vscode.CodeActionKind.QuickFix);
  if (!action) return [];
  action.diagnostics = diagnostics;
  action.isPreferred = preferred;
  return [action];
}

/** undefined: the fix is no longer for the files as they are. */
async function actionOf(
  origin: Origin,
  judgement: Judgement,
  fix: Fix,
  kind: vscode.CodeActionKind,
): Promise<vscode.CodeAction | undefined> {
  const prepare = (): Promise<PreparedEdit | undefined> =>
    prepareEdit(origin, judgement.configuration.texts, fix.edits);
  const prepared = await prepare();
  if (!prepared || prepared.edit.size === 0) return undefined;
  return new Repair(fix.title, kind, prepare);
}
