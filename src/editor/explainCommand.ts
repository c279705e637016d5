import * as vscode from 'vscode';
import { GATE_NAMES, type Gate } from '../model/gates.js';
import { diagnoseAll, type Symptom } from '../model/sandbox/symptoms.js';
import { oneLine } from '../report/terminal.js';
import type { Finding } from '../rules/engine/rule.js';
import { GATE_RULES } from './gateRules.js';
import { inform, warn } from './messages.js';
import { activeFile, showRule } from './pages.js';
import { uriOf } from './paths.js';
import { uses, type Shown } from './shown.js';

/** More than a session of Codex logs. Beyond it the extension host, which others share, would stand still. */
const MOST_CHARACTERS = 2_000_000;

/**
 * "Explain Codex Sandbox Error": what the selected text, or else the clipboard's, means. Returns what it found, for programs.
 * @param shown the configurations of the window, one of which may have the same problem
 */
export async function explainError(log: vscode.LogOutputChannel, shown: readonly Shown[]): Promise<readonly Symptom[]> {
  const text = (selected() || (await vscode.env.clipboard.readText())).slice(0, MOST_CHARACTERS);
  if (text.trim() === '') {
    void inform(
      vscode.l10n.t(
        'There is no text to explain. Select or copy what Codex or bwrap printed, then run the command again.',
      ),
    );
    return [];
  }
  const symptoms = diagnoseAll(text);
  // Not awaited: it stays until somebody presses a button.
  void (symptoms.length === 0 ? tellUnknown(text) : tell(symptoms, shown, log));
  return symptoms;
}

function selected(): string {
  const editor = vscode.window.activeTextEditor;
  return editor ? editor.document.getText(editor.selection) : '';
}

/** An explanation for people, a line each: the text, its gate, the cause, the remedy. */
export function explanationOf({ error, gate, alternatives, cause, remedy, reported }: Symptom): string {
  const also = alternatives.length > 0 ? ` (or ${alternatives.join(', ')}, which prints the same)` : '';
  return [
    oneLine(error),
    ...(gate === null ? [] : [`Gate: ${gate}${also}`]),
    oneLine(cause),
    oneLine(remedy),
    ...(reported === undefined ? [] : [`Reported, not measured: ${reported}`]),
  ].join('\n');
}

/** The sentence that comes first: whether and where this stops the sandbox. */
function headlineOf({ gate, weak }: Symptom): string {
  if (weak) return vscode.l10n.t("This line by itself does not stop Codex's sandbox.");
  return gate === null
    ? vscode.l10n.t("Codex's sandbox does not start.")
    : vscode.l10n.t('Codex cannot start: {0}.', GATE_NAMES[gate]);
}

/** A finding of this window about one of these gates, and where it is. */
export interface Here {
  readonly uri: vscode.Uri;
  readonly finding: Finding;
}

/** The finding that an error is about: of the file in the active editor rather than of another. */
export function findingFor(gates: readonly (Gate | null)[], shown: readonly Shown[]): Here | undefined {
  const active = activeFile();
  const own = active ? shown.filter((one) => uses(one, active)) : [];
  const [first] = [...own, ...shown].flatMap(({ folder, judgement }) =>
    judgement.findings
      .filter(({ gate, severity }) => gate !== undefined && gates.includes(gate) && severity !== 'hint')
      .map((finding) => ({ uri: uriOf(folder.uri, finding.place.file), finding })),
  );
  return first;
}

/** Puts the cursor on the finding and opens the menu of its fixes. */
export async function fixHere({ uri, finding }: Here): Promise<void> {
  const { line, character } = finding.place.range.start;
  const selection = new vscode.Range(line, character, line, character);
  await vscode.window.showTextDocument(uri, { selection });
  await vscode.commands.executeCommand('editor.action.quickFix');
}

async function tell(
  symptoms: readonly Symptom[],
  shown: readonly Shown[],
  log: vscode.LogOutputChannel,
): Promise<void> {
  const [first, ...others] = symptoms;
  if (!first) return;
  const all = symptoms.map(explanationOf).join('\n\n');
  log.info(`\n${all}\n`);
  const here = findingFor([first.gate, ...first.alternatives], shown);
  const rule = here?.finding.rule ?? (first.gate === null ? undefined : GATE_RULES[first.gate]);
  const fix = vscode.l10n.t('Fix It Here');
  const open = vscode.l10n.t('Open Rule');
  const copy = vscode.l10n.t('Copy');
  const show = vscode.l10n.t('Show All');
  const choice = await inform(
    toastOf(first, here !== undefined, others.length),
    ...(here ? [fix] : []),
    ...(rule === undefined ? [] : [open]),
    copy,
    show,
  );
  if (choice === fix && here) await fixHere(here);
  if (choice === open) await showRule(rule);
  if (choice === copy) await vscode.env.clipboard.writeText(`${all}\n`);
  if (choice === show) log.show();
}

/** The headline and one sentence. Cause and remedy, which are longer, are in the log: VS Code cuts what a notification has no room for. */
export function toastOf(first: Symptom, isFixable: boolean, others: number): string {
  const next = isFixable
    ? vscode.l10n.t('A file in this window has this problem.')
    : others > 0
      ? vscode.l10n.t('The text holds more errors: {0}.', others)
      : vscode.l10n.t('"Show All" says why, and what to do.');
  return `${headlineOf(first)} ${next}`;
}

/** Longer texts are logs of something else; a report needs the lines about the sandbox. */
const LONGEST_REPORT = 4000;

async function tellUnknown(text: string): Promise<void> {
  const copy = vscode.l10n.t('Copy for a Report');
  const choice = await warn(
    vscode.l10n.t('This is not a known sandbox error. Run the probe: it measures which step fails.'),
    copy,
  );
  if (choice !== copy) return;
  const report = `Unknown sandbox error (Codex Sandbox Check)\n\n    ${text
    .slice(0, LONGEST_REPORT)
    .split(/\r\n|\r|\n/)
    .join('\n    ')}\n`;
  await vscode.env.clipboard.writeText(report);
}
