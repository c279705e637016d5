import * as vscode from 'vscode';
import { forwarded, MAX_FILE_BYTES, type FileText, type WorkspaceFiles } from '../sources/workspace/files.js';
import { resolvePath } from '../sources/text/paths.js';
import { contains, openDocument, uriOf } from './paths.js';

/** The files of a workspace folder on this machine's disk, where there is one: sees where symbolic links lead. */
export type DiskFiles = (folder: string, boundary: string) => WorkspaceFiles;

/**
 * The files of a workspace folder as the user sees them: what is typed and not yet saved counts.
 * @param disk left out in a browser, which has no disk
 * @param boundary what may be read: the folder itself, or the open folder that it is a part of
 */
export function workspaceFiles(
  folder: vscode.Uri,
  disk: DiskFiles | undefined,
  boundary: vscode.Uri = folder,
): WorkspaceFiles {
  const onDisk = disk !== undefined && folder.scheme === 'file';
  const stored = onDisk ? disk(folder.fsPath, boundary.fsPath) : storedFiles(folder, boundary);
  return {
    ...forwarded(stored),
    async read(path) {
      const answer = await stored.read(path);
      // A link that leads out stays unread, whatever the editor shows of it.
      if (answer.kind === 'outside') return answer;
      const document = openDocument(uriOf(folder, path));
      // The editor keeps showing a file that was deleted; only unsaved changes make it exist again.
      if (document === undefined || (answer.kind === 'missing' && !document.isDirty)) return answer;
      // Its text never has the mark, wherever the file has one; its encoding says whether the file is saved with it.
      return limited(document.getText(), document.encoding === 'utf8bom');
    },
  };
}

/** Through VS Code's file systems: vscode.dev, virtual workspaces. Their links cannot be resolved, nor lead to a disk. */
function storedFiles(folder: vscode.Uri, boundary: vscode.Uri): WorkspaceFiles {
  return {
    async read(path) {
      const resolved = resolvePath('', path);
      if (resolved.kind !== 'inside') return { kind: 'outside' };
      const uri = uriOf(folder, resolved.path);
      if (!contains(boundary, uri)) return { kind: 'outside' };
      try {
        const { type, size } = await vscode.workspace.fs.stat(uri);
        if ((type & vscode.FileType.File) === 0) return { kind: 'unreadable', reason: 'it is not a regular file' };
        if (size > MAX_FILE_BYTES) return { kind: 'too-large', bytes: size };
        const bytes = await vscode.workspace.fs.readFile(uri);
        if (bytes.length > MAX_FILE_BYTES) return { kind: 'too-large', bytes: bytes.length };
        return textOf(
          new TextDecoder().decode(bytes),
          MARK.every((byte, at) => bytes[at] === byte),
        );
      } catch (error) {
        if (isNotFound(error)) return { kind: 'missing' };
        return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) };
      }
    },
    async folders(path) {
      try {
        const entries = await vscode.workspace.fs.readDirectory(uriOf(folder, path));
        return entries.filter(([, type]) => (type & vscode.FileType.Directory) !== 0).map(([name]) => name);
      } catch {
        // By contract no such folder, and one that cannot be listed, is an empty one.
        return [];
      }
    },
    async isLink(path) {
      const resolved = resolvePath('', path);
      if (resolved.kind !== 'inside') return false;
      const uri = uriOf(folder, resolved.path);
      if (!contains(boundary, uri)) return false;
      try {
        return ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.SymbolicLink) !== 0;
      } catch {
        return false;
      }
    },
  };
}

function isNotFound(error: unknown): boolean {
  return (
    error instanceof vscode.FileSystemError && (error.code === 'FileNotFound' || error.code === 'FileNotADirectory')
  );
}

/** The byte order mark in UTF-8. */
const MARK = [0xef, 0xbb, 0xbf];

function textOf(text: string, byteOrderMark: boolean): FileText {
  return { kind: 'text', text, ...(byteOrderMark && { byteOrderMark }) };
}

function limited(text: string, byteOrderMark: boolean): FileText {
  const bytes = new TextEncoder().encode(text).length;
  return bytes > MAX_FILE_BYTES ? { kind: 'too-large', bytes } : textOf(text, byteOrderMark);
}

/** The same files, remembering which ones were asked for, whether they exist or not. */
export function recording(files: WorkspaceFiles, asked: Set<string>): WorkspaceFiles {
  const { isLink } = files;
  return {
    ...forwarded(files),
    read(path) {
      asked.add(path);
      return files.read(path);
    },
    ...(isLink && {
      isLink: (path: string) => {
        asked.add(path);
        return isLink(path);
      },
    }),
  };
}
