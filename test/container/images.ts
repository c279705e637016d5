import { mkdirSync } from 'node:fs';
import { atEnd } from '../run/lifetime.js';
import { docker, dockerLines, ensureDocker } from './docker.js';
import { run, succeed } from './process.js';

/** What names of this process begin with: those that nameImage gives, and those of Compose projects (devcontainer.ts). */
export const OUR_NAME = `codex-sandbox-check-${process.pid}`;

/**
 * How the images of this process are named: by the dev container CLI after the workspace folder, which therefore ends in
 * this process's number, by nameImage, and by Compose after its project.
 */
const OURS = [`vsc-*-${process.pid}-*`, OUR_NAME, `${OUR_NAME}-*`];

/** In which the dev container CLI hands Features to a build without BuildKit; it leaves it behind. */
const FEATURES = 'dev_container_feature_content_temp';

atEnd(removeImages);

/**
 * The instructions that made an image, without the label in which the dev container CLI notes the container's options, and
 * without the sum over a Feature's files: of these a fix changes only the metadata, which the label has as well.
 */
async function instructions(image: string): Promise<string> {
  const lines = await dockerLines('history', '--no-trunc', '--format', '{{.CreatedBy}}', image);
  return lines
    .filter((line) => !line.includes('devcontainer.metadata'))
    .map((line) => (line.includes('features') ? line.replace(/(dir|file|multi):[0-9a-f]{64}/g, '$1') : line))
    .join('\n');
}

/** Whether one image is the other with something taken out of its instructions, or the same. */
export async function isWithin(image: string, other: string): Promise<boolean> {
  const rest = await instructions(other);
  let from = 0;
  for (const character of await instructions(image)) {
    const at = rest.indexOf(character, from);
    if (at === -1) return false;
    from = at + character.length;
  }
  return true;
}

/** The name of an image that this process builds, by which removeImages finds it. */
export function nameOfImage(tag: string): string {
  return `${OUR_NAME}:${tag}`;
}

/** Unpacks the file system of an image into a folder, which is made. */
export async function exportImage(image: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const made = await docker('create', image, 'true');
  await succeed('sh', ['-c', 'docker export "$1" | tar -x -C "$2"', 'sh', made, folder]);
  await docker('rm', made);
}

/** Gives an image a second name, which nothing else takes away from it; returns the name. */
export async function nameImage(image: string, tag: string): Promise<string> {
  const name = nameOfImage(tag);
  await docker('tag', image, name);
  return name;
}

/**
 * Removes the images that this process has built. Not sooner than all have been: many share layers. In a Docker of our
 * own the layers stay, for the next run.
 */
export async function removeImages(): Promise<void> {
  const filters = [...OURS, FEATURES].flatMap((name) => ['--filter', `reference=${name}`]);
  const images = await dockerLines('images', '--format', '{{.Repository}}:{{.Tag}}', ...filters);
  if (images.length === 0) return;
  const isOwn = (await ensureDocker()) === 'own';
  await docker('rmi', '--force', ...(isOwn ? ['--no-prune'] : []), ...images);
  if (!isOwn) await removeFeatureStages();
}

/** Without BuildKit the stages of a build with Features stay behind without a name; those made since this process began. */
async function removeFeatureStages(): Promise<void> {
  const began = Date.now() - process.uptime() * 1000;
  for (const image of await dockerLines('images', '--quiet', '--filter', 'dangling=true')) {
    const { status, stdout } = await run('docker', ['image', 'inspect', '--format', '{{.Created}}', image]);
    // A stage of another's build may be gone by now.
    if (status !== 0 || Date.parse(stdout.trim()) < began) continue;
    const made = await instructions(image).catch(() => '');
    if (made.includes(' in /tmp/build-features/')) await run('docker', ['rmi', image]);
  }
}
