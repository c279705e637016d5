import { imageInspector } from '../probe/imageInspector.js';
import { withImages, type WorkspaceFiles } from '../sources/files.js';
import type { Io } from './io.js';

/** Set to 0, the engine of this machine is not asked about images, so that every machine gives the same answers. */
export const INSPECT_VARIABLE = 'CODEX_SANDBOX_INSPECT_IMAGES';

/**
 * The same files, with what this machine's Docker says of the images that they name and that it has.
 * @param boundary the folder from below which no Docker is run
 */
export function withLocalImages(files: WorkspaceFiles, boundary: string, { env }: Pick<Io, 'env'>): WorkspaceFiles {
  return env[INSPECT_VARIABLE] === '0'
    ? files
    : withImages(files, imageInspector({ workspaces: [boundary], environment: env }));
}
