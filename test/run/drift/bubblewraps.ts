import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { docker } from '../../container/docker.js';
import { nameOfImage } from '../../container/images.js';
import { succeed } from '../../container/process.js';
import { cached } from '../standIn/cached.js';
import { downloadPackages } from './apt.js';

/** What a container needs beside bubblewrap for Codex's sandbox to be started in it and watched. */
const PACKAGES = ['strace', 'dash', 'coreutils', 'base-files'];

/**
 * A file system with the bubblewrap of a suite and the libraries of that suite, kept in the cache folder by the package's version:
 * its packages unpacked, without what installing them would do.
 * @returns a tar archive
 */
async function fileSystemWith(suite: string, version: string): Promise<string> {
  const folder = await cached(`drift/bubblewrap-${version}`, async (into) => {
    console.log(`Downloading bubblewrap ${version} of ${suite} …`);
    const packages = join(into, 'packages');
    const root = join(into, 'root');
    // By its version: it may be one of the suite's updates.
    await downloadPackages(suite, [`bubblewrap=${version}`, ...PACKAGES], packages);
    mkdirSync(root);
    // It has the links that newer releases have in the place of folders.
    const archives = readdirSync(packages).filter((name) => name.endsWith('.deb'));
    const isFirst = (name: string): number => (name.startsWith('base-files_') ? 0 : 1);
    for (const name of archives.sort((a, b) => isFirst(a) - isFirst(b))) {
      await succeed('dpkg-deb', ['--extract', join(packages, name), root]);
    }
    if (!existsSync(join(root, 'bin/sh'))) symlinkSync('dash', join(root, 'bin/sh'));
    await succeed('tar', ['-C', root, '-cf', join(into, 'root.tar'), '.']);
    await rm(root, { recursive: true });
    await rm(packages, { recursive: true });
  });
  return join(folder, 'root.tar');
}

/** Gives Docker an image with the bubblewrap of a suite. @returns its name */
export async function imageWith(suite: string, version: string): Promise<string> {
  const name = nameOfImage(`drift-${version.replace(/[^\w.-]/g, '_')}`);
  await docker('import', await fileSystemWith(suite, version), name);
  return name;
}

/** The same image without its bubblewrap. */
export async function imageWithout(image: string): Promise<string> {
  const name = nameOfImage('drift-without');
  const made = await docker('create', image, 'true');
  await succeed('sh', [
    '-c',
    'docker export "$1" | tar --delete usr/bin/bwrap | docker import - "$2"',
    'sh',
    made,
    name,
  ]);
  await docker('rm', made);
  return name;
}
