import * as vscode from 'vscode';
import type { Range } from '../model/place.js';
import type { Judgement } from '../rules/judge.js';
import type { Finding, Severity } from '../rules/engine/rule.js';
import type { WorkspaceFiles } from '../sources/workspace/files.js';
import { uriOf } from './paths.js';

/** The source of every diagnostic of this extension. */
export const SOURCE = 'codex-sandbox';

const SEVERITIES: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

/** The code of a diagnostic that says what was measured and not predicted. */
export const MEASURED = 'measured';

/** The workspace folder that something was found in. */
export interface Origin {
  readonly folder: vscode.Uri;
  readonly files: WorkspaceFiles;
}

/** A diagnostic and what it was made from. */
export interface Entry {
  readonly origin: Origin;
  readonly uri: vscode.Uri;
  readonly diagnostic: vscode.Diagnostic;
  /** undefined: it stands for no finding. */
  readonly finding: Finding | undefined;
  /** undefined: the configuration could not be judged. */
  readonly judgement: Judgement | undefined;
}

/** The range as VS Code has it. */
export function editorRange({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

/** The page of a rule. */
export type RulePage = (rule: string) => vscode.Uri | undefined;

/** What a diagnostic says. */
interface Statement {
  readonly message: string;
  readonly severity: Severity;
  /** Places beside those of the finding. */
  readonly related?: Finding['related'] | undefined;
}

/** The diagnostic of a finding. The statement may say more than the finding knows. */
export function findingEntry(
  origin: Origin,
  judgement: Judgement,
  finding: Finding,
  page: RulePage,
  statement: Statement,
): Entry {
  const { folder } = origin;
  const uri = uriOf(folder, finding.place.file);
  const diagnostic = diagnosticOf(editorRange(finding.place.range), statement);
  const target = page(finding.rule);
  diagnostic.code = target ? { value: finding.rule, target } : finding.rule;
  diagnostic.relatedInformation = [...finding.related, ...(statement.related ?? [])].map(
    ({ place, message: about }) =>
      new vscode.DiagnosticRelatedInformation(
        new vscode.Location(uriOf(folder, place.file), editorRange(place.range)),
        about,
      ),
  );
  return { origin, uri, diagnostic, finding, judgement };
}

/** A diagnostic on the first line of a configuration, for what no finding says. */
export function fileEntry(
  origin: Origin,
  file: string,
  judgement: Judgement | undefined,
  code: string,
  statement: Statement,
): Entry {
  // VS Code cuts the range to the line.
  const diagnostic = diagnosticOf(new vscode.Range(0, 0, 0, Number.MAX_SAFE_INTEGER), statement);
  diagnostic.code = code;
  return { origin, uri: uriOf(origin.folder, file), diagnostic, finding: undefined, judgement };
}

function diagnosticOf(range: vscode.Range, { message, severity }: Statement): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(range, message, SEVERITIES[severity]);
  diagnostic.source = SOURCE;
  return diagnostic;
}

/** The diagnostics of all workspace folders. A folder may lie in another one, so several may speak about one file. */
export class Diagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection(SOURCE);
  readonly #byFolder = new Map<string, readonly Entry[]>();

  /** Replaces what is said for a folder. */
  set(folder: vscode.Uri, entries: readonly Entry[]): void {
    const before = this.#byFolder.get(folder.toString()) ?? [];
    this.#byFolder.set(folder.toString(), entries);
    this.#show([...before, ...entries]);
  }

  /** Shows all that is said anew, where something else has taken its place. */
  showAgain(): void {
    this.#show([...this.#byFolder.values()].flat());
  }

  /** All that is said about a file; the same words once for each configuration that they are true of. */
  entries(uri: vscode.Uri): readonly Entry[] {
    const wanted = uri.toString();
    return [...this.#byFolder.values()].flat().filter((entry) => entry.uri.toString() === wanted);
  }

  dispose(): void {
    this.#collection.dispose();
  }

  #show(entries: readonly Entry[]): void {
    const uris = new Map(entries.map(({ uri }) => [uri.toString(), uri]));
    this.#collection.set(
      [...uris.values()].map((uri) => [uri, distinct(this.entries(uri).map(({ diagnostic }) => diagnostic))]),
    );
  }
}

function distinct(diagnostics: readonly vscode.Diagnostic[]): vscode.Diagnostic[] {
  return diagnostics.filter((one, i) => diagnostics.findIndex((other) => sameDiagnostic(one, other)) === i);
}

/** Whether two diagnostics say the same of the same place; VS Code hands copies around. */
export function sameDiagnostic(a: vscode.Diagnostic, b: vscode.Diagnostic): boolean {
  return a.message === b.message && a.range.isEqual(b.range) && codeOf(a) === codeOf(b);
}

/** The rule of a diagnostic, or what else it is about. */
export function codeOf({ code }: vscode.Diagnostic): string | number | undefined {
  return typeof code === 'object' ? code.value : code;
}
