import type { WorkspaceFiles } from './files.js';

/** Whether a path, relative to the workspace folder, is one of the three places of containers.dev, "devcontainer.json". */
export function isConfiguration(path: string): boolean {
  return /^(\.devcontainer\.json|\.devcontainer\/([^/]+\/)?devcontainer\.json)$/.test(path);
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
