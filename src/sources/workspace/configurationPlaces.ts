import type { WorkspaceFiles } from './files.js';

/** Whether a path, relative to the workspace folder, is one of the three places of containers.dev, "devcontainer.json". */
export function isConfiguration(path: string): boolean {
  return workspaceFolderOf(path) === '';
}

/**
 * The workspace folder that a path would be a configuration of: '' for the folder that the path is relative to, `a/b` for
 * `a/b/.devcontainer.json`. undefined: it is no configuration of any folder.
 */
export function workspaceFolderOf(path: string): string | undefined {
  const place = /^(?:(.*)\/)?(?:\.devcontainer\.json|\.devcontainer\/(?:[^/]+\/)?devcontainer\.json)$/.exec(path);
  return place ? (place[1] ?? '') : undefined;
}

/** Where a workspace folder may have its configurations, whether they exist or not. */
export async function configurationPlaces(files: WorkspaceFiles): Promise<readonly string[]> {
  const folders = [...(await files.folders('.devcontainer'))].sort();
  return [
    '.devcontainer/devcontainer.json',
    '.devcontainer.json',
    ...folders.map((folder) => `.devcontainer/${folder}/devcontainer.json`),
  ];
}

/** How deep a monorepo is searched, in folders below its own. */
const MOST_LEVELS = 6;

/** Folders that are never searched: what others have written, and what programs keep for themselves. */
function isSearched(name: string): boolean {
  return !name.startsWith('.') && name !== 'node_modules';
}

/**
 * The folders below that have configurations of their own, as the packages of a monorepo do; sorted, relative, with forward
 * slashes. What lies below such a folder is its own matter and not searched.
 */
export async function workspaceFoldersBelow(files: WorkspaceFiles): Promise<readonly string[]> {
  const search = async (folder: string, level: number): Promise<readonly string[]> => {
    const names = await files.folders(folder);
    if (level > 0 && (await isWorkspaceFolder(files, folder, names))) return [folder];
    if (level === MOST_LEVELS) return [];
    const below = names.filter(isSearched).map((name) => (folder === '' ? name : `${folder}/${name}`));
    return (await Promise.all(below.map((path) => search(path, level + 1)))).flat();
  };
  return [...(await search('', 0))].sort();
}

async function isWorkspaceFolder(files: WorkspaceFiles, folder: string, names: readonly string[]): Promise<boolean> {
  const inFolder = names.includes('.devcontainer') ? await files.folders(`${folder}/.devcontainer`) : [];
  const places = [
    '.devcontainer.json',
    ...(names.includes('.devcontainer') ? ['.devcontainer/devcontainer.json'] : []),
    ...inFolder.map((name) => `.devcontainer/${name}/devcontainer.json`),
  ];
  const answers = await Promise.all(places.map((place) => files.read(`${folder}/${place}`)));
  return answers.some(({ kind }) => kind !== 'missing');
}
