import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { atEnd } from '../run/lifetime.js';
import { cache } from '../run/project.js';
import { docker, ensureDocker } from './docker.js';
import { run, succeed } from './process.js';

/** The images that samples are built from, with the name of the Debian release that debootstrap knows. */
const RELEASES = { 'debian:12': 'bookworm', 'debian:13': 'trixie', 'debian:sid': 'sid' } as const;

type Base = keyof typeof RELEASES;

const images = new Map<Base, Promise<void>>();

/**
 * Sees to it that debian:12 and debian:13 are there: as they are, else made with debootstrap from Debian's packages (no
 * registry needed), else pulled. The machine's own Docker loses again what it got here.
 */
export async function ensureBaseImages(): Promise<void> {
  await ensure('debian:12');
  await ensure('debian:13');
}

/** The same for debian:sid. Unstable may be broken for a day, which is no matter of the tests that do without. */
export function ensureUnstable(): Promise<void> {
  return ensure('debian:sid');
}

function ensure(tag: Base): Promise<void> {
  const image = images.get(tag) ?? make(tag);
  images.set(tag, image);
  return image;
}

async function make(tag: Base): Promise<void> {
  const daemon = await ensureDocker();
  if ((await run('docker', ['image', 'inspect', tag])).status === 0) return;
  await obtain(tag, RELEASES[tag]);
  if (daemon === 'of-the-machine') atEnd(() => remove(tag));
}

/** An image that something else uses by now stays: Docker refuses. */
async function remove(tag: string): Promise<void> {
  await run('docker', ['rmi', tag]);
}

async function obtain(tag: string, release: string): Promise<void> {
  const archive = join(cache, 'rootfs', `${tag.replace(':', '-')}.tar`);
  if (!existsSync(archive)) {
    const problem = await debootstrap(archive, release).then(
      () => undefined,
      (error: unknown) => String(error),
    );
    if (problem !== undefined) {
      const pulled = await run('docker', ['pull', tag]);
      if (pulled.status === 0) return;
      throw new Error(`${tag} can neither be made nor pulled:\n${problem}\n${pulled.stderr}`);
    }
  }
  await docker('import', archive, tag);
}

/** Installs a minimal Debian into a folder and packs it; the archive appears whole or not at all. */
async function debootstrap(archive: string, release: string): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('debootstrap needs root.');
  console.log(`Making ${archive} with debootstrap (once, about half a minute) …`);
  const folder = `${archive}.unfinished-${process.pid}`;
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  atEnd(remove);
  mkdirSync(folder, { recursive: true });
  try {
    await succeed('debootstrap', ['--variant=minbase', release, join(folder, 'root')]);
    // Unstable's lists expire after a week, and some mirrors lag behind by more.
    writeFileSync(join(folder, 'root/etc/apt/apt.conf.d/lagging-mirror'), 'Acquire::Check-Valid-Until "false";\n');
    await succeed('tar', ['-C', join(folder, 'root'), '-cf', join(folder, 'root.tar'), '.']);
    renameSync(join(folder, 'root.tar'), archive);
  } finally {
    await remove();
  }
}
