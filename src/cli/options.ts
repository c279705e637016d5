import { parseArgs } from 'node:util';
import { UsageError } from './errors.js';
import { COMMANDS, type CommandName } from './help.js';
import { didYouMean } from './nearest.js';

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  host: { type: 'string', multiple: true },
  codex: { type: 'string' },
  network: { type: 'string' },
  format: { type: 'string' },
  'fail-on': { type: 'string' },
  verbose: { type: 'boolean' },
  all: { type: 'boolean' },
  'no-fixes': { type: 'boolean' },
  output: { type: 'string' },
  write: { type: 'boolean' },
  container: { type: 'string' },
  workspace: { type: 'string' },
  url: { type: 'string' },
} as const;

type OptionName = keyof typeof OPTIONS;

const OPTIONS_AS_TYPED = Object.keys(OPTIONS).map((name) => `--${name}`);

const OF_BOTH = ['host', 'codex', 'network', 'format', 'fail-on', 'verbose', 'all', 'output'] as const;

const ALLOWED: Readonly<Record<CommandName, readonly OptionName[]>> = {
  check: [...OF_BOTH, 'no-fixes'],
  fix: [...OF_BOTH, 'write'],
  probe: ['format', 'container', 'workspace', 'network', 'url', 'output'],
  explain: ['output'],
  rules: ['output'],
};

/** The options and arguments of a command line. */
export type Parsed = ReturnType<typeof parse>;

/** @throws UsageError where an option does not exist, or lacks its value */
export function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // Node's own words explain how its parser works; who typed it wants to know what is wrong with the option.
    throw new UsageError(wrongOption(argv) ?? error.message, { cause: error });
  }
}

/** What is wrong with the first option that is; undefined: none. */
function wrongOption(argv: readonly string[]): string | undefined {
  const { tokens } = parseArgs({
    args: [...argv],
    options: OPTIONS,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    const known = (Object.keys(OPTIONS) as OptionName[]).find((option) => option === name);
    if (known === undefined) return `${rawName} is not an option.${didYouMean(rawName, OPTIONS_AS_TYPED)}`;
    if (OPTIONS[known].type === 'boolean') {
      if (value !== undefined) return `${rawName} does not take a value ("${value}" was given).`;
    } else if (value === undefined) {
      return `${rawName} needs a value.`;
    } else if (value.startsWith('-') && !inlineValue) {
      return `${rawName} needs a value, but "${value}" follows. If that is the value, write ${rawName}=${value}.`;
    }
  }
  return undefined;
}

/** @throws UsageError where an option belongs to other commands */
export function assertBelongs(name: CommandName, values: Parsed['values']): void {
  const stray = (Object.keys(values) as OptionName[]).find((option) => !ALLOWED[name].includes(option));
  if (stray === undefined) return;
  const takers = COMMANDS.filter((command) => ALLOWED[command].includes(stray)).join(' and ');
  throw new UsageError(`--${stray} is not an option of ${name}. It belongs to ${takers}.`);
}
