/**
 * How much of the scripts and variables of one file is followed, in steps: a character that is parsed or put in is one, a command
 * or another part of the syntax NODE_STEPS. A script of some hundred bytes can loop, recurse or double a variable for hours; real
 * files take some thousand steps, and the longest Dockerfile that is read takes 300,000 when nothing in it loops.
 */
const MAX_STEPS = 384 * 1024;

/** What a command or another part of the syntax takes, measured in characters that are expanded in the same time. */
export const NODE_STEPS = 24;

/** Thrown where the steps are used up. */
export class OutOfSteps extends Error {
  override readonly name = 'OutOfSteps';
}

/** The steps that are left for one file, whose scripts share them: many small ones take as long as a large one. */
export class Steps {
  #left = MAX_STEPS;

  /** Whether nothing more can be followed. */
  get areUsedUp(): boolean {
    return this.#left < 0;
  }

  /** @returns whether there were as many left */
  spend(steps: number): boolean {
    this.#left -= steps;
    return !this.areUsedUp;
  }

  /** @throws OutOfSteps when there are fewer left */
  take(steps: number): void {
    if (!this.spend(steps)) throw new OutOfSteps();
  }
}
