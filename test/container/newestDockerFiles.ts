import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cache } from '../run/project.js';
import { cached } from '../run/standIn/cached.js';
import { ensureUnstable } from './baseImages.js';
import { docker } from './docker.js';
import { exportImage, nameOfImage } from './images.js';

/** Below the cache folder. */
const FOLDER = 'engine';

/** Debian's unstable suite with its Docker. iptables is there because dockerd looks for it, whatever it is told. */
const DOCKERFILE = `FROM debian:sid
RUN apt-get update && \\
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends docker.io docker-cli iptables && \\
    rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb
`;

/**
 * The file system of the newest Docker: that of Debian's unstable suite, which has had each release sooner or later. It is made
 * anew every month and kept in the cache folder (700 MB).
 * @throws Error when the packages cannot be had: no test may take an older one for it
 */
export async function newestDockerFiles(): Promise<string> {
  await ensureUnstable();
  const name = `docker-${new Date().toISOString().slice(0, 'YYYY-MM'.length)}`;
  const folder = await cached(`${FOLDER}/${name}`, make);
  for (const other of readdirSync(join(cache, FOLDER))) {
    if (/^docker-\d{4}-\d{2}$/.test(other) && other < name) {
      await rm(join(cache, FOLDER, other), { recursive: true, force: true });
    }
  }
  return folder;
}

async function make(folder: string): Promise<void> {
  console.log('Installing the newest Docker from Debian’s unstable suite (once a month, about a minute) …');
  const context = mkdtempSync(join(tmpdir(), 'newest-docker-files-'));
  const image = nameOfImage('newest-docker');
  writeFileSync(join(context, 'Dockerfile'), DOCKERFILE);
  await docker('build', '--quiet', '--network=host', '--tag', image, context);
  await rm(context, { recursive: true });
  await exportImage(image, folder);
  await docker('rmi', '--force', image);
}
