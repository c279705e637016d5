import { ERRORS } from './errors.js';
import { predict, type Gate } from './gates.js';
import type { Codex } from './codex.js';
import { known, type Container } from './container.js';
import type { Host } from './host.js';
import { relaxation } from './relaxations.js';

/** A closed gate on the way, met once those before it are open. */
export interface Obstacle {
  readonly host: Host;
  readonly gate: Gate;
  /** What the user sees when this gate is the first that is closed. */
  readonly error: string;
  /** Gates that are met before this one and are closed as well. */
  readonly behind: readonly Gate[];
}

/** Nothing opens more gates than there are. */
const MOST = 12;

/**
 * All closed gates of a container on a host in the order in which they are met, each found by opening those before it in
 * the narrowest way. Ends where it works, or where what comes next cannot be known.
 */
export function obstaclesOn(container: Container, host: Host, codex: Codex): readonly Obstacle[] {
  return walk(container, host, codex).obstacles;
}

/** The gate that cannot be judged once all that are known to be closed are open; undefined when there is none. */
export function undecidedOn(container: Container, host: Host, codex: Codex): Gate | undefined {
  return walk(container, host, codex).undecided;
}

interface Walk {
  readonly obstacles: readonly Obstacle[];
  readonly undecided: Gate | undefined;
}

function walk(container: Container, host: Host, codex: Codex): Walk {
  const obstacles: Obstacle[] = [];
  let here = { container, host };
  for (;;) {
    const { gate, error, undecided } = predict(here.container, here.host, codex);
    if (gate === undefined || error === undefined || obstacles.length === MOST) return { obstacles, undecided };
    obstacles.push({ host, gate, error, behind: obstacles.map((o) => o.gate) });
    here = opened(here.container, here.host, gate, error);
  }
}

function opened(container: Container, host: Host, gate: Gate, error: string): { container: Container; host: Host } {
  const plain = { presence: known('absent' as const), setuid: known(false), version: known('') };
  switch (gate) {
    case 'bwrap-available':
      return {
        host,
        container: { ...container, bwrap: { ...plain, presence: known('present'), version: known('0.8.0') } },
      };
    case 'writable-paths':
      return { host, container: { ...container, readOnlyRoot: known(false) } };
    case 'bwrap-privileges':
      return error === ERRORS.ambientCapabilities
        ? { host, container: { ...container, capAdd: [] } }
        : { host, container: { ...container, bwrap: { ...container.bwrap, setuid: known(false) } } };
    case 'seccomp-userns':
    case 'pivot-root':
      return { host, container: relaxation('seccomp-tailored').apply(container) };
    case 'userns-allowed':
      return { container, host: { ...host, anyUserns: true, unprivilegedUserns: true } };
    case 'apparmor':
      return { host, container: relaxation('apparmor-unconfined').apply(container) };
    case 'loopback':
    case 'uid-map':
      return error === ERRORS.uidMap
        ? { host, container: relaxation('cap-SETFCAP').apply(container) }
        : {
            container,
            host: host.apparmor
              ? { ...host, apparmor: { ...host.apparmor, restrictsUnprivilegedUserns: false } }
              : host,
          };
    case 'proc-mount':
      return { host, container: relaxation('systempaths-unconfined').apply(container) };
  }
}
