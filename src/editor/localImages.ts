import * as vscode from 'vscode';
import { imageInspector } from '../probe/imageInspector.js';
import { withImages } from '../sources/workspace/files.js';
import type { InspectImage } from '../sources/image/inspected.js';
import { nodeFiles } from '../sources/workspace/nodeFiles.js';
import { openBoundaries } from './boundaries.js';
import { SECTION } from './settings.js';
import type { DiskFiles } from './workspaceFiles.js';

/** The files of a folder on this machine, whose Docker is asked about the images that it has, where the user lets it. */
export function localFiles(): DiskFiles {
  let inspector: { readonly workspaces: string; readonly inspect: InspectImage } | undefined;
  const inspect: InspectImage = async (reference) => {
    const workspaces = await openBoundaries();
    const key = workspaces.join('\n');
    // An inspector keeps the answers, but must not run a Docker of a folder that was opened since.
    if (inspector?.workspaces !== key) {
      inspector = { workspaces: key, inspect: imageInspector({ workspaces, environment: process.env }) };
    }
    return inspector.inspect(reference);
  };
  return (folder, boundary) =>
    withImages(nodeFiles(folder, boundary), (reference) =>
      mayInspect(folder) ? inspect(reference) : Promise.resolve(undefined),
    );
}

/** In Restricted Mode no program is run. */
function mayInspect(folder: string): boolean {
  const settings = vscode.workspace.getConfiguration(SECTION, vscode.Uri.file(folder));
  return vscode.workspace.isTrusted && settings.get('enable') !== false && settings.get('inspectImages') !== false;
}
