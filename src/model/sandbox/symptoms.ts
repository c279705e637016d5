import type { Agent } from '../agent/agent.js';
import type { Message, SymptomFacts } from '../agent/symptom.js';
import { AGENTS } from '../agents/index.js';
import type { Gate } from '../gates.js';
import { bwrapMessages, workspaceMessages } from './bwrapMessages.js';

/** What an error text means. */
export interface Symptom {
  readonly gate: Gate;
  /** Other gates that print the same text and that the facts at hand do not rule out. */
  readonly alternatives: readonly Gate[];
  /** The line that says so. */
  readonly error: string;
  /** Why it happens: sentences. */
  readonly cause: string;
  /** What to do: sentences. */
  readonly remedy: string;
}

/** Longer lines are no error messages; the cut keeps the time for a hostile text in bounds. */
const LONGEST_LINE = 2000;

const USERNS_SWITCHED_OFF = {
  gate: 'userns-allowed',
  cause:
    'The kernel does not allow user namespaces to programs without CAP_SYS_ADMIN (Debian: kernel.unprivileged_userns_clone=0).',
  remedy: 'Set kernel.unprivileged_userns_clone=1 on the host (sysctl); inside the container it cannot be set.',
} as const;

/**
 * Seccomp and the kernel's own switch print the same. No filter: it is the switch. A filter, and the switch is on: it is
 * the filter. Otherwise both are possible, and the filter, which nearly every container has, comes first.
 */
function decideShared(message: Message, shared: Gate, error: string, facts: SymptomFacts): Symptom {
  if (facts.seccomp === 0) return { ...USERNS_SWITCHED_OFF, alternatives: [], error };
  const onlySeccomp = facts.seccomp === 2 && facts.unprivilegedUsernsClone !== 0;
  const remedy = remedyOf(message, facts);
  const also =
    facts.unprivilegedUsernsClone === 0
      ? ' Moreover the host has kernel.unprivileged_userns_clone=0, which forbids them as well.'
      : '';
  return {
    gate: message.gate,
    alternatives: onlySeccomp ? [] : [shared],
    error,
    cause: message.cause + also,
    remedy: also ? `${remedy} ${USERNS_SWITCHED_OFF.remedy}` : remedy,
  };
}

function remedyOf({ remedy }: Message, facts: SymptomFacts): string {
  return typeof remedy === 'string' ? remedy : remedy(facts);
}

/** Where the agent tries again without /proc when bwrap prints `on /newroot/proc`, that line alone decides nothing. */
function isRecoverable(line: string, agent: Agent): boolean {
  return agent.demands(agent.newestVersion).proc !== 'insists' && line.includes("Can't mount proc on /newroot/proc");
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

/**
 * Every gate that an error text speaks of, in the order of its lines; each once. The text may be any log that holds the
 * messages of bubblewrap, an agent or unshare: prefixes, colours and other lines do not matter.
 * @param agent what started bubblewrap, as far as nothing else is known
 */
export function diagnoseAll(text: string, facts: SymptomFacts = {}, agent: Agent = AGENTS[0]): readonly Symptom[] {
  const messages = MESSAGES.get(agent) ?? messagesOf(agent);
  const found: { readonly message: Message; readonly symptom: Symptom; readonly weak: boolean }[] = [];
  for (const raw of text.split(/\r\n|\r|\n/)) {
    const line = raw.slice(0, LONGEST_LINE).replaceAll(/[’‘]/g, "'").trim();
    const message = messages.find((m) => m.pattern.test(line));
    if (!message || found.some((f) => f.message === message)) continue;
    const symptom = message.shared
      ? decideShared(message, message.shared, line, facts)
      : { gate: message.gate, alternatives: [], error: line, cause: message.cause, remedy: remedyOf(message, facts) };
    found.push({ message, symptom, weak: message.weak === true || isRecoverable(line, agent) });
  }
  return [...found.filter((f) => !f.weak), ...found.filter((f) => f.weak)].map((f) => f.symptom);
}

/** What an error text means; undefined when it holds no known message. The first message that stopped the sandbox counts. */
export function diagnose(text: string, facts?: SymptomFacts, agent?: Agent): Symptom | undefined {
  return diagnoseAll(text, facts, agent)[0];
}
