import { parseArgs } from 'node:util';
import { NEWEST_CODEX, type Network } from '../model/codex.js';
import { DEFAULT_HOSTS, HOST_CHOICES, type Host } from '../model/host.js';
import { isWebAddress } from '../probe/webAddress.js';
import type { Target } from '../rules/judge.js';
import { UsageError } from './errors.js';
import { COMMANDS, hostList, type CommandName } from './help.js';
import { didYouMean } from './nearest.js';
import type { ProbeCommand } from './probe.js';

/** The least severity that makes the exit status 1. */
export type FailOn = 'error' | 'warning' | 'info' | 'never';

/** A target whose host `local` nobody has looked at yet. */
export interface Wanted extends Omit<Target, 'hosts'> {
  readonly hosts: readonly Host['name'][];
}

/** What `check` and `fix` are about. */
export interface Subject {
  /** As given; never empty. */
  readonly paths: readonly string[];
  readonly wanted: Wanted;
  /** Whether the hosts were named, and are not the default. */
  readonly hostsNamed: boolean;
  readonly failOn: FailOn;
}

/** What the user asks for, checked. */
export type Command =
  | { readonly name: 'help'; readonly about: CommandName | undefined }
  | { readonly name: 'version' }
  | ({ readonly name: 'check'; readonly format: 'text' | 'json' } & Subject)
  | ({ readonly name: 'fix'; readonly write: boolean } & Subject)
  | ({ readonly name: 'probe' } & ProbeCommand)
  /** `text` undefined: standard input. */
  | { readonly name: 'explain'; readonly text: string | undefined }
  | { readonly name: 'rules'; readonly id: string | undefined };

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  host: { type: 'string', multiple: true },
  codex: { type: 'string' },
  network: { type: 'string' },
  format: { type: 'string' },
  'fail-on': { type: 'string' },
  write: { type: 'boolean' },
  container: { type: 'string' },
  workspace: { type: 'string' },
  url: { type: 'string' },
} as const;

type OptionName = keyof typeof OPTIONS;

const OPTIONS_AS_TYPED = Object.keys(OPTIONS).map((name) => `--${name}`);

const ALLOWED: Readonly<Record<CommandName, readonly OptionName[]>> = {
  check: ['host', 'codex', 'network', 'format', 'fail-on'],
  fix: ['host', 'codex', 'network', 'format', 'fail-on', 'write'],
  probe: ['format', 'container', 'workspace', 'network', 'url'],
  explain: [],
  rules: [],
};

const FORMATS = ['text', 'json', 'sarif', 'github'] as const;
const FAIL_ON = ['error', 'warning', 'info', 'never'] as const;
const NETWORKS = ['restricted', 'full'] as const;

function oneOf<T extends string>(option: string, given: string, values: readonly T[]): T {
  const value = values.find((v) => v === given);
  if (value === undefined) {
    throw new UsageError(`--${option} is one of ${values.join(', ')}; not "${given}".${didYouMean(given, values)}`);
  }
  return value;
}

function hosts(given: readonly string[] | undefined): Wanted['hosts'] {
  const names = new Set<Host['name']>();
  for (const name of given ?? DEFAULT_HOSTS) {
    const known = HOST_CHOICES.find((choice) => choice.name === name);
    if (known === undefined) {
      const guess = didYouMean(
        name,
        HOST_CHOICES.map((choice) => choice.name),
      );
      throw new UsageError(`--host "${name}" is not known.${guess} The hosts are:\n${hostList(2)}`);
    }
    names.add(known.name);
  }
  return [...names];
}

function codexVersion(given: string | undefined): string | undefined {
  if (given === undefined || /^\d+\.\d+(\.\d+)?([-+][\w.+-]+)?$/.test(given)) return given;
  throw new UsageError(`--codex takes a version such as ${NEWEST_CODEX}; not "${given}".`);
}

function network(given: string | undefined): Network | undefined {
  return given === undefined ? undefined : oneOf('network', given, NETWORKS);
}

function format(given: string | undefined): 'text' | 'json' {
  const value = oneOf('format', given ?? 'text', FORMATS);
  if (value === 'text' || value === 'json') return value;
  throw new UsageError(`--format ${value} does not exist yet. There are text and json.`);
}

interface ProbeValues {
  readonly container?: string | undefined;
  readonly workspace?: string | undefined;
  readonly network?: string | undefined;
  readonly url?: string | undefined;
}

