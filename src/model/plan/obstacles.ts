import { ERRORS, isWorkspaceError } from '../bwrap/errors.js';
import type { Gate } from '../gates.js';
import { predict } from '../sandbox/predict.js';
import { demandsOf, type AgentRequest } from '../agent/request.js';
import { known, type Container } from '../container/container.js';
import type { Host } from '../host.js';
import { relaxation } from './relaxations.js';

/** A closed gate on the way, met once those before it are open. */
export interface Obstacle {
  readonly host: Host;
  readonly gate: Gate;
  /** What the user sees when this gate is the first that is closed. */
  readonly error: string;
  /** Gates that are met before this one and are closed as well. */
  readonly behind: readonly Gate[];
  /** When it is not closed: "unless …"; not there: it is. */
  readonly condition?: string;
}

/**
 * All closed gates of a container on a host in the order in which they are met, each found by opening those before it in
 * the narrowest way. Ends where it works, or where what comes next cannot be known.
 */
export function obstaclesOn(container: Container, host: Host, request: AgentRequest): readonly Obstacle[] {
  return walk(container, host, request).obstacles;
}

/** The gate that cannot be judged once all that are known to be closed are open; undefined when there is none. */
export function undecidedOn(container: Container, host: Host, request: AgentRequest): Gate | undefined {
  return walk(container, host, request).undecided;
}

interface Walk {
  readonly obstacles: readonly Obstacle[];
  readonly undecided: Gate | undefined;
}

function walk(container: Container, host: Host, request: AgentRequest): Walk {
  const obstacles: Obstacle[] = [];
  let here: Situation = { container, host };
  for (;;) {
    const { gate, error: printed, undecided } = predict(here.container, here.host, request);
    if (gate === undefined) return { obstacles, undecided };
    const error = printed ?? gate;
    // What is met again has not been opened.
    if (obstacles.some((o) => o.gate === gate && o.error === error)) return { obstacles, undecided };
    obstacles.push({ host, gate, error, behind: obstacles.map((o) => o.gate) });
    here = { ...here, ...opened(here, gate, error, request) };
  }
}

/** One with which nothing is the matter: neither too old nor as new as an agent may not understand. */
const PLAIN_BWRAP: Container['bwrap'] = { presence: known('present'), setuid: known(false), version: known('0.9.0') };

interface Situation {
  readonly container: Container;
  readonly host: Host;
}

/** The narrowest way through a gate: in the container where one of its options closes it, on the host where nothing else does. */
function opened({ container, host }: Situation, gate: Gate, error: string, request: AgentRequest): Partial<Situation> {
  switch (gate) {
    case 'workspace-entries':
      return { container: orderlyWorkspace(container) };
    case 'bwrap-available':
      return {
        container: isProgramMissing(error, request)
          ? withPrograms(container, request)
          : { ...container, bwrap: PLAIN_BWRAP },
      };
    case 'writable-paths':
      return {
        container: isWorkspaceError(error)
          ? writableWorkspace(container)
          : { ...container, readOnlyRoot: known(false) },
      };
    case 'bwrap-privileges':
      return error === ERRORS.ambientCapabilities
        ? { container: { ...container, capAdd: [] } }
        : { container: relaxation('bwrap-not-setuid', request).apply(container) };
    case 'seccomp-userns':
    case 'pivot-root':
      return { container: relaxation('seccomp-tailored', request).apply(container) };
    case 'userns-allowed':
      return { host: { ...host, anyUserns: true, unprivilegedUserns: true, apparmor: granting(host.apparmor) } };
    case 'apparmor':
      return { container: relaxation('apparmor-unconfined', request).apply(container) };
    case 'loopback':
    case 'uid-map':
      return error === ERRORS.uidMap
        ? { container: relaxation('cap-SETFCAP', request).apply(container) }
        : // Behind AppArmor's own gate only its restriction is left.
          { host: { ...host, apparmor: undefined } };
    case 'proc-mount':
      return { container: relaxation('systempaths-unconfined', request).apply(container) };
  }
}

function isProgramMissing(error: string, request: AgentRequest): boolean {
  return demandsOf(request).programs.some((program) => program.error === error);
}

function withPrograms(container: Container, request: AgentRequest): Container {
  const installed = demandsOf(request).programs.map(({ name }) => [name, known(true)] as const);
  return { ...container, installed: Object.fromEntries(installed) };
}

/** What cannot be read is met before links are. */
function orderlyWorkspace(container: Container): Container {
  const { workspace } = container;
  if (!workspace) return container;
  const { unreadable = [], links = [] } = workspace;
  return { ...container, workspace: { ...workspace, unreadable: [], links: unreadable.length > 0 ? links : [] } };
}

function writableWorkspace(container: Container): Container {
  const { workspace, ...rest } = container;
  return workspace ? { ...rest, workspace: { ...workspace, refuses: undefined } } : rest;
}

/** Profiles that grant user namespaces without any power in them grant the powers too. */
function granting(apparmor: Host['apparmor']): Host['apparmor'] {
  if (!apparmor) return undefined;
  const loadedProfiles = Object.entries(apparmor.loadedProfiles).map(
    ([name, profile]) => [name, profile === 'denies-capabilities' ? 'allows' : profile] as const,
  );
  return { ...apparmor, loadedProfiles: Object.fromEntries(loadedProfiles) };
}
