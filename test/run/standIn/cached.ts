import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cache } from '../project.js';
import { atEnd } from '../lifetime.js';

/** Whether the folder of this name has been prepared. */
export function isCached(name: string): boolean {
  return existsSync(join(cache, name));
}

/**
 * A folder in the cache, prepared once. It appears whole or not at all: it is filled under another name and renamed, so
 * that a run that is broken off leaves nothing half done and of two runs at once one wins.
 */
export async function cached(name: string, prepare: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const unfinished = await mkdtemp(`${folder}.unfinished-`);
  atEnd(() => rm(unfinished, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  await prepare(unfinished);
  try {
    await rename(unfinished, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