function placeToProbe({ container, workspace }: ProbeValues): ProbeCommand['where'] {
  if (container !== undefined && workspace !== undefined) {
    throw new UsageError('--container and --workspace each say where to measure. Give one of them.');
  }
  if (container === '' || workspace === '') throw new UsageError('--container and --workspace take a value.');
  if (container !== undefined) return { kind: 'container', container };
  return workspace === undefined ? { kind: 'here' } : { kind: 'workspace', folder: workspace };
}

function networkToProbe({ network: given, url }: ProbeValues): Pick<ProbeCommand, 'network' | 'url'> {
  if (url === undefined) return { network: network(given) ?? 'restricted', url };
  if (!isWebAddress(url)) throw new UsageError(`--url takes an http or https address; not "${url}".`);
  const allowed = network(given) ?? 'full';
  if (allowed === 'restricted') throw new UsageError('--url needs a network: leave --network restricted away.');
  return { network: allowed, url };
}

function parse(argv: readonly string[]) {
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
    if (known === undefined) return `There is no option ${rawName}.${didYouMean(rawName, OPTIONS_AS_TYPED)}`;
    if (OPTIONS[known].type === 'boolean') {
      if (value !== undefined) return `${rawName} takes no value; not "${value}".`;
    } else if (value === undefined) {
      return `${rawName} takes a value, and none follows it.`;
    } else if (value.startsWith('-') && !inlineValue) {
      return `${rawName} takes a value, and "${value}" follows it. Write ${rawName}=${value} if that is the value.`;
    }
  }
  return undefined;
}

function atMostOne(name: string, what: string, values: readonly string[]): string | undefined {
  if (values.length > 1) throw new UsageError(`${name} takes one ${what}; not ${values.length}.`);
  return values[0];
}

/** `help`, as many programs have it. */
function helpAbout([first]: readonly string[]): Command {
  const about = COMMANDS.find((command) => command === first);
  if (first !== undefined && about === undefined) {
    throw new UsageError(`"${first}" is no command.${didYouMean(first, COMMANDS)}`);
  }
  return { name: 'help', about };
}

/**
 * Reads the command line.
 * @param argv without the program's name
 * @throws UsageError with a message that says what is wrong and what is right
 */
export function readArguments(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv);
  const [first, ...rest] = positionals;
  const name = COMMANDS.find((c) => c === first);
  if (first === 'help' && Object.keys(values).length === 0) return helpAbout(rest);
  if (values.version) return { name: 'version' };
  if (values.help && (name !== undefined || first === undefined)) return { name: 'help', about: name };
  if (first === undefined) throw new UsageError(`A command is missing: ${COMMANDS.join(', ')}.`);
  if (name === undefined) {
    const guess = didYouMean(first, COMMANDS);
    throw new UsageError(`"${first}" is no command.${guess} The commands are ${COMMANDS.join(', ')}.`);
  }

  const stray = (Object.keys(values) as OptionName[]).find((option) => !ALLOWED[name].includes(option));
  if (stray !== undefined) {
    const takers = COMMANDS.filter((c) => ALLOWED[c].includes(stray)).join(' and ');
    throw new UsageError(`--${stray} is no option of ${name}; it belongs to ${takers}.`);
  }

  switch (name) {
    case 'check':
    case 'fix': {
      const subject: Subject = {
        paths: rest.length > 0 ? rest : ['.'],
        wanted: {
          hosts: hosts(values.host),
          codexVersion: codexVersion(values.codex),
          network: network(values.network),
        },
        hostsNamed: values.host !== undefined,
        failOn: oneOf('fail-on', values['fail-on'] ?? 'warning', FAIL_ON),
      };
      const emptyPath = subject.paths.includes('');
      if (emptyPath) throw new UsageError('A PATH is empty. Write . for the current directory.');
      if (name === 'check') return { name, format: format(values.format), ...subject };
      if (values.format !== undefined && values.format !== 'text') {
        throw new UsageError('fix prints a unified diff only. The edits as data are in `check --format json`.');
      }
      return { name, write: values.write ?? false, ...subject };
    }
    case 'probe':
      if (rest.length > 0) throw new UsageError(`probe takes no argument; not "${rest.join(' ')}".`);
      return { name, format: format(values.format), where: placeToProbe(values), ...networkToProbe(values) };
    case 'explain':
      return { name, text: rest.length === 0 || (rest.length === 1 && rest[0] === '-') ? undefined : rest.join(' ') };
    case 'rules':
      return { name, id: atMostOne('rules', 'ID', rest) };
  }
}
