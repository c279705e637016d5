/** Why there is no container to measure in. The message is for people. */
export class NoContainerError extends Error {
  constructor(
    message: string,
    /** none: an engine answers, and nothing runs. engine: no engine answers. */
    readonly reason: 'none' | 'engine' | 'not running',
  ) {
    super(message);
  }
}
