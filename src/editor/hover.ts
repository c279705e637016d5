import * as vscode from 'vscode';
import { requestName } from '../model/agent/request.js';
import { GATE_NAMES, UNDECIDED_GATE_NAMES } from '../model/gates.js';
import { literal } from '../report/markdown.js';
import type { Finding } from '../rules/engine/rule.js';
import { sentence } from '../rules/engine/wording.js';
import { editorRange, type Diagnostics } from './diagnostics.js';
import { uriOf } from './paths.js';
import { lineOf, type Shown } from './shown.js';

/** The commands that a hover may run: our own, and none that changes a file. */
export const LINKED = ['codexSandbox.openRule', 'codexSandbox.showReport', 'codexSandbox.probe'] as const;

/** A configuration, the text that it is shown on, and what was found there. */
interface Place {
  readonly shown: Shown;
  readonly range: vscode.Range;
  readonly finding: Finding | undefined;
}

/** Shows the verdict where a configuration says what its container is made of, and on each line at fault. */
export class VerdictHover implements vscode.HoverProvider {
  constructor(
    private readonly shown: () => readonly Shown[],
    private readonly diagnostics: Diagnostics,
  ) {}

  provideHover({ uri }: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const all = this.shown();
    const places = [...definitions(all, uri), ...this.#faults(all, uri)].filter(({ range }) =>
      range.contains(position),
    );
    const [first] = places;
    if (!first) return undefined;
    // A Dockerfile may serve several configurations, and a line may have several faults of one.
    const configurations = [...new Set(places.map(({ shown }) => shown))];
    return new vscode.Hover(
      configurations.map((shown) =>
        markdownOf(
          shown,
          places.flatMap((place) => (place.shown === shown && place.finding ? place.finding.rule : [])),
        ),
      ),
      first.range,
    );
  }

  #faults(all: readonly Shown[], uri: vscode.Uri): readonly Place[] {
    return this.diagnostics.entries(uri).flatMap(({ judgement, finding, diagnostic: { range } }) => {
      const shown = all.find((one) => one.judgement.configuration === judgement?.configuration);
      return shown ? { shown, range, finding } : [];
    });
  }
}

function definitions(all: readonly Shown[], uri: vscode.Uri): readonly Place[] {
  return all.flatMap((shown) => {
    const { file, range } = shown.judgement.configuration.container.definition.place;
    return uriOf(shown.folder.uri, file).toString() === uri.toString()
      ? { shown, range: editorRange(range), finding: undefined }
      : [];
  });
}

/** The verdict, what it means and what it rests on, then links. Text of files is escaped. */
function markdownOf(shown: Shown, rules: readonly string[]): vscode.MarkdownString {
  const links = [
    ...[...new Set(rules)].map((rule) =>
      link(rules.length > 1 ? vscode.l10n.t('Rule {0}', rule) : vscode.l10n.t('Rule'), LINKED[0], rule),
    ),
    link(vscode.l10n.t('Report'), LINKED[1]),
    link(vscode.l10n.t('Probe'), LINKED[2]),
  ];
  const markdown = new vscode.MarkdownString(
    [
      `**${literal(vscode.l10n.t('Codex sandbox: {0}', lineOf(shown)))}**`,
      `${literal(meaningOf(shown))} ${literal(basisOf(shown))}`,
      links.join(' · '),
    ].join('\n\n'),
  );
  markdown.isTrusted = { enabledCommands: LINKED };
  return markdown;
}

function link(text: string, command: (typeof LINKED)[number], ...args: readonly string[]): string {
  const query = args.length === 0 ? '' : `?${encodeURIComponent(JSON.stringify(args))}`;
  return `[${literal(text)}](command:${command}${query})`;
}

function meaningOf({ judgement: { predictions } }: Shown): string {
  const gate = predictions.find(({ outcome }) => outcome === 'fails')?.gate;
  if (gate !== undefined) return vscode.l10n.t('First obstacle: {0}.', GATE_NAMES[gate]);
  const open = predictions.find(({ undecided }) => undecided !== undefined)?.undecided;
  if (open !== undefined) return vscode.l10n.t('The files do not tell whether {0}.', UNDECIDED_GATE_NAMES[open]);
  return predictions.every(({ outcome }) => outcome === 'works')
    ? vscode.l10n.t('Nothing needs to change.')
    : vscode.l10n.t('Run the probe to find out.');
}

function basisOf({ judgement: { configuration, request, predictions } }: Shown): string {
  const conditions = [...new Set(predictions.flatMap(({ condition }) => condition ?? []))];
  const what = [requestName(request), request.network, configuration.file] as const;
  return conditions.length === 0
    ? vscode.l10n.t('The prediction is for {0} with {1} network in {2}.', ...what)
    : sentence(
        vscode.l10n.t('the prediction for {0} with {1} network in {2} holds {3}.', ...what, conditions.join('; ')),
      );
}
