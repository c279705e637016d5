import { demandsOf, eachRequest, type AgentRequest, type Network } from '../agent/request.js';
import { chosenBwrap } from '../bwrap/bwrap.js';
import { bwrapCalls } from '../bwrap/calls.js';
import type { Container } from '../container/container.js';
import type { Gate } from '../gates.js';
import type { Host } from '../host.js';
import {
  appArmor,
  callsAfterwards,
  laterCalls,
  loopback,
  measuredHost,
  newRoot,
  oldRoot,
  seccompUserns,
  secondUserns,
  uidMap,
  usernsAllowed,
} from './kernel.js';
import type { Situation, Verdict } from './situation.js';
import {
  bwrapAvailable,
  bwrapPrivileges,
  bwrapUnderstands,
  lateWritablePaths,
  procMount,
  programs,
  workspaceFolder,
  writablePaths,
  writableWithoutArgv0,
} from './surroundings.js';
import { mountableEntries, noLinkedEntries, readableProjectFile } from './workspaceEntries.js';

/** What is predicted for one host. */
export interface Prediction {
  readonly host: string;
  /** The agent's id. */
  readonly agent: string;
  readonly version: string;
  readonly network: Network;
  readonly outcome: 'works' | 'fails' | 'unknown';
  /** Where it fails; undefined when it works or is not known. */
  readonly gate: Gate | undefined;
  /** The gate that cannot be judged; undefined unless the outcome is unknown. */
  readonly undecided: Gate | undefined;
  /** What the user would see on stderr, one line. */
  readonly error: string | undefined;
  /** When the outcome is another: "unless …"; not there: it holds without a condition, or is unknown. */
  readonly condition?: string;
}

type Step = readonly [Gate, (situation: Situation) => Verdict];

/** What an agent tries that needs no bubblewrap: a link is met even where there is none (measured with Codex). */
const BEFORE_BWRAP: readonly Step[] = [
  ['workspace-entries', readableProjectFile],
  ['writable-paths', writablePaths],
  ['workspace-entries', noLinkedEntries],
  ['writable-paths', lateWritablePaths],
  ['bwrap-available', programs],
];

/** The steps in their order. A gate can occur twice: bubblewrap leaves the old root only after it has mounted /proc (measured). */
const STEPS: readonly Step[] = [
  ...BEFORE_BWRAP,
  ['bwrap-available', bwrapAvailable],
  ['bwrap-privileges', bwrapPrivileges],
  ['bwrap-available', bwrapUnderstands],
  ['seccomp-userns', measuredHost],
  ['seccomp-userns', seccompUserns],
  ['userns-allowed', usernsAllowed],
  ['apparmor', appArmor],
  ['loopback', loopback],
  ['uid-map', uidMap],
  ['pivot-root', newRoot],
  ['pivot-root', laterCalls],
  ['workspace-entries', mountableEntries],
  ['writable-paths', workspaceFolder],
  ['proc-mount', procMount],
  ['pivot-root', oldRoot],
  ['seccomp-userns', secondUserns],
  ['seccomp-userns', callsAfterwards],
  ['writable-paths', writableWithoutArgv0],
];

/** The prediction if nothing is known. */
export function unforeseen(host: Host, { agent, version, network }: AgentRequest): Prediction {
  const open = { gate: undefined, undecided: undefined, error: undefined };
  return { host: host.name, agent: agent.id, version, network, outcome: 'unknown', ...open };
}

/**
 * Predicts whether an agent's sandbox starts, and where it fails if not. The first gate that is not open decides: a closed
 * one is a failure, one that cannot be judged makes the whole unknown. With several installs, the first with the worst outcome decides.
 */
export function predict(container: Container, host: Host, request: AgentRequest): Prediction {
  if (request.beside === undefined) return predictAlone(container, host, request);
  const all = eachRequest(request).map((each) => predictAlone(container, host, each));
  const first = (outcome: Prediction['outcome']): Prediction | undefined => all.find((p) => p.outcome === outcome);
  return first('fails') ?? first('unknown') ?? all[0] ?? unforeseen(host, request);
}

function predictAlone(container: Container, host: Host, request: AgentRequest): Prediction {
  const demands = demandsOf(request);
  const chosen = chosenBwrap(container, demands.bwrap, request.bundledBwrap || demands.bwrapBuiltIn);
  const calls = bwrapCalls(demands.namespaces);
  const situation: Situation = { container, host, request, demands, chosen, calls };
  const base = unforeseen(host, request);
  for (const [gate, step] of chosen === 'none-needed' ? BEFORE_BWRAP : STEPS) {
    const verdict = step(situation);
    if (verdict === 'unknown') return { ...base, undecided: gate };
    if (verdict) return { ...base, outcome: 'fails', gate, error: verdict.error };
  }
  return { ...base, outcome: 'works' };
}
