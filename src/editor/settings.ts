import * as vscode from 'vscode';
import { CODEX_VERSION } from '../model/agents/codex/versions.js';
import { DEFAULT_HOSTS, HOST_CHOICES, type Host } from '../model/host.js';
import type { Target } from '../rules/judge.js';
import { LEVELS, type Level } from '../rules/engine/rule.js';

/** The section of settings.json that is ours. */
export const SECTION = 'codexSandbox';

/** What the user wants judged in a workspace folder. */
export interface Settings {
  readonly enable: boolean;
  /** The hosts by name: what this machine is (`local`) nobody has looked at yet. */
  readonly hosts: readonly Host['name'][];
  readonly target: Omit<Target, 'hosts'>;
  /** Whether errors and warnings need something that shows that Codex is used here. */
  readonly byEvidence: boolean;
}

/** Reads the settings of a workspace folder. What is not valid (settings.json marks it) counts as not set. */
export function readSettings(folder: vscode.Uri): Settings {
  const configuration = vscode.workspace.getConfiguration(SECTION, folder);
  const hosts: unknown = configuration.get('hosts');
  const wanted: readonly unknown[] = Array.isArray(hosts) ? hosts : [];
  const names = HOST_CHOICES.map(({ name }) => name).filter((name) => wanted.includes(name));
  const version: unknown = configuration.get('codexVersion');
  const network: unknown = configuration.get('network');
  return {
    enable: configuration.get('enable') !== false,
    hosts: names.length > 0 ? names : DEFAULT_HOSTS,
    byEvidence: configuration.get('severity') !== 'always',
    target: {
      // Also where the user names those that are the default: the repository's choice does not count then.
      hostsNamed: names.length > 0 && isSet(configuration.inspect('hosts')),
      codexVersion: typeof version === 'string' && CODEX_VERSION.test(version) ? version : undefined,
      network: network === 'restricted' || network === 'full' ? network : undefined,
      levels: readLevels(configuration.get('rules')),
    },
  };
}

/** Whether the user or the workspace sets it, in whatever place. */
function isSet(found: ReturnType<vscode.WorkspaceConfiguration['inspect']>): boolean {
  const { globalValue, workspaceValue, workspaceFolderValue } = found ?? {};
  return [globalValue, workspaceValue, workspaceFolderValue].some((value) => value !== undefined);
}

function readLevels(value: unknown): ReadonlyMap<string, Level> {
  if (typeof value !== 'object' || value === null) return new Map();
  return new Map(
    Object.entries(value).flatMap(([rule, wanted]) => {
      const level = LEVELS.find((one) => one === wanted);
      return level ? [[rule, level] as const] : [];
    }),
  );
}
