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
  /** null: none of the gates, since nothing that a container is given decides it. */
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
  /** What it prints itself, or is the only one to bring about: tried on a line before what bubblewrap says of its own. */
  readonly first: readonly Message[];
  /** Tried after that. */
  readonly last: readonly Message[];
  /** What helps against a setuid bwrap, beside taking the bit away: a sentence, or nothing. */
  readonly setuidRemedy?: string;
  /** What it makes of a refused /proc: a sentence, or nothing. */
  readonly procCause?: string;
}
