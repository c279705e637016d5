import { getLocation } from 'jsonc-parser';
import * as vscode from 'vscode';
import { GATE_NAMES } from '../model/gates.js';
import type { AgentRequest } from '../model/agent/request.js';
import type { Relaxation, RelaxationId } from '../model/plan/relaxation.js';
import { relaxationsFor } from '../model/plan/relaxations.js';
import { uses, type Shown } from './shown.js';

/** A value that the editor proposes, and what the sandbox gets from it. */
interface Value {
  readonly text: string;
  readonly meaning: string;
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
    return valuesOf(String(property), shown.judgement.request).map(({ text, meaning }) => {
      const item = new vscode.CompletionItem(JSON.stringify(text), vscode.CompletionItemKind.Value);
      item.range = range;
      item.detail = vscode.l10n.t('Codex Sandbox');
      item.documentation = meaning;
      return item;
    });
  }
}

/** The values of a property that matter to the sandbox. */
function valuesOf(property: string, request: AgentRequest): readonly Value[] {
  const security = securityOptions(request);
  const capabilities = capabilitiesOf(request);
  switch (property) {
    case 'securityOpt':
      return security;
    case 'capAdd':
      return capabilities;
    case 'runArgs':
      return [
        ...security.map((value) => ({ ...value, text: `--security-opt=${value.text}` })),
        ...capabilities.map((value) => ({ ...value, text: `--cap-add=${value.text}` })),
        ...relaxationsFor(request).flatMap((one) =>
          one.id === 'privileged' ? { text: '--privileged', meaning: meaningOf(one) } : [],
        ),
      ];
    default:
      return [];
  }
}

/** The security options of Docker, by the changes that write them. */
const SECURITY_OPTIONS: Readonly<Partial<Record<RelaxationId, string>>> = {
  'apparmor-unconfined': 'apparmor=unconfined',
  'apparmor-runc': 'apparmor=runc',
  'seccomp-unconfined': 'seccomp=unconfined',
  'systempaths-unconfined': 'systempaths=unconfined',
};

function securityOptions(request: AgentRequest): readonly Value[] {
  return [
    ...relaxationsFor(request).flatMap((one) => {
      const text = SECURITY_OPTIONS[one.id];
      return text === undefined ? [] : { text, meaning: meaningOf(one) };
    }),
    {
      text: 'no-new-privileges',
      meaning: vscode.l10n.t('Hardens the container. A setuid bubblewrap has no effect with it.'),
    },
  ];
}

function capabilitiesOf(request: AgentRequest): readonly Value[] {
  return relaxationsFor(request).flatMap((one) =>
    one.id.startsWith('cap-') ? { text: one.id.slice('cap-'.length), meaning: meaningOf(one) } : [],
  );
}

/** What it is good for, and what it costs. */
function meaningOf({ against, givesAway }: Relaxation): string {
  const helps = vscode.l10n.t('Can help where {0}.', against.map((gate) => GATE_NAMES[gate]).join('; '));
  return givesAway === '' ? helps : `${helps}\n\n${vscode.l10n.t('Costs: {0}.', givesAway)}`;
}
