/** The process as a command sees it, so that tests can stand in for it. */
export interface Io {
  /** Results. */
  out(text: string): void;
  /** Everything that is not a result. */
  err(text: string): void;
  /** All of standard input, as text. */
  input(): Promise<string>;
  /** Turns Ctrl+C and a request to end into an aborted signal instead of the process's end, until it is released. */
  interruption(): { readonly signal: AbortSignal; readonly release: () => void };
  /** The current directory, absolute. */
  readonly cwd: string;
  /** Standard output is a terminal, so that a person reads it. */
  readonly terminal: boolean;
  /** How wide that terminal is, in characters; undefined: it is not a terminal, or does not say. */
  readonly columns?: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Collects the files that a command reads, absolute; undefined: nobody asks. */
  readonly inputs?: Set<string>;
}

/** 0: nothing at or above --fail-on; 1: findings; 2: wrong usage or input that cannot be read (contract of the command line). */
export type ExitStatus = 0 | 1 | 2;
