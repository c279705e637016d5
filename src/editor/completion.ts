import { getLocation } from 'jsonc-parser';
import * as vscode from 'vscode';
import { GATE_NAMES } from '../model/gates.js';
import type { Relaxation, RelaxationId } from '../model/plan/relaxation.js';
import { relaxationsFor } from '../model/plan/relaxations.js';
import type { Judgement } from '../rules/judge.js';
import { PROFILE_FILES } from '../sources/workspace/createdFiles.js';
import { mainRepair } from './otherWays.js';
import { uses, type Shown } from './shown.js';

/** How a value is proposed: what the sandbox needs here comes first, what the check warns about comes last. */
const RANKS = ['needed', 'helps', 'wide'] as const;

type Rank = (typeof RANKS)[number];

/** A value that the editor proposes, and what the sandbox gets from it. */
interface Value {
  readonly text: string;
  readonly meaning: string;
  readonly rank: Rank;
  /** Some hosts do not start a container with it. */
  readonly isRefused: boolean;
}

/** Proposes values for securityOpt, capAdd and runArgs of devcontainer.json, with what each means for the sandbox. */
export class OptionCompletion implements vscode.CompletionItemProvider {
  static readonly selector: vscode.DocumentSelector = [
    { pattern: '**/devcontainer.json' },
    { pattern: '**/.devcontainer.json' },
  ];

  constructor(private readonly shown: () => readonly Shown[]) {}

  provideCompletionItems(document: vscode.TextDocument, position: vscode.Position): vscode.CompletionItem[] {
    const shown = this.shown().find((one) => uses(one, document.uri));
    if (!shown) return [];
    const { path, previousNode } = getLocation(document.getText(), document.offsetAt(position));
    const [property, index] = path;
    if (path.length !== 2 || typeof index !== 'number') return [];
    const range =
      previousNode?.type === 'string'
        ? new vscode.Range(
            document.positionAt(previousNode.offset),
            document.positionAt(previousNode.offset + previousNode.length),
          )
        : new vscode.Range(position, position);
    const values = valuesOf(String(property), shown.judgement);
    return values
      .toSorted((a, b) => RANKS.indexOf(a.rank) - RANKS.indexOf(b.rank))
      .map((value, i) => itemOf(value, i, range));
  }
}

function itemOf({ text, meaning, rank, isRefused }: Value, place: number, range: vscode.Range): vscode.CompletionItem {
  const label = JSON.stringify(text);
  // What stands behind the label is seen in the whole list, the detail only of the chosen line.
  const item = new vscode.CompletionItem({ label, description: shortOf(rank) }, vscode.CompletionItemKind.Value);
  item.range = range;
  item.sortText = String(place).padStart(3, '0');
  item.filterText = label;
  item.insertText = label;
  item.detail = vscode.l10n.t('Codex Sandbox: {0}', shortOf(rank));
  item.documentation = rank === 'wide' ? `${meaning}\n\n${isRefused ? refusedText() : widerText()}` : meaning;
  return item;
}

function widerText(): string {
  return vscode.l10n.t('The check warns about this value where something narrower is enough.');
}

function refusedText(): string {
  return vscode.l10n.t('The check warns about this value where a host refuses to start the container with it.');
}

function shortOf(rank: Rank): string {
  if (rank === 'needed') return vscode.l10n.t('needed here');
  return rank === 'helps' ? vscode.l10n.t('optional') : vscode.l10n.t('not recommended');
}

/** The values of a property that matter to the sandbox. */
function valuesOf(property: string, judgement: Judgement): readonly Value[] {
  const security = securityOptions(judgement);
  const capabilities = capabilitiesOf(judgement);
  switch (property) {
    case 'securityOpt':
      return security;
    case 'capAdd':
      return capabilities;
    case 'runArgs':
      return [
        ...security.map((value) => ({ ...value, text: `--security-opt=${value.text}` })),
        ...capabilities.map((value) => ({ ...value, text: `--cap-add=${value.text}` })),
        ...relaxationsFor(judgement.request).flatMap((one) =>
          one.id === 'privileged' ? valueOf('--privileged', one, judgement) : [],
        ),
      ];
    default:
      return [];
  }
}

function valueOf(text: string, one: Relaxation, judgement: Judgement): Value {
  return { text, meaning: meaningOf(one), rank: rankOf(one, judgement), isRefused: one.startsOn !== undefined };
}

/** What makes Codex work here is needed. What has a narrower way, or gives root more power, is proposed last. */
function rankOf({ id, neverPlanned, onRequest }: Relaxation, judgement: Judgement): Rank {
  if (mainRepair(judgement)?.relaxations.includes(id)) return 'needed';
  // Nothing narrower helps hosts that decide.
  if (
    judgement
      .repairs()
      .onRequest.fixes()
      .some(({ relaxations }) => relaxations.includes(id))
  )
    return 'helps';
  return neverPlanned === true || onRequest === true ? 'wide' : 'helps';
}

/** The security options of Docker, by the changes that write them. */
const SECURITY_OPTIONS: Readonly<Partial<Record<RelaxationId, string>>> = {
  'apparmor-unconfined': 'apparmor=unconfined',
  'apparmor-runc': 'apparmor=runc',
  'seccomp-unconfined': 'seccomp=unconfined',
  'systempaths-unconfined': 'systempaths=unconfined',
};

function securityOptions(judgement: Judgement): readonly Value[] {
  return [
    ...relaxationsFor(judgement.request).flatMap((one) => {
      if (one.id === 'seccomp-tailored') return profilesOf(judgement).map((text) => valueOf(text, one, judgement));
      const text = SECURITY_OPTIONS[one.id];
      return text === undefined ? [] : valueOf(text, one, judgement);
    }),
    {
      text: 'no-new-privileges',
      meaning: vscode.l10n.t('Hardens the container. A setuid bubblewrap has no effect with it.'),
      rank: 'helps',
      isRefused: false,
    },
  ];
}

/** The tailored seccomp profiles that the repository has already. */
function profilesOf({ configuration: { texts } }: Judgement): readonly string[] {
  return PROFILE_FILES.filter((file) => texts.has(file)).map((file) => `seccomp=\${localWorkspaceFolder}/${file}`);
}

function capabilitiesOf(judgement: Judgement): readonly Value[] {
  return relaxationsFor(judgement.request).flatMap((one) =>
    one.id.startsWith('cap-') ? valueOf(one.id.slice('cap-'.length), one, judgement) : [],
  );
}

/** What it is good for, and what it costs. */
function meaningOf({ against, givesAway }: Relaxation): string {
  const helps = vscode.l10n.t('Can help where {0}.', against.map((gate) => GATE_NAMES[gate]).join('; '));
  return givesAway === '' ? helps : `${helps}\n\n${vscode.l10n.t('Costs: {0}.', givesAway)}`;
}
