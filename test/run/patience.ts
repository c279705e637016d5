import assert from 'node:assert/strict';

/**
 * How long a test waits for anything, in milliseconds. Tests wait for what is to happen, so this counts only where it never does:
 * it is far longer than a busy machine needs. Mocha's own limit (.mocharc.json) is longer still, so that a wait says itself what
 * it waited for.
 */
export const PATIENCE_MS = 60_000;

/** Mocha's limit for a test that waits several times. */
export const TEST_LIMIT_MS = 5 * PATIENCE_MS;

/** Asks again and again until the answer is there. @throws AssertionError that says what was wanted where it never comes */
export async function until<T>(wanted: string, ask: () => T | PromiseLike<T>): Promise<NonNullable<T>> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    assert(Date.now() < end, `waited in vain for: ${wanted}`);
    await pause(20);
  }
}

/** Waits for a time: only where something is tried again, or must not happen. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Does something that is ended by a time limit, with longer ones until that was enough for what has to happen before: what a
 * quiet machine does in no time, a busy one does later.
 */
export async function endedByLimit<T>(
  act: (limitMs: number) => Promise<T>,
  wasEnough: (result: T) => boolean,
): Promise<T> {
  for (let limitMs = 500; ; limitMs *= 2) {
    const result = await act(limitMs);
    if (wasEnough(result) || limitMs > PATIENCE_MS) return result;
  }
}
