import * as vscode from 'vscode';
import { CHOICE_KEY } from '../sources/devcontainer/choice.js';
import { setProperty } from '../edits/json/setProperty.js';
import { displayNames } from '../model/host.js';
import type { Finding } from '../rules/engine/rule.js';
import type { Judgement } from '../rules/judge.js';
import { editorRange, type Origin } from './diagnostics.js';
import { ignoreComment, type IgnoreComment } from './ignoreComment.js';
import { inform } from './messages.js';
import { showRule } from './pages.js';
import { openDocument, uriOf } from './paths.js';
import { SECTION } from './settings.js';
import { LONGEST_TITLE } from './titles.js';
import { prepareEdit } from './workspaceEdits.js';

/** Where devcontainer.json says what this repository wants of the check. */
const CHOICES = ['customizations', CHOICE_KEY] as const;

/** What the menu offers beside fixes: an edit, or something else to do. */
export type RuleChoice = { readonly title: string } & (
  { readonly edit: () => Promise<vscode.WorkspaceEdit | undefined> } | { readonly run: () => Promise<unknown> }
);

/** A finding and whose it is. */
export interface About {
  readonly origin: Origin;
  readonly judgement: Judgement;
  readonly finding: Finding;
}

/**
 * What somebody may want who does not want the finding, in the order of the menu.
 * @param abouts the finding, for each configuration that has it
 */
export function ruleChoices(abouts: readonly About[]): readonly RuleChoice[] {
  const [first] = abouts;
  if (!first) return [];
  const { rule } = first.finding;
  return [
    ...disableHere(first),
    {
      title: vscode.l10n.t('Disable {0} in this repository', rule),
      edit: () => editOfChoices(abouts, ['rules', rule], 'off'),
    },
    ...removeHosts(first, abouts),
    ...openRule(rule),
  ];
}

function disableHere({ origin, judgement, finding }: About): readonly RuleChoice[] {
  const { file, range } = finding.place;
  const { line } = editorRange(range).start;
  const commentIn = (text: string): IgnoreComment | undefined => ignoreComment(text, file, finding.rule, line);
  if (!commentIn(judgement.configuration.texts.get(file) ?? '')) return [];
  return [
    {
      title: vscode.l10n.t('Disable {0} here', finding.rule),
      edit: async () => {
        const uri = uriOf(origin.folder, file);
        const document = openDocument(uri) ?? (await vscode.workspace.openTextDocument(uri));
        const comment = commentIn(document.getText());
        if (!comment) return undefined;
        const snippet = new vscode.SnippetString()
          .appendText(comment.start)
          .appendPlaceholder(comment.reason)
          .appendText(comment.end);
        const edit = new vscode.WorkspaceEdit();
        edit.set(uri, [vscode.SnippetTextEdit.insert(new vscode.Position(comment.line, comment.character), snippet)]);
        return edit;
      },
    },
  ];
}

/** One for each name that people have for hosts, as far as they decide: without the others nothing would be judged otherwise. */
function removeHosts(about: About, abouts: readonly About[]): readonly RuleChoice[] {
  const { advisory, hosts } = about.judgement;
  const decide = hosts.map(({ name }) => name).filter((name) => !advisory.includes(name));
  const concerned = decide.filter((name) => about.finding.hosts.includes(name));
  if (concerned.length === decide.length) return [];
  return displayNames(concerned).map((shown) => {
    const members = membersOf(concerned, shown);
    const rest = decide.filter((name) => !members.includes(name));
    const title = vscode.l10n.t('Remove {0} from the targets', shown);
    const short =
      title.length <= LONGEST_TITLE ? title : vscode.l10n.t('Remove {0} from the targets', members.join(', '));
    const { folder } = about.origin;
    const target = settingToChange(folder);
    if (target === undefined) return { title: short, edit: () => editOfChoices(abouts, ['hosts'], rest) };
    const run = async (): Promise<void> => {
      await vscode.workspace.getConfiguration(SECTION, folder).update('hosts', rest, target);
    };
    return { title: short, run };
  });
}

/** The hosts that have this name, alone or together. */
function membersOf(names: readonly string[], shown: string): readonly string[] {
  const own = names.filter((name) => displayNames([name]).includes(shown));
  // A name that several have together is the name of none of them.
  return own.length > 0 ? own : names.filter((name) => !displayNames(names).includes(displayNames([name])[0] ?? name));
}

/** The settings win over devcontainer.json: where one of them names hosts, the workspace's is to change. */
function settingToChange(folder: vscode.Uri): vscode.ConfigurationTarget | undefined {
  const found = vscode.workspace.getConfiguration(SECTION, folder).inspect('hosts');
  if (found?.workspaceFolderValue !== undefined) return vscode.ConfigurationTarget.WorkspaceFolder;
  if (found?.workspaceValue !== undefined || found?.globalValue !== undefined)
    return vscode.ConfigurationTarget.Workspace;
  return undefined;
}

/** Written into the devcontainer.json of each configuration; undefined: one of them cannot be changed so. */
async function editOfChoices(
  abouts: readonly About[],
  path: readonly string[],
  value: string | readonly string[],
): Promise<vscode.WorkspaceEdit | undefined> {
  const all = new vscode.WorkspaceEdit();
  for (const { origin, judgement } of abouts) {
    const { file, texts } = judgement.configuration;
    const edits = setProperty(texts.get(file) ?? '', file, [...CHOICES, ...path], value);
    const prepared = edits && (await prepareEdit(origin, texts, edits));
    if (!prepared) {
      void inform(vscode.l10n.t('{0} cannot be changed: it has errors, or it has changed meanwhile.', file));
      return undefined;
    }
    for (const [uri, own] of prepared.edit.entries()) all.set(uri, own);
  }
  return all;
}

function openRule(rule: string): readonly RuleChoice[] {
  return [{ title: vscode.l10n.t('Open rule {0}', rule), run: () => showRule(rule) }];
}
