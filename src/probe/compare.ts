import type { Container } from '../model/container/container.js';
import type { Gate } from '../model/gates.js';
import type { AgentRequest } from '../model/agent/request.js';
import { predict, type Prediction } from '../model/sandbox/predict.js';
import type { Host } from '../model/host.js';
import { isWorkspaceError } from '../model/bwrap/errors.js';
import { denialOf, machine } from './machine.js';
import type { Facts, MeasuredCodex, Observation, Verdict } from './observation.js';
import { nameOf } from './together.js';

/** How the measurement relates to the prediction. */
export type Agreement =
  /** Both say the same: works, or fails at the same gate. */
  | 'confirmed'
  /** A failure was predicted and the sandbox works. */
  | 'not seen'
  /** It fails, and that was not predicted, or not at this gate. */
  | 'not predicted'
  /** One of the two does not know. */
  | 'undecided';

/** What was measured, of one Codex or altogether. */
type Seen = Verdict & Pick<Observation, 'steps'>;

/** The raw material of the finding that the probe adds. */
export interface Measured extends Verdict {
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
    description: 'this machine, as the probe saw it',
    confines: facts.apparmor || /\((?:enforce|complain|unconfined)\)$/.test(facts.label ?? ''),
    denies: mountDenied ? 'mount' : denialOf(facts, undefined),
    // An engine may come without a profile (Docker's `seccomp-profile: unconfined`): nothing else leaves no filter in a container.
    ...(facts.seccomp === 0 && { defaultSeccomp: 'unconfined' as const }),
  });
}

/** The container of the files, with the workspace folder as its user finds it, which the files do not say. */
export function containerSeen(container: Container, { workspace }: Facts): Container {
  if (workspace === null) return container;
  const { refuses, path, present, links, unreadable } = workspace;
  return { ...container, workspace: { path, present, links, unreadable, refuses: refuses ?? undefined } };
}

function agreementOf(observation: Verdict, prediction: Prediction): Agreement {
  if (observation.outcome === 'unknown' || prediction.outcome === 'unknown') return 'undecided';
  if (observation.outcome === 'works') return prediction.outcome === 'works' ? 'confirmed' : 'not seen';
  return prediction.outcome === 'fails' && prediction.gate === (observation.gate ?? undefined)
    ? 'confirmed'
    : 'not predicted';
}

/** What failed: the step that decided, in its own words. */
function errorOf({ outcome, gate, steps }: Seen): string | null {
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

/** Of a failure that is known by the facts alone, what is predicted by the same facts. */
function predictedError({ outcome, gate }: Verdict, prediction: Prediction): string | null {
  return outcome === 'fails' && gate === 'workspace-entries' && gate === prediction.gate
    ? (prediction.error ?? null)
    : null;
}

/** Holds an observation against what was predicted for the same container (`containerSeen`) on `hostOf` its facts. */
export function compare(observation: Seen, prediction: Prediction): Measured {
  const { gate, outcome, summary, remediation } = observation;
  const agreement = agreementOf(observation, prediction);
  return {
    gate,
    outcome,
    summary,
    remediation,
    error: errorOf(observation) ?? predictedError(observation, prediction),
    agreement,
  };
}

/** What was measured of one Codex, and what was predicted for its version. */
export interface MeasuredOfCodex extends Measured {
  /** For people, to tell it from the others; undefined: there are no others. */
  readonly name: string | undefined;
  readonly version: string;
}

/** The request as this Codex makes it: of its own version, with a bubblewrap of its own or without. */
function requestOfCodex({ agent, network, version }: AgentRequest, codex: MeasuredCodex): AgentRequest {
  return { agent, network, version: codex.version ?? version, bundledBwrap: codex.bundledBwrap !== null };
}

/**
 * Holds each Codex that was measured against what is predicted for its version, in the container that the files describe, on the host
 * of the facts. Where none is installed, what was measured is held against what is predicted for the request.
 */
export function compareEach(
  observation: Observation,
  container: Container,
  request: AgentRequest,
): readonly MeasuredOfCodex[] {
  const { codexes, facts, steps } = observation;
  const host = hostOf(facts, steps);
  if (codexes.length === 0) {
    const { version } = request;
    return [{ ...compare(observation, predict(container, host, request)), name: undefined, version }];
  }
  return codexes.map((codex) => {
    const asked = requestOfCodex(request, codex);
    // Only the first has the steps of the bubblewrap on PATH beside its own.
    const seen = codex === codexes[0] ? { ...codex, steps } : codex;
    const name = codexes.length === 1 ? undefined : nameOf(codex, codexes);
    return { ...compare(seen, predict(container, host, asked)), name, version: asked.version };
  });
}

/** What was measured of each Codex; of the whole where none is installed. */
function each({ codexes, ...all }: Observation): readonly Seen[] {
  return codexes.length > 1 ? codexes : [all];
}

function isOfWorkspace(seen: Seen): boolean {
  return seen.gate === 'writable-paths' && isWorkspaceError(errorOf(seen) ?? '');
}

/** Whether it failed because of the workspace folder. No finding is about that: the files do not say who owns it. */
export function failedForWorkspace(observation: Observation): boolean {
  const failing = each(observation).filter(({ outcome }) => outcome === 'fails');
  return failing.length > 0 && failing.every(isOfWorkspace);
}

/**
 * Whether the observation confirms a finding about this gate: a Codex failed exactly there. A finding about a gate that comes
 * later than the one that failed was not reached, so it is neither confirmed nor refuted.
 */
export function confirms(observation: Observation, gate: Gate): boolean {
  return each(observation).some((one) => one.outcome === 'fails' && one.gate === gate && !isOfWorkspace(one));
}
