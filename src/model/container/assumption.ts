import type { Container } from './container.js';

/**
 * What something that is not read most likely does: nothing. Of the 1,324 published Features of the table 18 set options of the
 * container; of the public images in the table 4 relax it.
 */
export interface Assumption {
  /** The container if the assumption holds. All that is known without it is the same here. */
  readonly container: Container;
  /** When it does not hold: "unless the image sets options of its own". */
  readonly condition: string;
  /** Why it has to be assumed, as in Sourced.why: they name the image. */
  readonly reasons: readonly string[];
}
