/** The command line is wrong. The message says what, and what is right; exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What the command line names cannot be read or written. The message says which path and why; exit status 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
