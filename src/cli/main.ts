import packageJson from '../../package.json' with { type: 'json' };
import { readArguments, type Command } from './arguments.js';
import { check } from './check.js';
import { InputError, UsageError } from './errors.js';
import { explain } from './explain.js';
import { fix } from './fix.js';
import { COMMANDS, help } from './help.js';
import type { ExitStatus, Io } from './io.js';
import { probe } from './probe.js';
import { rules } from './rules.js';
import { writeResult } from './writeResult.js';
import { harmless } from '../report/terminal.js';

async function run(command: Command, io: Io): Promise<ExitStatus> {
  const { output } = command;
  if (output === undefined) return runTask(command, io);
  let result = '';
  const inputs = new Set<string>();
  const status = await runTask(command, {
    ...io,
    out: (text) => (result += text),
    terminal: false,
    columns: undefined,
    inputs,
  });
  await writeResult(output, result, inputs, io);
  return status;
}

async function runTask(command: Command, io: Io): Promise<ExitStatus> {
  switch (command.name) {
    case 'help':
      io.out(help(command.about));
      return 0;
    case 'version':
      io.out(`${packageJson.version}\n`);
      return 0;
    case 'check':
      return check(command, io);
    case 'fix':
      return fix(command, io);
    case 'probe':
      return probe(command, io);
    case 'explain':
      return explain(command.text, io);
    case 'rules':
      return rules(command.id, io);
  }
}

/**
 * Runs the command line.
 * @param argv without the program's name
 */
export async function main(argv: readonly string[], io: Io): Promise<ExitStatus> {
  try {
    return await run(readArguments(argv), io);
  } catch (error) {
    if (error instanceof UsageError) {
      // Options are explained by the help of their command.
      const about = COMMANDS.find((command) => argv.includes(command));
      const page = ['codex-sandbox-check', about, '--help'].filter(Boolean).join(' ');
      io.err(`codex-sandbox-check: ${harmless(error.message)}\nSee ${page}.\n`);
    } else if (error instanceof InputError) {
      io.err(`codex-sandbox-check: ${harmless(error.message)}\n`);
    } else {
      io.err('codex-sandbox-check failed. This is a bug: please report it with the lines below.\n');
      io.err(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    }
    return 2;
  }
}
