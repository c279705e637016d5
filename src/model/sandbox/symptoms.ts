import type { Agent } from '../agent/agent.js';
import type { Message, Said, SymptomFacts } from '../agent/symptom.js';
import { AGENTS } from '../agents/index.js';
import type { Gate } from '../gates.js';
import { bwrapMessages, workspaceMessages } from './bwrapMessages.js';
import { logLines, quotedLines, type Quoting } from './logLines.js';

/** What an error text means. */
export interface Symptom {
  /** null: none of the gates. */
  readonly gate: Gate | null;
  /** Other gates that print the same text and that the known facts do not rule out. */
  readonly alternatives: readonly Gate[];
  /** The line that says so. */
  readonly error: string;
  /** Why it happens: sentences. */
  readonly cause: string;
  /** What to do: sentences. */
  readonly remedy: string;
  /** The agent prints the line and continues: alone it stops nothing. */
  readonly weak: boolean;
  /** Who reported it; absent: it was measured. */
  readonly reported?: string;
}

const USERNS_SWITCHED_OFF = {
  gate: 'userns-allowed',
  cause:
    'The kernel forbids user namespaces to programs without the capability SYS_ADMIN (Debian: kernel.unprivileged_userns_clone=0).',
  remedy: 'Set kernel.unprivileged_userns_clone=1 on the host (sysctl). The container cannot set it.',
} as const;

/**
 * Seccomp and the kernel's own switch print the same text. Without a filter the cause is the switch. With a filter and the switch on,
 * the cause is the filter. Otherwise both are possible, and the filter comes first, because nearly every container has one.
 */
function decideShared(message: Message, shared: Gate, error: string, facts: SymptomFacts): Symptom {
  if (facts.seccomp === 0) return { ...USERNS_SWITCHED_OFF, alternatives: [], error, weak: false };
  const onlySeccomp = facts.seccomp === 2 && facts.unprivilegedUsernsClone !== 0;
  const { gate, cause, remedy } = plain(message, error, facts);
  const also =
    facts.unprivilegedUsernsClone === 0
      ? ' The host also has kernel.unprivileged_userns_clone=0, which forbids them too.'
      : '';
  return {
    gate,
    alternatives: onlySeccomp ? [] : [shared],
    error,
    weak: false,
    cause: cause + also,
    remedy: also ? `${remedy} ${USERNS_SWITCHED_OFF.remedy}` : remedy,
  };
}

function said(sentences: Said, facts: SymptomFacts): string {
  return typeof sentences === 'string' ? sentences : sentences(facts);
}

function plain({ gate, cause, remedy, weak, reported }: Message, error: string, facts: SymptomFacts): Symptom {
  return {
    gate,
    alternatives: [],
    error,
    weak: weak === true,
    cause: said(cause, facts),
    remedy: said(remedy, facts),
    ...(reported !== undefined && { reported }),
  };
}

/** In the order in which they are tried on a line. */
function messagesOf(agent: Agent): readonly Message[] {
  const { first, last } = agent.symptoms;
  return [
    ...first,
    ...bwrapMessages(agent),
    ...last.filter(({ weak }) => !weak),
    ...workspaceMessages(agent),
    ...last.filter(({ weak }) => weak),
  ];
}

const MESSAGES: ReadonlyMap<Agent, readonly Message[]> = new Map(AGENTS.map((agent) => [agent, messagesOf(agent)]));

/** Where a message begins in a line of a log; the text before it says when, and who wrote it. */
const BEGINNING = /\b(?:bwrap|unshare|error building bubblewrap command): /;

/** The message in a line of a log. */
function messageIn(line: string): string {
  const start = BEGINNING.exec(line)?.index ?? 0;
  return start === 0 ? line : line.slice(start).replace(/"\W*$/, '');
}

/**
 * The known messages in a text, in the order of its lines, each once; those that stop nothing come last. The text may be any log
 * with messages of bubblewrap, an agent or unshare (logLines.ts).
 * @param agent what started bubblewrap, unless something else is known
 */
export function diagnoseAll(text: string, facts: SymptomFacts = {}, agent: Agent = AGENTS[0]): readonly Symptom[] {
  const messages = MESSAGES.get(agent) ?? messagesOf(agent);
  const quoting: Quoting = [];
  const failures = symptomsOf(messages, logLines(text, quoting), facts);
  // A quoted message counts only if nothing in the log fails with one.
  const symptoms = failures.length > 0 ? failures : symptomsOf(messages, quotedLines(quoting), facts);
  return [...symptoms.filter(({ weak }) => !weak), ...symptoms.filter(({ weak }) => weak)];
}

/** The known messages in lines, each once. */
function symptomsOf(messages: readonly Message[], lines: Iterable<string>, facts: SymptomFacts): readonly Symptom[] {
  const found = new Map<Message, Symptom>();
  for (const line of lines) {
    const message = messages.find((m) => m.pattern.test(line));
    if (!message || found.has(message)) continue;
    const error = messageIn(line);
    const { shared } = message;
    found.set(message, shared ? decideShared(message, shared, error, facts) : plain(message, error, facts));
  }
  return [...found.values()];
}

/** What an error text means; undefined if it holds no known message. The first message that stopped the sandbox counts. */
export function diagnose(text: string, facts?: SymptomFacts, agent?: Agent): Symptom | undefined {
  return diagnoseAll(text, facts, agent)[0];
}
