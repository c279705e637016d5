/** Work that is to be redone whenever its subject changes. The signal says that the result is no longer wanted. */
export type Work<Key> = (keys: ReadonlySet<Key>, signal: AbortSignal) => Promise<void>;

/**
 * Runs work on keys after they have been left alone for a while, one run at a time. A request that arrives during a run
 * aborts it; what that run had on its list is done again by the next one, so that nothing is lost and nothing stale lasts.
 */
export class Scheduler<Key> {
  #pending = new Set<Key>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running:
    { readonly abort: AbortController; readonly keys: ReadonlySet<Key>; readonly done: Promise<void> } | undefined;
  #disposed = false;

  /**
   * @param work must not throw: what goes wrong is its own to tell.
   * @param pause milliseconds without a request after which the work starts.
   */
  constructor(
    private readonly work: Work<Key>,
    private readonly pause: number,
  ) {}

  /** Asks for work on these keys after the pause; every further request starts the pause anew. */
  request(keys: Iterable<Key>): void {
    this.#add(keys);
    clearTimeout(this.#timer);
    if (this.#disposed || this.#pending.size === 0) return;
    this.#timer = setTimeout(() => void this.#start(), this.pause);
  }

  /** Does what is asked for here and what waits, without the pause. Resolves when nothing is left to do. */
  async flush(keys: Iterable<Key> = []): Promise<void> {
    this.#add(keys);
    for (;;) {
      clearTimeout(this.#timer);
      if (!this.#disposed && this.#pending.size > 0) await this.#start();
      else if (this.#running) await this.#running.done;
      else return;
    }
  }

  /** Forgets what waits and drops what runs. */
  dispose(): void {
    this.#disposed = true;
    this.#pending.clear();
    clearTimeout(this.#timer);
    this.#running?.abort.abort();
  }

  #add(keys: Iterable<Key>): void {
    const before = this.#pending.size;
    for (const key of keys) this.#pending.add(key);
    if (this.#pending.size > before) this.#running?.abort.abort();
  }

  async #start(): Promise<void> {
    await this.#running?.done;
    if (this.#disposed || this.#pending.size === 0) return;
    if (this.#running) return this.#start();
    const keys = this.#pending;
    this.#pending = new Set();
    const abort = new AbortController();
    const done = this.work(keys, abort.signal).finally(() => {
      this.#running = undefined;
      if (abort.signal.aborted && !this.#disposed) for (const key of keys) this.#pending.add(key);
    });
    this.#running = { abort, keys, done };
    await done;
  }
}
