import { readArguments } from '../../src/cli/arguments.js';
import { check } from '../../src/cli/check.js';
import { fix } from '../../src/cli/fix.js';
import type { Io } from '../../src/cli/io.js';

/** What the process is asked for: the command line's arguments, and the folder to run in. */
export interface Request {
  readonly args: readonly string[];
  readonly cwd: string;
}

/** What came of it, and what it used: of the processor in seconds, of memory since the process began in megabytes. */
export interface Answer {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  readonly seconds: number;
  readonly megabytes: number;
}

/** The command line without a process of its own: test/unit/withinLimits.ts starts this once for many workspaces. */
async function run({ args, cwd }: Request): Promise<Answer> {
  let [out, err] = ['', ''];
  const io: Io = {
    out: (text) => (out += text),
    err: (text) => (err += text),
    input: () => Promise.resolve(''),
    interruption: () => ({ signal: new AbortController().signal, release: () => undefined }),
    cwd,
    terminal: false,
    env: process.env,
  };
  const before = process.cpuUsage();
  const command = readArguments(args);
  if (command.name !== 'check' && command.name !== 'fix') throw new Error(`${command.name} is not measured`);
  const status = await (command.name === 'check' ? check(command, io) : fix(command, io));
  const { user, system } = process.cpuUsage(before);
  return { status, out, err, seconds: (user + system) / 1e6, megabytes: process.resourceUsage().maxRSS / 1024 };
}

// What it throws ends the process, which is a failure of the case.
process.on('message', (request: Request) => void run(request).then((answer) => process.send?.(answer)));
