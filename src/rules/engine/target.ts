import type { Network } from '../../model/agent/request.js';
import { DEFAULT_HOSTS, HOSTS, type Host } from '../../model/host.js';
import type { RepositoryChoice } from '../../sources/devcontainer/choice.js';
import { LEVELS, type Level } from './rule.js';

/** For whom a configuration is judged. */
export interface Target {
  readonly hosts: readonly Host[];
  /** Default: what the repository chooses, else what the container installs, else the newest that the model knows. */
  readonly codexVersion?: string | undefined;
  /** Default: the workspace's Codex configuration, else restricted. */
  readonly network?: Network | undefined;
  /** Whether somebody chose these hosts. Default: where they are not those that are judged when nobody does. */
  readonly hostsNamed?: boolean | undefined;
  /** By rule, the level of its findings instead of their own. */
  readonly levels?: ReadonlyMap<string, Level> | undefined;
}

/** Whether somebody chose the hosts. */
export function areNamed({ hosts, hostsNamed }: Target): boolean {
  return (
    hostsNamed ?? (hosts.length !== DEFAULT_HOSTS.length || hosts.some(({ name }, i) => name !== DEFAULT_HOSTS[i]))
  );
}

/** The target with what the repository chooses where nobody else did: options and settings go before it, each by itself. */
export function withChoice(target: Target, choice: RepositoryChoice | undefined): Target {
  if (!choice) return target;
  const { hosts, codexVersion, levels } = choice;
  const own = new Map(levels.flatMap(({ rule, level }) => entryOf(rule, level)));
  return {
    ...target,
    ...(hosts && !areNamed(target) && { hosts: hosts.map((name) => HOSTS[name]), hostsNamed: true }),
    codexVersion: target.codexVersion ?? codexVersion,
    levels: new Map([...own, ...(target.levels ?? [])]),
  };
}

function entryOf(rule: string, written: string | undefined): readonly (readonly [string, Level])[] {
  const level = LEVELS.find((one) => one === written);
  return level ? [[rule, level]] : [];
}
