import * as vscode from 'vscode';
import { diagnoseAll, type Symptom } from '../model/sandbox/symptoms.js';
import { oneLine } from '../report/terminal.js';
import { count } from '../report/text.js';
import { inform, warn } from './messages.js';

/** More than a session of Codex logs. Beyond it the extension host, which others share, would stand still. */
const MOST_CHARACTERS = 2_000_000;

/** Where an error text that nobody knows is to go. */
const NEW_ISSUE = 'Copy for a Report';

/** "Explain a sandbox error": what the selected text, or else the clipboard's, means. Returns what it found, for programs. */
export async function explainError(log: vscode.LogOutputChannel): Promise<readonly Symptom[]> {
  const text = (selected() || (await vscode.env.clipboard.readText())).slice(0, MOST_CHARACTERS);
  if (text.trim() === '') {
    void inform(
      'There is no text to explain. Select what Codex or bwrap printed in an editor, or copy it, and run the command again.',
    );
    return [];
  }
  const symptoms = diagnoseAll(text);
  // Not awaited: it stays until somebody presses a button.
  void (symptoms.length === 0 ? tellUnknown(text) : tell(symptoms, log));
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
  if (weak) return "This line by itself does not stop Codex's sandbox.";
  return gate === null ? "Codex's sandbox does not start." : `Codex's sandbox stops at the gate ${gate}.`;
}

async function tell(symptoms: readonly Symptom[], log: vscode.LogOutputChannel): Promise<void> {
  const [first, ...others] = symptoms;
  if (!first) return;
  const all = symptoms.map(explanationOf).join('\n\n');
  log.info(`\n${all}\n`);
  const more = others.length > 0 ? ` The text holds ${count(others.length, 'more error')}.` : '';
  const [copy, show] = ['Copy', 'Show All'];
  const message = `${headlineOf(first)} ${first.cause} ${first.remedy}${more}`;
  const choice = await inform(message, copy, ...(others.length > 0 ? [show] : []));
  if (choice === copy) await vscode.env.clipboard.writeText(`${all}\n`);
  if (choice === show) log.show();
}

/** Longer texts are logs of something else; a report needs the lines about the sandbox. */
const LONGEST_REPORT = 4000;

async function tellUnknown(text: string): Promise<void> {
  const choice = await warn(
    'This is not a known sandbox error. Run the probe: it measures which step fails. ' +
      'If the text has lines that begin with "bwrap:" or "error", please report them with the versions of Codex and bubblewrap.',
    NEW_ISSUE,
  );
  if (choice !== NEW_ISSUE) return;
  const report = `Unknown sandbox error (Codex Sandbox Check)\n\n    ${text
    .slice(0, LONGEST_REPORT)
    .split(/\r\n|\r|\n/)
    .join('\n    ')}\n`;
  await vscode.env.clipboard.writeText(report);
}
