import type { Network } from '../model/agent/request.js';
import { CODEX_VERSION, NEWEST_CODEX } from '../model/agents/codex/versions.js';
import { DEFAULT_HOSTS, HOST_CHOICES, type Host } from '../model/host.js';
import { isWebAddress } from '../probe/webAddress.js';
import type { Target } from '../rules/judge.js';
import { UsageError } from './errors.js';
import { COMMANDS, hostList, type CommandName } from './help.js';
import { didYouMean } from './nearest.js';
import { assertBelongs, parse, type Parsed } from './options.js';
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
  /** All fixes and explanations. */
  readonly verbose: boolean;
  /** Each configuration by itself, also those below a PATH that has one of its own. */
  readonly all: boolean;
}

/** What the user asks for, checked. */
export type Command = Task & {
  /** The file that gets the result; undefined: standard output. */
  readonly output?: string;
};

type Task =
  | { readonly name: 'help'; readonly about: CommandName | undefined }
  | { readonly name: 'version' }
  | ({ readonly name: 'check'; readonly format: 'text' | 'json'; readonly fixes: boolean } & Subject)
  | ({ readonly name: 'fix'; readonly write: boolean } & Subject)
  | ({ readonly name: 'probe' } & ProbeCommand)
  /** `text` undefined: standard input. */
  | { readonly name: 'explain'; readonly text: string | undefined }
  | { readonly name: 'rules'; readonly id: string | undefined };

const FORMATS = ['text', 'json', 'sarif', 'github'] as const;
const FAIL_ON = ['error', 'warning', 'info', 'never'] as const;
const NETWORKS = ['restricted', 'full'] as const;

function oneOf<T extends string>(option: string, given: string, values: readonly T[]): T {
  const value = values.find((v) => v === given);
  if (value === undefined) {
    const right = `--${option} must be one of ${values.join(', ')}`;
    throw new UsageError(`${right} ("${given}" was given).${didYouMean(given, values)}`);
  }
  return value;
}

function hosts(given: readonly string[] | undefined): Wanted['hosts'] {
  const names = new Set<Host['name']>();
  for (const name of given?.flatMap((names) => names.split(',')) ?? DEFAULT_HOSTS) {
    const known = HOST_CHOICES.find((choice) => choice.name === name);
    if (known === undefined) {
      const guess = didYouMean(
        name,
        HOST_CHOICES.map((choice) => choice.name),
      );
      throw new UsageError(`"${name}" is not a known host.${guess} The hosts are:\n${hostList(2)}`);
    }
    names.add(known.name);
  }
  return [...names];
}

function codexVersion(given: string | undefined): string | undefined {
  if (given === undefined || CODEX_VERSION.test(given)) return given;
  throw new UsageError(`--codex must be a version such as ${NEWEST_CODEX} ("${given}" was given).`);
}

function network(given: string | undefined): Network | undefined {
  return given === undefined ? undefined : oneOf('network', given, NETWORKS);
}

function format(given: string | undefined): 'text' | 'json' {
  const value = oneOf('format', given ?? 'text', FORMATS);
  if (value === 'text' || value === 'json') return value;
  throw new UsageError(`--format ${value} does not exist yet. Use text or json.`);
}

interface ProbeValues {
  readonly container?: string | undefined;
  readonly workspace?: string | undefined;
  readonly network?: string | undefined;
  readonly url?: string | undefined;
}

function placeToProbe({ container, workspace }: ProbeValues): ProbeCommand['where'] {
  if (container !== undefined && workspace !== undefined) {
    throw new UsageError('--container and --workspace both say where to measure. Use one of them.');
  }
  if (container === '' || workspace === '') throw new UsageError('--container and --workspace need a value.');
  if (container !== undefined) return { kind: 'container', container };
  return workspace === undefined ? { kind: 'here' } : { kind: 'workspace', folder: workspace };
}

function networkToProbe({ network: given, url }: ProbeValues): Pick<ProbeCommand, 'network' | 'url'> {
  if (url === undefined) return { network: network(given) ?? 'restricted', url };
  if (!isWebAddress(url)) throw new UsageError(`--url must be an http or https address ("${url}" was given).`);
  const allowed = network(given) ?? 'full';
  if (allowed === 'restricted') throw new UsageError('--url needs a network. Remove --network restricted.');
  return { network: allowed, url };
}

function atMostOne(name: string, what: string, values: readonly string[]): string | undefined {
  if (values.length > 1) throw new UsageError(`${name} takes one ${what} (${values.length} were given).`);
  return values[0];
}

/** `help`, as many programs have it. */
function helpAbout([first]: readonly string[]): Command {
  const about = COMMANDS.find((command) => command === first);
  if (first !== undefined && about === undefined) {
    throw new UsageError(`"${first}" is not a command.${didYouMean(first, COMMANDS)}`);
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
  if (first === undefined) throw new UsageError(`A command is missing. Use one of ${COMMANDS.join(', ')}.`);
  if (name === undefined) {
    const guess = didYouMean(first, COMMANDS);
    throw new UsageError(`"${first}" is not a command.${guess} The commands are ${COMMANDS.join(', ')}.`);
  }

  assertBelongs(name, values);
  const { output } = values;
  if (output === '') throw new UsageError('--output needs the name of a file.');
  return { ...task(name, values, rest), ...(output !== undefined && { output }) };
}

function task(name: CommandName, values: Parsed['values'], rest: readonly string[]): Task {
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
        verbose: values.verbose ?? false,
        all: values.all ?? false,
      };
      const emptyPath = subject.paths.includes('');
      if (emptyPath) throw new UsageError('A PATH is empty. Use . for the current directory.');
      if (name === 'check') {
        return { name, format: format(values.format), fixes: values['no-fixes'] !== true, ...subject };
      }
      if (values.format !== undefined && values.format !== 'text') {
        throw new UsageError('fix prints a unified diff only. For the edits as data, use `check --format json`.');
      }
      if (values.write === true && values.output !== undefined) {
        throw new UsageError('--output takes the diff, and --write makes the changes instead. Use one of them.');
      }
      return { name, write: values.write ?? false, ...subject };
    }
    case 'probe':
      if (rest.length > 0) throw new UsageError(`probe does not take arguments ("${rest.join(' ')}" was given).`);
      return { name, format: format(values.format), where: placeToProbe(values), ...networkToProbe(values) };
    case 'explain':
      return { name, text: rest.length === 0 || (rest.length === 1 && rest[0] === '-') ? undefined : rest.join(' ') };
    case 'rules':
      return { name, id: atMostOne('rules', 'ID', rest) };
  }
}
