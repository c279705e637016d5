import type { Assumption } from '../../model/container/assumption.js';
import type { Container, Sourced, WorkspaceFolder } from '../../model/container/container.js';
import type { Place } from '../../model/place.js';
import type { RepositoryChoice } from '../devcontainer/choice.js';
import type { ServiceFiles } from '../devcontainer/definition.js';
import type { Evidence } from '../image/evidence.js';
import type { Option } from '../options/option.js';
import type { SandboxSetting } from '../codex/config.js';
import type { IgnoreComment } from '../text/ignores.js';
import type { Problem } from '../text/problem.js';

/** One development container configuration and all that was read for it. */
export interface Configuration {
  /** Its devcontainer.json, relative to the workspace folder, with forward slashes. */
  readonly file: string;
  /** As it is known. */
  readonly container: Container;
  /** What most likely is so of what is not known; not there: there is nothing to assume. */
  readonly assumption?: Assumption;
  /** What Codex's policy allows commands, from the workspace's .codex/config.toml and what the files bring into the container; the default is restricted. */
  readonly network: Sourced<'restricted' | 'full'>;
  /** Whether Codex's sandbox is on, from the same files (codex/config.ts); not there: they do not say. */
  readonly sandbox?: Sourced<SandboxSetting>;
  /**
   * The workspace folder that the agent finds in this container, and where devcontainer.json speaks of it; not there: files show
   * nothing in it that would be in the agent's way. It is no part of the container: nothing in these files changes it.
   */
  readonly workspace?: { readonly folder: WorkspaceFolder; readonly place: Place };
  /** The option that Docker refuses and Podman takes, as people write it; not there: Docker takes all of them. */
  readonly podmanOnly?: Sourced<string>;
  /** What in the files shows that Codex is used in this container; empty: nothing does, so that its failure may concern nobody. */
  readonly evidence: readonly Evidence[];
  /** How the repository wants to be checked; not there: it does not say. */
  readonly choice?: RepositoryChoice;
  /** The comments in all its files that switch rules off. */
  readonly ignores: readonly IgnoreComment[];
  readonly problems: readonly Problem[];
  /** In the order in which they reach the engine. */
  readonly options: readonly Option[];
  /** Where the Compose files have the service, for the edits that change it; not there: no Compose file that was read defines one. */
  readonly service?: ServiceFiles;
  /** The devcontainer-feature.json of its local Features, each once; other configurations may use the same ones. */
  readonly featureFiles: readonly string[];
  /** The text of every file that was read, by path, without its byte order mark: what edits start from. */
  readonly texts: ReadonlyMap<string, string>;
}
