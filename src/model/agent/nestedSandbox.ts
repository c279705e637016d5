/**
 * An agent that another one starts in its own sandbox. The outer sandbox may block what the inner one needs, and bubblewrap prints
 * the texts of Ubuntu's restriction. Measured: Codex 0.169, and bubblewrap, fail in the sandbox of Codex 0.169. Codex 0.169 starts in
 * Claude Code's (@anthropic-ai/sandbox-runtime 0.0.78) in a container with an unmasked /proc and no system-call filter; that it
 * fails elsewhere is reported (vamseeachanta/workspace-hub #2804).
 */

import type { Said } from './symptom.js';

/** The remedy if the cause is certain. */
export const START_OUTSIDE =
  'Start the inner agent outside that sandbox, for instance in its own terminal. If one boundary is enough, switch off one of the two sandboxes.';

/**
 * The cause if an agent's sandbox surrounds this one.
 * @param otherwise the cause if none does
 * @param maybe added if that is not known
 */
export function causeOutside(otherwise: string, maybe = ''): Said {
  return depending(
    (agent) => `This runs inside the sandbox of ${agent}, which can keep a second sandbox from starting.`,
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
  cause: " Another agent's sandbox around this one has the same effect.",
  remedy: ' If another agent started this one in its sandbox, start it outside that sandbox.',
} as const;
