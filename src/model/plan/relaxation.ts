import type { Container } from '../container/container.js';
import type { Gate } from '../gates.js';
import type { Host } from '../host.js';

/** Every change of a container that opens a gate. `cap-X` adds the capability X (or takes it out of the dropped ones). */
export type RelaxationId =
  | 'bwrap-not-setuid'
  | 'capabilities-removed'
  | 'bwrap-copied'
  | 'bwrap-removed'
  | 'bwrap-installed'
  | 'tmpfs-tmp'
  | 'tmpfs-codex-home'
  | 'no-new-privileges-removed'
  | 'seccomp-tailored'
  | 'apparmor-unconfined'
  | 'apparmor-runc'
  | 'bwrap-setuid'
  | 'systempaths-unconfined'
  | 'seccomp-unconfined'
  | 'privileged'
  | `cap-${string}`;

/**
 * A change, what it costs and what it gives away. A set of them is applied in the order of RELAXATIONS, whatever it was
 * made in, so that what builds on another comes behind it.
 */
export interface Relaxation {
  readonly id: RelaxationId;
  /** For people, as the object of "Make it work here: …". */
  readonly title: string;
  /** Its price, as a clause whose subject is the change; empty when it has none. */
  readonly givesAway: string;
  /** Compares relaxations, no unit: a plan is the set of the smallest sum. The order, not the distance, is the judgement. */
  readonly cost: number;
  /** The closed gates against which it may help, alone or with others: where a plan looks. */
  readonly against: readonly Gate[];
  /** Something narrower always does the same, so no plan takes it; it is offered beside the narrower one, saying what it costs. */
  readonly neverPlanned?: true;
  /**
   * Somebody has to ask for it, always or in some containers; not there: never. Such a change gives root more power, lifts a hardening
   * that the author wrote, or keeps other hosts from starting the container. "Make Codex work here" never makes it: an action of
   * its own does, for hosts that need it and that decide.
   */
  readonly onRequest?: true | ((container: Container) => boolean);
  /** Whether a container with it starts on a host; not there: on every one. */
  readonly startsOn?: (host: Host) => boolean;
  /** Whether it is for a container as its author has it; not there: for every one. */
  readonly isFor?: (container: Container) => boolean;
  /** Whether it changes this container at all. */
  applies(container: Container): boolean;
  /** The container after it. */
  apply(container: Container): Container;
}

/** Whether somebody has to ask for the change in this container. */
export function isOnRequest({ onRequest }: Relaxation, container: Container): boolean {
  return onRequest === true || onRequest?.(container) === true;
}
