import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Scheduler } from '../../../src/editor/scheduler.js';

const PAUSE = 20;

/** For work that takes time: the clock is the test's own, so that a busy machine changes nothing. */
function taking(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Lets time pass, a millisecond after the other, with everything that follows from each. */
async function pause(milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed++) {
    mock.timers.tick(1);
    await setImmediate();
  }
}

/** Lets time pass until something is done. */
async function passUntil(done: Promise<unknown>): Promise<void> {
  const state = { waiting: true };
  void done.finally(() => (state.waiting = false));
  for (let passed = 0; state.waiting; passed++) {
    assert.ok(passed < 1000, 'it never ends');
    await pause(1);
  }
  await done;
}

suite('Scheduler', () => {
  setup(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
  });

  teardown(() => {
    mock.timers.reset();
  });

  test('requests that follow each other quickly are one run over all their keys', async () => {
    const runs: string[][] = [];
    const scheduler = new Scheduler<string>((keys) => {
      runs.push([...keys].sort());
      return Promise.resolve();
    }, PAUSE);
    for (const key of ['a', 'b', 'a', 'c']) {
      scheduler.request([key]);
      await pause(2);
    }
    assert.deepEqual(runs, []);
    await pause(4 * PAUSE);
    assert.deepEqual(runs, [['a', 'b', 'c']]);
  });

  test('nothing asked for is no run', async () => {
    let runs = 0;
    const scheduler = new Scheduler<string>(() => {
      runs++;
      return Promise.resolve();
    }, PAUSE);
    scheduler.request([]);
    await pause(3 * PAUSE);
    await passUntil(scheduler.flush());
    assert.equal(runs, 0);
  });

  test('a request during a run makes it stale, and the next run does its work again', async () => {
    const finished: string[][] = [];
    const scheduler = new Scheduler<string>(async (keys, signal) => {
      await taking(3 * PAUSE);
      if (!signal.aborted) finished.push([...keys].sort());
    }, PAUSE);
    scheduler.request(['a']);
    await pause(2 * PAUSE);
    scheduler.request(['b']);
    await passUntil(scheduler.flush());
    assert.deepEqual(finished, [['a', 'b']]);
  });

  test('a request for what runs already makes that run stale too', async () => {
    let begun = 0;
    let finished = 0;
    const scheduler = new Scheduler<string>(async (_keys, signal) => {
      begun++;
      await taking(2 * PAUSE);
      if (!signal.aborted) finished++;
    }, PAUSE);
    scheduler.request(['a']);
    await pause(2 * PAUSE);
    scheduler.request(['a']);
    await passUntil(scheduler.flush());
    assert.deepEqual([begun, finished], [2, 1]);
  });

  test('runs never overlap', async () => {
    let running = 0;
    let most = 0;
    const scheduler = new Scheduler<string>(async () => {
      most = Math.max(most, ++running);
      await taking(PAUSE);
      running--;
    }, 1);
    const flushes: Promise<void>[] = [];
    for (let i = 0; i < 5; i++) {
      scheduler.request([`r${i}`]);
      flushes.push(scheduler.flush([`f${i}`]));
      await pause(PAUSE / 3);
    }
    await passUntil(Promise.all(flushes));
    assert.equal(most, 1);
  });

  test('flush does not wait for the pause, and waits for the work', async () => {
    let done = false;
    const scheduler = new Scheduler<string>(async () => {
      await taking(PAUSE);
      done = true;
    }, 60_000);
    scheduler.request(['a']);
    await passUntil(scheduler.flush());
    assert(done);
  });

  test('after disposal nothing runs, and what runs is stale', async () => {
    const signals: AbortSignal[] = [];
    const scheduler = new Scheduler<string>(async (_keys, signal) => {
      signals.push(signal);
      await taking(PAUSE);
    }, 1);
    scheduler.request(['a']);
    await pause(PAUSE / 2);
    scheduler.request(['b']);
    scheduler.dispose();
    scheduler.request(['c']);
    await passUntil(scheduler.flush(['d']));
    await pause(3 * PAUSE);
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true],
    );
  });
});
