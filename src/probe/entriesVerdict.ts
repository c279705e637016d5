import type { WorkspaceFolder } from '../model/container/container.js';
import type { Gate } from '../model/gates.js';
import { CODEX } from '../model/agents/codex/agent.js';
import { diagnose } from '../model/sandbox/symptoms.js';
import { entryInTheWay } from '../model/sandbox/workspaceEntries.js';
import { symptomFacts } from './facts.js';
import type { Facts, Step, Verdict } from './observation.js';

const GATE: Gate = 'workspace-entries';

/**
 * What Codex prints because of the entries of the workspace folder, by the facts. undefined: nothing stops it, or that is not known.
 * If Codex is not installed, the newest version is assumed.
 */
function entriesError({ workspace, codex }: Pick<Facts, 'workspace' | 'codex'>): string | undefined {
  if (!workspace) return undefined;
  const { path, present, links, unreadable } = workspace;
  const folder: WorkspaceFolder = { path, present, links, unreadable, refuses: undefined };
  return entryInTheWay(folder, CODEX.demands(codex?.version ?? CODEX.newestVersion));
}

/**
 * An entry of the workspace folder that stops every command there. Codex prints it if it was tried there; otherwise the facts show
 * it. Codex meets it before it starts bubblewrap, so it decides first.
 * @param there Codex in that folder; undefined: it was not tried
 */
export function byEntries(facts: Facts, there: Step | undefined): Verdict | undefined {
  const tried = there !== undefined && there.status !== 'skipped';
  const said = tried ? there.stderr : entriesError(facts);
  if (said === undefined || (tried && there.status === 'ok')) return undefined;
  const symptom = diagnose(said, symptomFacts(facts));
  if (symptom?.gate !== GATE) return undefined;
  const what = facts.codex
    ? "Codex's sandbox does not start"
    : 'Codex is not installed here, and its sandbox would not start';
  return {
    outcome: 'fails',
    gate: GATE,
    summary: `${what} in the workspace folder: ${symptom.error}. ${symptom.cause}`,
    remediation: symptom.remedy,
  };
}
