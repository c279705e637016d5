import type { SystemCall } from '../../../src/model/seccomp/filter.js';
import { CLONE_NEWUSER } from '../../../src/model/bwrap/calls.js';

/** What bubblewrap was started with and what it called, from a trace of the agent. */
export interface BwrapTrace {
  /** The arguments of each start, in their order, with what differs from run to run replaced. */
  readonly starts: readonly (readonly string[])[];
  /** Every call that it made, once each by name and by whether it asks for a user namespace; sorted. */
  readonly calls: readonly SystemCall[];
}

/** What strace prints of a call that another process interrupts comes in two lines; the first one has the arguments. */
const CALL = /^(\d+)\s+(\w+)\((.*)$/;
const RESUMED = /^(\d+)\s+<\.\.\. (\w+) resumed>.* = (-?\d+)/;
const NEW_PROCESS = ['clone', 'clone3', 'fork', 'vfork'];

/**
 * Reads what `strace -f` wrote. A process counts as bubblewrap from its execve of a program named bwrap on, and so does what it
 * forks, until another program takes its place. A start only to ask for help does not count.
 */
export function parseTrace(text: string): BwrapTrace {
  const inBwrap = new Set<string>();
  const starts: (readonly string[])[] = [];
  const calls = new Map<string, SystemCall>();
  /** Process → the execve that it has not come back from. */
  const pending = new Map<string, string>();
  for (const line of text.split('\n')) {
    const resumed = RESUMED.exec(line);
    if (resumed) {
      const [, pid = '', name = '', result = ''] = resumed;
      if (name === 'execve' && result === '0') replace(pid, pending.get(pid) ?? '');
      if (NEW_PROCESS.includes(name) && inBwrap.has(pid)) inBwrap.add(result);
      continue;
    }
    const [, pid = '', name = '', rest = ''] = CALL.exec(line) ?? [];
    if (pid === '') continue;
    if (name === 'execve') {
      if (rest.endsWith('<unfinished ...>')) pending.set(pid, rest);
      else if (rest.endsWith(' = 0')) replace(pid, rest);
      continue;
    }
    if (!inBwrap.has(pid)) continue;
    const asks = rest.includes('CLONE_NEWUSER');
    calls.set(`${name} ${String(asks)}`, { name, ...(asks && { args: [CLONE_NEWUSER] }) });
    const child = NEW_PROCESS.includes(name) ? / = (\d+)$/.exec(rest)?.[1] : undefined;
    if (child !== undefined) inBwrap.add(child);
  }
  return { starts, calls: [...calls].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, call]) => call) };

  /** Another program in the place of what a process was. Codex starts its own bubblewrap by a number, so the first argument names it. */
  function replace(pid: string, execve: string): void {
    const [program = '', ...args] = argumentsOf(execve);
    inBwrap.delete(pid);
    if (!/(?:^|\/)bwrap$/.test(program) || args.includes('--help')) return;
    inBwrap.add(pid);
    starts.push(args.map(withoutChance));
  }
}

/** The second argument of execve as strace prints it: the list of the program's arguments. */
function argumentsOf(execve: string): readonly string[] {
  const [, list = ''] = /^"(?:[^"\\]|\\.)*", \[((?:"(?:[^"\\]|\\.)*"(?:, )?)*)/.exec(execve) ?? [];
  return [...list.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, argument = '']) => argument.replace(/\\(.)/g, '$1'));
}

/** Names of temporary folders have a random end. */
function withoutChance(argument: string): string {
  return argument.replace(/(codex-arg0|\.tmp)[A-Za-z0-9]{6}/g, '$1*');
}
