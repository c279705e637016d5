import { NEWEST_CODEX } from '../model/agents/codex/versions.js';
import { diagnose } from '../model/sandbox/symptoms.js';
import { isWorkspaceError } from '../model/bwrap/errors.js';
import { shieldedEntries } from '../model/agents/codex/workspaceEntries.js';
import { symptomFacts } from './facts.js';
import type { Facts, ObservedWorkspace, Step, Verdict } from './observation.js';

/** The folder, if this user can create nothing in it. */
type Refusing = ObservedWorkspace & { readonly refuses: NonNullable<ObservedWorkspace['refuses']> };

function refusing({ workspace }: Facts): Refusing | undefined {
  return workspace?.refuses ? { ...workspace, refuses: workspace.refuses } : undefined;
}

/** Who owns the folder and who runs Codex, a sentence. */
function ownership({ path, owner, mode, refuses }: Refusing, { user }: Facts): string {
  if (refuses === 'EROFS') return `${path} is mounted read-only.`;
  const whose = owner === null ? '' : ` belongs to user ${owner.uid} and group ${owner.gid}`;
  const who = user.uid === null ? '' : ` (${user.uid})`;
  return `${path}${whose}${mode === null ? '' : ` (${mode})`}, and Codex runs as ${user.name ?? 'a user without a name'}${who}.`;
}

/** What bwrap would print there, if other programs made its calls. */
function errorOfBwrap({ path, present, refuses }: Refusing): string {
  const missing = shieldedEntries(NEWEST_CODEX).find((name) => !present.includes(name)) ?? '';
  const message = refuses === 'EROFS' ? 'Read-only file system' : 'Permission denied';
  return `bwrap: Can't mkdir ${path}/${missing}: ${message}`;
}

/** Codex was not tried, because this user may not enter the folder: it would print `Permission denied` for the folder itself (measured). */
function notEntered(folder: Refusing, facts: Facts, what: string): Verdict {
  return {
    outcome: 'fails',
    gate: 'writable-paths',
    summary: `${what} in the workspace folder: this user may not enter it. ${ownership(folder, facts)}`,
    remediation: diagnose(errorOfBwrap(folder))?.remedy ?? '',
  };
}

/**
 * The result in the workspace folder if this user can create nothing in it. bwrap creates the missing entries before it mounts /proc,
 * so this comes before later failures of other steps.
 * @param what subject and verb
 * @returns undefined if that folder is not the cause
 */
export function byWorkspace(facts: Facts, step: Step | undefined, what: string): Verdict | undefined {
  const folder = refusing(facts);
  if (folder === undefined || step === undefined) return undefined;
  if (step.status === 'skipped') return notEntered(folder, facts, what);
  if (step.status === 'ok') return undefined;
  const said = step.id === 'unshare-workspace' ? errorOfBwrap(folder) : step.stderr;
  const symptom = diagnose(said, symptomFacts(facts));
  if (symptom === undefined || !isWorkspaceError(symptom.error)) return undefined;
  return {
    outcome: 'fails',
    gate: symptom.gate,
    summary: `${what} in the workspace folder: ${symptom.error}. ${ownership(folder, facts)} ${symptom.cause}`,
    remediation: symptom.remedy,
  };
}

/** The sandbox starts, because no entry is missing, but commands in it cannot write to the workspace folder. */
export function butNotWriting(verdict: Verdict, facts: Facts): Verdict {
  const folder = refusing(facts);
  if (folder === undefined || verdict.outcome !== 'works') return verdict;
  const symptom = diagnose(errorOfBwrap(folder));
  return {
    ...verdict,
    summary: `${verdict.summary} But no command can write to the workspace folder: ${ownership(folder, facts)}`,
    remediation: symptom?.remedy ?? '',
  };
}
