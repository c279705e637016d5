/**
 * An agent that another one starts in its own sandbox. The outer sandbox may take away what the inner one needs, and bubblewrap prints
 * the texts of Ubuntu's restriction. Measured: Codex 0.169, and bubblewrap, fail in the sandbox of Codex 0.169. Codex 0.169 starts in
 * Claude Code's (@anthropic-ai/sandbox-runtime 0.0.78) in a container with an unmasked /proc and no system-call filter; that it
 * fails elsewhere is reported (vamseeachanta/workspace-hub #2804).
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
    (agent) => `This runs inside the sandbox of ${agent}, which can keep a second one from starting.`,
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
