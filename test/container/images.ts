import { atEnd } from '../run/lifetime.js';
import { docker, dockerLines, ensureDocker } from './docker.js';

/**
 * How the images of this process are named: by the dev container CLI after the workspace folder, which therefore ends in
 * this process's number, and by nameImage.
 */
const OURS = [`vsc-*-${process.pid}-*`, `codex-sandbox-check-${process.pid}`];

atEnd(removeImages);

/** The instructions that made an image, without the label in which the dev container CLI notes the container's options. */
async function instructions(image: string): Promise<string> {
  const lines = await dockerLines('history', '--no-trunc', '--format', '{{.CreatedBy}}', image);
  return lines.filter((line) => !line.includes('devcontainer.metadata')).join('\n');
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

/** Gives an image a second name, which nothing else takes away from it; returns the name. */
export async function nameImage(image: string, tag: string): Promise<string> {
  const name = `codex-sandbox-check-${process.pid}:${tag}`;
  await docker('tag', image, name);
  return name;
}

/**
 * Removes the images that this process has built. Not sooner than all have been: many share layers. In a Docker of our
 * own the layers stay, for the next run.
 */
export async function removeImages(): Promise<void> {
  const filters = OURS.flatMap((name) => ['--filter', `reference=${name}`]);
  const images = await dockerLines('images', '--format', '{{.Repository}}:{{.Tag}}', ...filters);
  if (images.length === 0) return;
  const prune = (await ensureDocker()) === 'own' ? ['--no-prune'] : [];
  await docker('rmi', '--force', ...prune, ...images);
}
