import { requestName } from '../model/agent/request.js';
import * as vscode from 'vscode';
import { verdictMarkdown } from '../report/verdict.js';
import type { Judgement } from '../rules/judge.js';
import { editorRange, type Diagnostics } from './diagnostics.js';
import type { FolderChecker } from './folderChecker.js';
import { uriOf } from './paths.js';

/** A judgement and the text that it is shown on. */
interface Shown {
  readonly judgement: Judgement;
  readonly range: vscode.Range;
}

/** Shows the verdict by host where a configuration says what its container is made of, and on each line at fault. */
export class VerdictHover implements vscode.HoverProvider {
  constructor(
    private readonly checkers: () => readonly FolderChecker[],
    private readonly diagnostics: Diagnostics,
  ) {}

  provideHover({ uri }: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const shown = [...this.#definitions(uri), ...this.#faults(uri)].filter(({ range }) => range.contains(position));
    const [first] = shown;
    if (!first) return undefined;
    // A Dockerfile may serve several configurations, and a line may have several faults of one.
    const judgements = [...new Set(shown.map(({ judgement }) => judgement))];
    return new vscode.Hover(
      judgements.map((judgement) => new vscode.MarkdownString(markdownOf(judgement))),
      first.range,
    );
  }

  #definitions(uri: vscode.Uri): readonly Shown[] {
    return this.checkers().flatMap(({ folder, judgements }) =>
      judgements.flatMap((judgement) => {
        const { file, range } = judgement.configuration.container.definition.place;
        return uriOf(folder.uri, file).toString() === uri.toString() ? { judgement, range: editorRange(range) } : [];
      }),
    );
  }

  #faults(uri: vscode.Uri): readonly Shown[] {
    return this.diagnostics
      .entries(uri)
      .flatMap(({ judgement, diagnostic: { range } }) => (judgement ? { judgement, range } : []));
  }
}

function markdownOf(judgement: Judgement): string {
  const { request, configuration } = judgement;
  return verdictMarkdown(judgement, `${requestName(request)}, ${request.network} network, in ${configuration.file}`);
}
