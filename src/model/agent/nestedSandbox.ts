/**
 * An agent that another one starts in its own sandbox. The outer sandbox takes away what the inner one needs, and bubblewrap prints
 * the texts of Ubuntu's restriction. Measured: Codex 0.169, and bubblewrap, started by Codex 0.169. Reported: Codex started by
 * Claude Code (vamseeachanta/workspace-hub #2804), whose own sandbox was not at hand.
 */

import type { Said } from './symptom.js';

/** The remedy where it is sure. */
export const START_OUTSIDE =
  'Start the inner agent outside of that sandbox, for instance in a terminal of its own. If one boundary is enough, switch the sandbox of one of the two off.';

/**
 * The cause where a sandbox of an agent surrounds this one.
 * @param otherwise where none does
 * @param maybe is added where nothing is known of that
 */
export function causeOutside(otherwise: string, maybe = ''): Said {
  return depending(
    (agent) => `This runs inside the sandbox of ${agent}, which lets no second sandbox start.`,
    otherwise,
    maybe,
  );
}

/** The remedy that goes with it. */
export function remedyOutside(otherwise: string, maybe = ''): Said {
  return depending(() => START_OUTSIDE, otherwise, maybe);
}

function depending(inside: (agent: string) => string, otherwise: string, maybe: string): Said {
  return ({ insideSandbox }) =>
    insideSandbox ? inside(insideSandbox) : insideSandbox === undefined ? otherwise + maybe : otherwise;
}

/** Added to a text that has both causes. */
export const MAYBE_INSIDE = {
  cause: " Another agent's sandbox around this one prints the same.",
  remedy: ' If another agent started this one in its sandbox, start it outside of that.',
} as const;
