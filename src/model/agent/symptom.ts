import type { Gate } from '../gates.js';

/** What is known of the machine on which an error text appeared; each decides between causes that share a text. */
export interface SymptomFacts {
  /** `Seccomp:` of /proc/self/status: 0 no filter, 2 a filter. */
  readonly seccomp?: number | null | undefined;
  /** /proc/sys/kernel/unprivileged_userns_clone. */
  readonly unprivilegedUsernsClone?: number | null | undefined;
  /** Of the user that the text is about, in the container. */
  readonly uid?: number | null | undefined;
  /** The agent in whose sandbox this ran, for people ("Claude Code", "Codex"); null: in none that shows itself. */
  readonly insideSandbox?: string | null | undefined;
}

/** Sentences; a function where they depend on the machine or on the user. */
export type Said = string | ((facts: SymptomFacts) => string);

/** One known message: bubblewrap's, an agent's, or unshare's, which makes the same system calls. */
export interface Message {
  readonly pattern: RegExp;
  /** null: none of the gates, because no option of the container decides it. */
  readonly gate: Gate | null;
  readonly cause: Said;
  readonly remedy: Said;
  /** Counts only when no other line of the text means anything: the agent prints it and goes on. */
  readonly weak?: true;
  /** Who reported the message and its cause; not there: both were measured. */
  readonly reported?: string;
  /** Another gate that prints the same. */
  readonly shared?: Gate;
}

/** What an agent adds to what the messages of bubblewrap mean. */
export interface AgentSymptoms {
  /** Messages that only the agent prints or causes: tried on a line before the messages of bubblewrap. */
  readonly first: readonly Message[];
  /** Tried after that. */
  readonly last: readonly Message[];
  /** What else helps against a setuid bwrap, beside removing the bit: a sentence, or nothing. */
  readonly setuidRemedy?: string;
  /** What the agent does after a refused /proc: a sentence, or nothing. */
  readonly procCause?: string;
}
