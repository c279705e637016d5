import type { Codex, Network } from '../model/codex.js';
import type { Prediction } from '../model/gates.js';
import type { Host } from '../model/host.js';
import type { Configuration } from '../sources/configuration.js';
import type { Finding, Fix } from './rule.js';

/** For whom a configuration is judged. */
export interface Target {
  readonly hosts: readonly Host[];
  /** Default: what the container installs, else the newest that the model knows. */
  readonly codexVersion?: string | undefined;
  /** Default: the workspace's Codex configuration, else restricted. */
  readonly network?: Network | undefined;
}

/** Everything there is to say about one configuration. */
export interface Judgement {
  readonly configuration: Configuration;
  readonly codex: Codex;
  readonly predictions: readonly Prediction[];
  /** In the order of their places. */
  readonly findings: readonly Finding[];
  /** "Make Codex work here": everything that is needed at once; the least first, each said for which hosts. Empty when nothing is to do or nothing in the repository helps. */
  readonly repairs: readonly Fix[];
}

/** Judges a configuration: predictions for each host, findings where they are caused, and what repairs them. Pure. */
export function judge(configuration: Configuration, target: Target): Judgement {
  throw new Error(`not yet ${configuration.file} ${String(target.hosts.length)}`);
}
