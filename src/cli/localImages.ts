import { boundariesOf } from '../probe/boundary.js';
import { imageInspector } from '../probe/imageInspector.js';
import { withImages, type WorkspaceFiles } from '../sources/workspace/files.js';
import type { Io } from './io.js';

/** Set to 0, the engine of this machine is not asked about images, so that every machine gives the same answers. */
export const INSPECT_VARIABLE = 'CODEX_SANDBOX_INSPECT_IMAGES';

/**
 * The same files, with what this machine's Docker says of the images that they name and that it has.
 * @param folder that the files are of: no Docker of its project is run, nor one of the current directory's
 */
export async function withLocalImages(
  files: WorkspaceFiles,
  folder: string,
  { cwd, env }: Pick<Io, 'cwd' | 'env'>,
): Promise<WorkspaceFiles> {
  if (env[INSPECT_VARIABLE] === '0') return files;
  return withImages(files, imageInspector({ workspaces: await boundariesOf([cwd, folder]), environment: env }));
}
