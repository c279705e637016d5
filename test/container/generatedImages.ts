import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { known, type Container } from '../../src/model/container/container.js';
import type { Place } from '../../src/model/place.js';
import { docker } from './docker.js';

/** What is in the image: which Debian, and which bubblewrap of the distribution's. */
export const IMAGES = ['12-none', '12-plain', '12-setuid', '13-none', '13-plain', '13-setuid'] as const;

type Image = (typeof IMAGES)[number];

/** What `bwrap --version` says in the images, by Debian's version. */
export type Versions = Readonly<Record<string, string>>;

const nameOf = (image: string): string => `codex-sandbox-check-${process.pid}:generated-${image}`;

/** Builds the images; removeImages (images.ts) takes them away again. */
export async function buildImages(): Promise<Versions> {
  const folder = mkdtempSync(join(tmpdir(), 'codex-sandbox-check-generated-'));
  try {
    // One after the other: they share the layer that takes long.
    for (const image of IMAGES) await build(image, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const version = async (debian: string): Promise<readonly [string, string]> => {
    const printed = await docker('run', '--rm', nameOf(`${debian}-plain`), 'bwrap', '--version');
    return [debian, printed.replace('bubblewrap ', '')];
  };
  return Object.fromEntries(await Promise.all(['12', '13'].map(version)));
}

async function build(image: Image, folder: string): Promise<void> {
  const [debian = '', bwrap] = image.split('-');
  const lines = [
    `FROM debian:${debian}`,
    'RUN useradd --create-home --uid 1000 vscode',
    ...(bwrap === 'none' ? [] : ['RUN apt-get update && apt-get install -y --no-install-recommends bubblewrap']),
    ...(bwrap === 'setuid' ? ['RUN chmod u+s /usr/bin/bwrap'] : []),
  ];
  const file = join(folder, 'Dockerfile');
  writeFileSync(file, `${lines.join('\n')}\n`);
  await docker('build', '--quiet', '--network=host', '--file', file, '--tag', nameOf(image), folder);
}

/** An image as the model sees it. @param place the line that installs bubblewrap, by which it can be taken out again */
export function imageOf(image: Image, versions: Versions, place: Place): Pick<Container, 'distro' | 'bwrap'> {
  const [debian = '', bwrap] = image.split('-');
  return {
    distro: known({ id: 'debian', version: debian }),
    bwrap:
      bwrap === 'none'
        ? { presence: known('absent'), setuid: known(false), version: known('') }
        : {
            presence: known('present', place),
            setuid: bwrap === 'setuid' ? known(true, place) : known(false),
            version: known(versions[debian] ?? ''),
          },
  };
}

/** The name of the image that has what the model says of a container. */
export function imageFor({ distro, bwrap }: Container): string {
  const kind = bwrap.presence.value !== 'present' ? 'none' : bwrap.setuid.value === true ? 'setuid' : 'plain';
  return nameOf(`${distro.value?.version ?? ''}-${kind}`);
}
