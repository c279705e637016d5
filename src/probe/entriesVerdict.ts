import type { WorkspaceFolder } from '../model/container/container.js';
import type { Gate } from '../model/gates.js';
import { CODEX } from '../model/agents/codex/agent.js';
import { diagnose } from '../model/sandbox/symptoms.js';
import { entryInTheWay } from '../model/sandbox/workspaceEntries.js';
import { symptomFacts } from './facts.js';
import type { Facts, Step, Verdict } from './observation.js';

const GATE: Gate = 'workspace-entries';

/**
 * What Codex prints for what lies in the workspace folder, by the facts: undefined where nothing is in its way, or where that is not
 * known. Where Codex is not installed, it is the newest.
 */
function entriesError({ workspace, codex }: Pick<Facts, 'workspace' | 'codex'>): string | undefined {
  if (!workspace) return undefined;
  const { path, present, links, unreadable } = workspace;
  const folder: WorkspaceFolder = { path, present, links, unreadable, refuses: undefined };
  return entryInTheWay(folder, CODEX.demands(codex?.version ?? CODEX.newestVersion));
}

/**
 * What lies in the workspace folder and stops every command there: Codex says so itself where it was tried there, else the facts
 * tell. It is met before anything of bubblewrap, so it decides before all else.
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
    : 'Codex is not installed here; its sandbox would not start';
  return {
    outcome: 'fails',
    gate: GATE,
    summary: `${what} in the workspace folder: ${symptom.error}. ${symptom.cause}`,
    remediation: symptom.remedy,
  };
}
