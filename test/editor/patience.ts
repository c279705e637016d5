/**
 * How long the tests wait for anything, in milliseconds: they wait for what is to happen, and only where it never does this limit
 * counts. So it may be far longer than a busy machine needs.
 */
export const PATIENCE_MS = 120_000;
