import * as vscode from 'vscode';
import { page } from '../rules/engine/page.js';
import { RULES } from '../rules/index.js';

/** The scheme of the pages that the extension writes itself. package.json (configurationDefaults) shows them rendered. */
const SCHEME = 'codex-sandbox';

/** VS Code's own Markdown preview. */
const PREVIEW = 'vscode.markdown.preview.editor';

const REPORT_PATH = '/Codex sandbox report.md';

/** The page of a rule: it explains the very version that is installed, also offline. */
export function rulePage(rule: string): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/rules/${rule}.md` });
}

/** The report on the configurations that use a file; without one, on all of the window. */
export function reportPage(about: vscode.Uri | undefined): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: REPORT_PATH, query: about?.toString() ?? '' });
}

/** Whether it is a page of this extension, and so no file that a configuration could use. */
export function isPage({ scheme }: vscode.Uri): boolean {
  return scheme === SCHEME;
}

/** The file in the active editor, which the report is about. */
export function activeFile(): vscode.Uri | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri && !isPage(uri) ? uri : undefined;
}

/** Shows a page rendered; as text where VS Code's Markdown extension is switched off. */
export async function showPage(uri: vscode.Uri): Promise<void> {
  try {
    await vscode.commands.executeCommand('vscode.openWith', uri, PREVIEW);
  } catch {
    await vscode.window.showTextDocument(uri);
  }
}

/** Shows the page of a rule. Menus and links may hand over anything, and only known rules have a page. */
export async function showRule(id: unknown): Promise<void> {
  if (RULES.some((rule) => rule.id === id)) await showPage(rulePage(String(id)));
}

/** Writes the pages. */
export class Pages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  /** Behind the event, for which VS Code looks when it is told of the provider. */
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  /** @param report its text on the configurations that use a file; on all where none does */
  constructor(private readonly report: (about: vscode.Uri | undefined) => string) {}

  provideTextDocumentContent({ path, query }: vscode.Uri): string | undefined {
    if (path === REPORT_PATH) return this.report(query === '' ? undefined : vscode.Uri.parse(query));
    const rule = RULES.find(({ id }) => path === rulePage(id).path);
    return rule && page(rule);
  }

  /** To be called when the reports that are open may say something else. */
  update(): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      if (isPage(uri) && uri.path === REPORT_PATH) this.#changed.fire(uri);
    }
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
