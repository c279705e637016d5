import { resolve } from 'node:path';
import { forwarded, type WorkspaceFiles } from '../sources/workspace/files.js';
import { nodeFiles } from '../sources/workspace/nodeFiles.js';
import type { Io } from './io.js';
import { withLocalImages } from './localImages.js';
import type { Location } from './locate.js';

/** The files of a workspace folder as commands read them; each that is read is noted, so that no result is written over it. */
export async function workspaceFiles({ folder, boundary }: Location, io: Io): Promise<WorkspaceFiles> {
  const files = nodeFiles(folder, boundary);
  const noted: WorkspaceFiles = {
    ...forwarded(files),
    async read(path) {
      const answer = await files.read(path);
      if (answer.kind === 'text') io.inputs?.add(resolve(folder, path));
      return answer;
    },
  };
  return withLocalImages(noted, boundary, io);
}
