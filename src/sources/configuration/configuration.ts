import type { Container, Sourced } from '../../model/container/container.js';
import type { MetadataLayer } from '../options/metadata.js';
import type { SandboxMode } from '../codex/config.js';
import type { Problem } from '../text/problem.js';

/** One development container configuration and all that was read for it. */
export interface Configuration {
  /** Its devcontainer.json, relative to the workspace folder, with forward slashes. */
  readonly file: string;
  readonly container: Container;
  /** What Codex's policy allows commands, from the workspace's .codex/config.toml; the default is restricted. */
  readonly network: Sourced<'restricted' | 'full'>;
  /** `sandbox_mode` of the workspace's .codex/config.toml, else of what the files bring into the container (sandboxMode.ts); not there: they do not say. */
  readonly sandboxMode?: Sourced<SandboxMode>;
  /** The option that Docker refuses and Podman takes, as people write it; not there: Docker takes all of them. */
  readonly podmanOnly?: Sourced<string>;
  readonly problems: readonly Problem[];
  /** The dev container metadata that was merged: of the image, the Features in the order of their installation, devcontainer.json. */
  readonly layers: readonly MetadataLayer[];
  /** The devcontainer-feature.json of its local Features, each once; other configurations may use the same ones. */
  readonly featureFiles: readonly string[];
  /** The text of every file that was read, by path, without its byte order mark: what edits start from. */
  readonly texts: ReadonlyMap<string, string>;
}
