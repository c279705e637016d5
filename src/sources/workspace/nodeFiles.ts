import { constants, type Stats } from 'node:fs';
import { lstat, open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { MAX_FILE_BYTES, type FileText, type WorkspaceFiles } from './files.js';

/** Whether an absolute path is the folder or lies below it. Both as realpath gives them, or both not resolved. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function failure(error: unknown): FileText {
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { kind: 'missing' };
    case 'EACCES':
    case 'EPERM':
      return { kind: 'unreadable', reason: 'there is no permission to read it' };
    case 'ELOOP':
      return { kind: 'unreadable', reason: 'its symbolic links form a circle' };
    default:
      return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** What a thing that is no regular file is, for people. */
function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'it is a folder';
  if (stats.isFIFO()) return 'it is a pipe';
  if (stats.isSocket()) return 'it is a socket';
  return 'it is a device';
}

/** Reads a regular file without links in its path, never more than the limit and one byte of it. */
async function readRegular(path: string): Promise<FileText> {
  // Opening a pipe waits for a writer and opening a device can do things: look first, and do not wait if it was swapped.
  const before = await lstat(path);
  if (!before.isFile()) return { kind: 'unreadable', reason: kindOf(before) };
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) return { kind: 'unreadable', reason: kindOf(stats) };
    if (stats.size > MAX_FILE_BYTES) return { kind: 'too-large', bytes: stats.size };
    const buffer = Buffer.alloc(MAX_FILE_BYTES + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
      length += bytesRead;
      // The files of /proc and files that grow hold more than their size says.
      if (length > MAX_FILE_BYTES) return { kind: 'too-large', bytes: length };
      if (bytesRead === 0) break;
    }
    // Like the editor: bytes that are no UTF-8 become U+FFFD, a byte order mark is no part of the text.
    const content = buffer.subarray(0, length);
    const text = new TextDecoder('utf-8').decode(content);
    return { kind: 'text', text, ...(content.indexOf('\uFEFF') === 0 ? { byteOrderMark: true } : {}) };
  } finally {
    await handle.close();
  }
}

/**
 * The files of a folder on this machine.
 * @param folder the workspace folder, absolute; a symbolic link in it is followed, the links below must stay below
 * @param boundary what may be read: the folder itself, or one above it, as a repository is above its packages
 */
export function nodeFiles(folder: string, boundary: string = folder): WorkspaceFiles {
  /** The path without links; undefined when it leads out of the boundary, which is found before the file system is asked. */
  async function inside(path: string): Promise<string | undefined> {
    const lexical = resolve(folder, path);
    if (!isInside(resolve(boundary), lexical)) return undefined;
    const [root, real] = await Promise.all([realpath(boundary), realpath(lexical)]);
    return isInside(root, real) ? real : undefined;
  }

  return {
    async read(path) {
      try {
        const real = await inside(path);
        return real === undefined ? { kind: 'outside' } : await readRegular(real);
      } catch (error) {
        return failure(error);
      }
    },

    async folders(path) {
      let real: string | undefined;
      let names: readonly string[];
      try {
        real = await inside(path);
        if (real === undefined) return [];
        names = await readdir(real);
      } catch {
        // By contract no such folder, and one that cannot be listed, is an empty one.
        return [];
      }
      const base = real;
      const found = await Promise.all(
        names.map(async (name) => {
          const target = await inside(resolve(base, name)).catch(() => undefined);
          return target !== undefined && (await stat(target)).isDirectory() ? [name] : [];
        }),
      );
      return found.flat().sort();
    },

    async isLink(path) {
      const lexical = resolve(folder, path);
      try {
        // The link itself is looked at, where its folder really is.
        const parent = await inside(dirname(lexical));
        return parent !== undefined && (await lstat(join(parent, basename(lexical)))).isSymbolicLink();
      } catch {
        return false;
      }
    },
  };
}
