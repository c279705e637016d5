import type { InspectImage } from '../image/inspected.js';

/** The largest file that is read, in bytes: a devcontainer.json or Dockerfile is some kilobytes. */
export const MAX_FILE_BYTES = 1024 * 1024;

/** A file's text, or why there is none. */
export type FileText =
  /** `byteOrderMark`: the file begins with one, which the text does not have. */
  | { readonly kind: 'text'; readonly text: string; readonly byteOrderMark?: true }
  | { readonly kind: 'missing' }
  /** Outside the workspace folder, by its path or by a symbolic link. */
  | { readonly kind: 'outside' }
  | { readonly kind: 'too-large'; readonly bytes: number }
  /** A directory, a device, no permission, …; `reason` is for people. */
  | { readonly kind: 'unreadable'; readonly reason: string };

/**
 * The files of one workspace folder. Paths are relative to it, with forward slashes; `..` may lead out and is then
 * answered with `outside`, unless the folder is a part of one that may be read as a whole. The editor implements it over vscode.workspace.fs and its open documents, the command
 * line over node:fs, tests over a Map.
 */
export interface WorkspaceFiles {
  /** Never throws for what the file system says: that is in the answer. */
  read(path: string): Promise<FileText>;
  /** Names of the folders directly below `path` ('' is the workspace folder); empty when there is no such folder. */
  folders(path: string): Promise<readonly string[]>;
  /**
   * Whether there is a symbolic link at this path, wherever it leads; false where that cannot be seen. Not there: this file system
   * does not tell.
   */
  readonly isLink?: (path: string) => Promise<boolean>;
  /** What this machine's engine says of an image that it has; not there: no engine is to be asked. */
  readonly image?: InspectImage;
}

/** The same files, on a machine whose engine may be asked about images. */
export function withImages(files: WorkspaceFiles, image: InspectImage): WorkspaceFiles {
  return { ...forwarded(files), image };
}

/** All that the files answer, to be put over with other answers. */
export function forwarded(files: WorkspaceFiles): WorkspaceFiles {
  const { isLink, image } = files;
  return {
    read: (path) => files.read(path),
    folders: (path) => files.folders(path),
    ...(isLink && { isLink: (path) => isLink(path) }),
    ...(image && { image }),
  };
}
