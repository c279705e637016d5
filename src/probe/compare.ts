import type { Container } from '../model/container/container.js';
import type { Gate } from '../model/gates.js';
import type { Prediction } from '../model/sandbox/predict.js';
import type { Host } from '../model/host.js';
import { isWorkspaceError } from '../model/bwrap/errors.js';
import { denialOf, machine } from './machine.js';
import type { Facts, Observation } from './observation.js';

/** How what was measured relates to what was foretold. */
export type Agreement =
  /** Both say the same: works, or fails at the same gate. */
  | 'confirmed'
  /** A failure was foretold and the sandbox works. */
  | 'not seen'
  /** It fails, and that was not foretold, or not at this gate. */
  | 'not predicted'
  /** One of the two does not know. */
  | 'undecided';

/** The raw material of the finding that the probe adds. */
export interface Measured extends Pick<Observation, 'gate' | 'outcome' | 'summary' | 'remediation'> {
  /** What Codex, or bwrap, printed, or would where no step shows it; null when nothing failed, or where that is not known. */
  readonly error: string | null;
  readonly agreement: Agreement;
}

/**
 * The machine below the container, as far as one can see it from inside: the host `local` of the model.
 * What cannot be seen (which AppArmor profiles are loaded, that the engine is Docker) is taken to be the common case.
 */
export function hostOf(facts: Facts, steps: Observation['steps'] = []): Host {
  const mountDenied = steps.some((step) => step.gate === 'apparmor' && !/namespace|unshare failed/.test(step.stderr));
  return machine(facts, {
    engine: facts.engine ?? 'docker',
    description: 'This machine, as the probe saw it',
    confines: facts.apparmor || /\((?:enforce|complain|unconfined)\)$/.test(facts.label ?? ''),
    denies: mountDenied ? 'mount' : denialOf(facts, undefined),
    // An engine may come without a profile (Docker's `seccomp-profile: unconfined`): nothing else leaves no filter in a container.
    ...(facts.seccomp === 0 && { defaultSeccomp: 'unconfined' as const }),
  });
}

/** The container of the files, and what no file tells of it: the workspace folder as its user finds it. */
export function containerSeen(container: Container, { workspace }: Facts): Container {
  if (workspace === null) return container;
  const { refuses, path, present, links, unreadable } = workspace;
  return { ...container, workspace: { path, present, links, unreadable, refuses: refuses ?? undefined } };
}

function agreementOf(observation: Observation, prediction: Prediction): Agreement {
  if (observation.outcome === 'unknown' || prediction.outcome === 'unknown') return 'undecided';
  if (observation.outcome === 'works') return prediction.outcome === 'works' ? 'confirmed' : 'not seen';
  return prediction.outcome === 'fails' && prediction.gate === (observation.gate ?? undefined)
    ? 'confirmed'
    : 'not predicted';
}

/** What failed: the step that decided, in its own words. */
function errorOf({ outcome, gate, steps }: Observation): string | null {
  if (outcome !== 'fails') return null;
  const failedSteps = steps.filter((step) => step.status === 'fail' && step.stderr !== '');
  const ofCodex = failedSteps.filter((step) => step.id.startsWith('codex-'));
  // Where Codex was not tried in the workspace folder, no step shows what lies there.
  if (gate === 'workspace-entries' && !failedSteps.some((step) => step.gate === gate)) return null;
  const decisive =
    ofCodex.find((step) => step.gate === gate) ??
    ofCodex[0] ??
    failedSteps.find((step) => step.id.endsWith('-workspace') && step.gate === gate) ??
    failedSteps.find((s) => s.gate !== 'proc-mount') ??
    failedSteps[0];
  return decisive?.stderr ?? null;
}

/** Of a failure that is known by the facts alone, what is foretold by the same facts. */
function foretold({ outcome, gate }: Pick<Observation, 'outcome' | 'gate'>, prediction: Prediction): string | null {
  return outcome === 'fails' && gate === 'workspace-entries' && gate === prediction.gate
    ? (prediction.error ?? null)
    : null;
}

/** Holds an observation against what was foretold for the same container (`containerSeen`) on `hostOf` its facts. */
export function compare(observation: Observation, prediction: Prediction): Measured {
  const { gate, outcome, summary, remediation } = observation;
  const agreement = agreementOf(observation, prediction);
  return {
    gate,
    outcome,
    summary,
    remediation,
    error: errorOf(observation) ?? foretold(observation, prediction),
    agreement,
  };
}

/** Whether it failed for the workspace folder, of which no finding speaks: no file tells whose it is. */
export function failedForWorkspace(observation: Observation): boolean {
  return observation.gate === 'writable-paths' && isWorkspaceError(errorOf(observation) ?? '');
}

/**
 * Whether the observation confirms a finding about this gate: it failed exactly there. A finding about a gate that comes
 * later than the one that failed was not reached, so it is neither confirmed nor refuted.
 */
export function confirms(observation: Observation, gate: Gate): boolean {
  return observation.outcome === 'fails' && observation.gate === gate && !failedForWorkspace(observation);
}
