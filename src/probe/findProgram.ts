import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { holds } from './boundary.js';
import { realOf } from './boundary.js';

async function executable(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.X_OK);
    const real = await realpath(path);
    return (await stat(real)).isFile() ? real : undefined;
  } catch {
    // Not there, or not ours to run: the next folder may have it.
    return undefined;
  }
}

/**
 * The first program of that name on PATH outside all workspace folders, with links resolved; undefined if there is none. Empty and
 * relative entries of PATH are ignored: they mean the current folder.
 * @param workspaces the folders from which nothing is run (boundary.ts)
 * @param path the value of PATH
 */
export async function findProgram(
  name: string,
  workspaces: readonly string[],
  path: string,
  platform: NodeJS.Platform = process.platform,
): Promise<string | undefined> {
  const folders = [...workspaces, ...(await Promise.all(workspaces.map(realOf)))];
  const file = platform === 'win32' ? `${name}.exe` : name;
  for (const entry of path.split(delimiter)) {
    if (!isAbsolute(entry)) continue;
    const found = join(entry, file);
    const real = await executable(found);
    if (real === undefined) continue;
    // As it is written, too: a link in the workspace may lead elsewhere now, and back when the program is started.
    const places = [found, await realOf(entry), real];
    const inside = places.some((place) => folders.some((folder) => holds(folder, place)));
    // Under the name that it was asked by: programs such as busybox act by it.
    if (!inside) return found;
  }
  return undefined;
}
