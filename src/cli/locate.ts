import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { configurationPlaces, workspaceFoldersBelow } from '../sources/workspace/configurationPlaces.js';
import { isInside, nodeFiles } from '../sources/workspace/nodeFiles.js';
import { InputError } from './errors.js';

/** Where a PATH of the command line leads. */
export interface Location {
  /** The PATH as given. */
  readonly root: string;
  /** The workspace folder: the one that holds .devcontainer. Absolute, no symbolic link in it. */
  readonly folder: string;
  /** The one configuration that PATH means, relative to the folder, with forward slashes; undefined: all there are. */
  readonly only: string | undefined;
  /** What the paths of the configurations that PATH means start with. */
  readonly prefix: string;
  /** What was looked for, to say when it is not there. */
  readonly lookedFor: string;
  /** What may be read and written: the workspace folder, or the folder above it that PATH is. Absolute, no link in it. */
  readonly boundary: string;
}

const PLACES = '.devcontainer/devcontainer.json, .devcontainer.json and .devcontainer/*/devcontainer.json';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'there is no permission',
  EPERM: 'there is no permission',
  ELOOP: 'its symbolic links form a loop',
  ENAMETOOLONG: 'its name is too long',
  ERR_INVALID_ARG_VALUE: 'its name is not valid',
};

/** Why a call of node:fs failed, in words that complete "… cannot be read: ". */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return REASONS[code] ?? error.message;
}

/** Where a PATH leads. */
export interface Located {
  readonly locations: readonly Location[];
  /** How many workspace folders below it are not among them. */
  readonly below: number;
}

/**
 * Finds the workspace folders that a PATH leads to: itself, or those below it that have a configuration, as the packages of a monorepo,
 * where it has none itself.
 * @param path as the user gives it
 * @param cwd absolute
 * @param all adds those below it to one that has a configuration
 * @throws InputError when there is no such path or it cannot be a configuration
 */
export async function locateAll(path: string, cwd: string, all = false): Promise<Located> {
  const location = await locate(path, cwd);
  const { folder } = location;
  if (location.only !== undefined || location.prefix !== '') return { locations: [location], below: 0 };
  const files = nodeFiles(folder);
  const places = await Promise.all((await configurationPlaces(files)).map((place) => files.read(place)));
  const own = places.some(({ kind }) => kind !== 'missing') ? [location] : [];
  const folders = await Promise.all((await workspaceFoldersBelow(files)).map((base) => realpath(join(folder, base))));
  // A symbolic link leads to a folder that has its turn anyway.
  const others = [...new Set(folders)].filter((other) => other !== folder);
  const below = others.map((other) => ({ ...location, folder: other }));
  if (own.length > 0)
    return all ? { locations: [...own, ...below], below: 0 } : { locations: own, below: below.length };
  const lookedFor = `${location.lookedFor} (in the folders below, too)`;
  return { locations: below.length > 0 ? below : [{ ...location, lookedFor }], below: 0 };
}

/**
 * Finds the workspace folder that a PATH leads to.
 * @param path as the user gives it
 * @param cwd absolute
 * @throws InputError when there is no such path or it cannot be a configuration
 */
export async function locate(path: string, cwd: string): Promise<Location> {
  const absolute = resolve(cwd, path);
  try {
    const isFolder = (await stat(absolute)).isDirectory();
    const place = isFolder ? placeOfFolder(absolute) : placeOfFile(absolute, path);
    const folder = await realpath(place.folder);
    return { ...place, root: path, folder, boundary: folder };
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path} cannot be read: ${reasonOf(error)}.`, { cause: error });
  }
}

type Place = Omit<Location, 'root' | 'boundary'>;

function placeOfFolder(absolute: string): Place {
  const parent = dirname(absolute);
  if (basename(absolute) === '.devcontainer') {
    const lookedFor = '.devcontainer/devcontainer.json and .devcontainer/*/devcontainer.json';
    return { folder: parent, only: undefined, prefix: '.devcontainer/', lookedFor };
  }
  if (basename(parent) === '.devcontainer') {
    return onlyFile(`.devcontainer/${basename(absolute)}/devcontainer.json`, dirname(parent));
  }
  return { folder: absolute, only: undefined, prefix: '', lookedFor: PLACES };
}

function placeOfFile(absolute: string, path: string): Place {
  const folder = dirname(absolute);
  const parent = dirname(folder);
  const name = basename(absolute);
  if (name !== 'devcontainer.json' && name !== '.devcontainer.json') {
    throw new InputError(
      `${path} is not a dev container configuration. Configurations are ${PLACES} in a workspace folder.`,
    );
  }
  if (name === 'devcontainer.json') {
    if (basename(folder) === '.devcontainer') return onlyFile(`.devcontainer/${name}`, parent);
    if (basename(parent) === '.devcontainer') {
      return onlyFile(`.devcontainer/${basename(folder)}/${name}`, dirname(parent));
    }
  }
  return onlyFile(name, folder);
}

function onlyFile(file: string, folder: string): Place {
  return { folder, only: file, prefix: '', lookedFor: file };
}

/** How people are to see a file of a workspace folder: relative to the current directory if it is below, else absolute. */
export function shownPath(folder: string, file: string, cwd: string): string {
  const absolute = resolve(folder, file);
  const below = relative(cwd, absolute);
  const shown = isInside(cwd, absolute) ? below : absolute;
  return shown.replaceAll('\\', '/');
}
