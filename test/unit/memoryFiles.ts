import type { WorkspaceFiles } from '../../src/sources/workspace/files.js';

/**
 * A workspace folder held in memory, by path.
 * @param links paths at which there is a symbolic link, whose texts are among the files or not
 */
export function memoryFiles(files: Readonly<Record<string, string>>, links: readonly string[] = []): WorkspaceFiles {
  return {
    isLink: (path) => Promise.resolve(links.includes(path)),
    read: (path) => {
      if (path.split('/').includes('..')) return Promise.resolve({ kind: 'outside' });
      const text = files[path];
      if (text !== undefined) return Promise.resolve({ kind: 'text', text });
      const isFolder = Object.keys(files).some((file) => file.startsWith(`${path}/`));
      return Promise.resolve(isFolder ? { kind: 'unreadable', reason: 'it is a folder' } : { kind: 'missing' });
    },
    folders: (path) => {
      const prefix = path === '' ? '' : `${path}/`;
      const below = Object.keys(files)
        .filter((file) => file.startsWith(prefix))
        .map((file) => file.slice(prefix.length).split('/'));
      return Promise.resolve([...new Set(below.filter((parts) => parts.length > 1).map(([folder = '']) => folder))]);
    },
  };
}
