import { withoutTrailingSlashes } from '../sources/text/paths.js';
import { listOf, objectOf, parsedJson, type Json } from '../sources/text/plainJson.js';
import type { ContainerDescription } from './containerInspect.js';

/** The folder on the host that a container was made for (dev container CLI, id labels). */
export const FOLDER_LABEL = 'devcontainer.local_folder';
/** The devcontainer.json that it was made from. */
const CONFIG_LABEL = 'devcontainer.config_file';
/** What image, Features and devcontainer.json say together (containers.dev, "Image Metadata"). */
const METADATA_LABEL = 'devcontainer.metadata';

/** The labels of a dev container, checked: the author of the image wrote some of them. */
export interface DevContainerLabels {
  readonly localFolder: string | undefined;
  readonly configFile: string | undefined;
  /** remoteUser, else containerUser, of the last entry that has it. */
  readonly remoteUser: string | undefined;
  /** PATH and CODEX_HOME of remoteEnv: they decide which Codex runs, and where it keeps its files. */
  readonly environment: ReadonlyMap<string, string>;
  /** userEnvProbe: whether the user's shell is asked for its environment. */
  readonly asksShell: boolean;
}

/** A missing label, or one that is not JSON, says nothing. */
function entriesOf(label: string): readonly Json[] {
  const value = parsedJson(label);
  const entries = Array.isArray(value) ? listOf(value) : [value];
  return entries.map(objectOf).filter((entry) => entry !== undefined);
}

/** A user's name or number, as useradd and `--user` take them: never an option. */
export function isUser(text: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}\$?(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,63})?$/.test(text);
}

const FROM_ENVIRONMENT = ['PATH', 'CODEX_HOME'] as const;

/** `${containerEnv:X}` is what the container has; a value with another variable cannot be known here. */
function environmentOf(
  entries: readonly Json[],
  own: ContainerDescription['environment'],
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { remoteEnv } of entries) {
    for (const name of FROM_ENVIRONMENT) {
      const written = objectOf(remoteEnv)?.[name];
      if (typeof written !== 'string') continue;
      const value = written.replace(/\$\{containerEnv:(\w+)(?::([^}]*))?\}/g, (_, key: string, otherwise = '') =>
        String(own.get(key) ?? otherwise),
      );
      // eslint-disable-next-line no-control-regex -- they are what is refused
      if (!value.includes('${') && !/[\u0000-\u001f\u007f]/.test(value)) found.set(name, value);
    }
  }
  return found;
}

function last(entries: readonly Json[], key: string): string | undefined {
  return entries
    .map((entry) => entry[key])
    .filter((value) => typeof value === 'string')
    .at(-1);
}

/** Reads the labels that the dev container CLI gives a container. Values that are none are left out. */
export function readLabels({
  labels,
  environment,
}: Pick<ContainerDescription, 'labels' | 'environment'>): DevContainerLabels {
  const entries = entriesOf(labels[METADATA_LABEL] ?? '');
  const user = last(entries, 'remoteUser') ?? last(entries, 'containerUser');
  return {
    localFolder: labels[FOLDER_LABEL],
    configFile: labels[CONFIG_LABEL],
    remoteUser: user !== undefined && isUser(user) ? user : undefined,
    environment: environmentOf(entries, environment),
    asksShell: last(entries, 'userEnvProbe') !== 'none',
  };
}

/**
 * Whether two paths of a host name the same folder: Windows takes both slashes and either case, and the drive letter comes in both.
 */
export function sameFolder(a: string, b: string): boolean {
  return plain(a) === plain(b);
}

function plain(path: string): string {
  const slashes = /^[A-Za-z]:[\\/]|^\\\\/.test(path) ? path.replaceAll('\\', '/').toLowerCase() : path;
  return slashes.length > 1 ? withoutTrailingSlashes(slashes) : slashes;
}
