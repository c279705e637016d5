/**
 * Makes devcontainerImages.json: `node --import tsx test/run/generateImages.ts FOLDER`, where FOLDER is a clone of
 * devcontainers/images with its history.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'jsonc-parser';
import { format, resolveConfig } from 'prettier';
import { compareVersions } from '../../src/model/versions.js';
import type { ImageFamily } from '../../src/sources/image/devcontainerImages.js';
import { distroOfTag } from '../../src/sources/image/distros.js';

/** The day before common-utils 2.5.8, which installs bubblewrap, was published. */
const BEFORE_BUBBLEWRAP = '2026-05-12T23:59:59Z';

interface Manifest {
  readonly version?: string;
  readonly variants?: readonly string[];
  readonly build?: {
    readonly latest?: boolean | string;
    readonly tags?: readonly string[];
    readonly variantTags?: Readonly<Record<string, readonly string[]>>;
  };
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: generateImages.ts FOLDER');

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}

/** NAME → tag without version → [version, variant] of every release, oldest first. */
const found = new Map<string, Map<string, (readonly [string, string])[]>>();
const without = new Map<string, string>();

for (const path of git('ls-tree', '-r', '--name-only', 'HEAD', 'src/').split('\n')) {
  if (!/^src\/[^/]+\/manifest\.json$/.test(path)) continue;
  const releases = new Map<string, Manifest>();
  // Newest first: what a version was released with is the last that stands under its number.
  for (const commit of git('log', '--format=%H', '--', path).split('\n')) {
    const manifest = parse(git('show', `${commit}:${path}`)) as Manifest;
    if (manifest.version !== undefined && !releases.has(manifest.version)) releases.set(manifest.version, manifest);
  }
  const before = git('log', '-1', `--before=${BEFORE_BUBBLEWRAP}`, '--format=%H', '--', path);
  const last = before === '' ? undefined : (parse(git('show', `${before}:${path}`)) as Manifest).version;
  for (const [version, manifest] of [...releases].sort(([a], [b]) => compareVersions(a, b))) {
    for (const variant of manifest.variants ?? ['']) {
      const { tags = [], variantTags = {}, latest } = manifest.build ?? {};
      const all = [...tags, ...(variantTags[variant] ?? [])];
      // `latest` stands for no tag at all.
      if (latest === variant) all.push(`${tags[0]?.split(':')[0] ?? ''}:latest`);
      for (const tag of all) {
        const [name = '', written = ''] = tag.split(':');
        const bare = written.replace(/\$\{VERSION\}-?/, '').replace(/\$\{?VARIANT\}?/, variant);
        if (last !== undefined && !without.has(`${path} ${name}`)) without.set(`${path} ${name}`, `${name} ${last}`);
        if (distroOfTag(bare)?.version !== undefined || variant === '') continue;
        const releasesOfTag = found.get(name) ?? new Map<string, (readonly [string, string])[]>();
        found.set(name, releasesOfTag);
        const entries = releasesOfTag.get(bare) ?? [];
        releasesOfTag.set(bare, entries);
        // Several variants may claim one tag; of one release the first is the one that is meant.
        if (entries.at(-1)?.[0] !== version) entries.push([version, variant]);
      }
    }
  }
}

function changes(entries: readonly (readonly [string, string])[]): ImageFamily['tags'][string] {
  const named = entries.flatMap(([version, variant]) => {
    const distro =
      distroOfTag(variant) ?? (/^\d+\.\d+$/.test(variant) ? { id: 'alpine', version: variant } : undefined);
    return distro?.version === undefined ? [] : [[version, `${distro.id}:${distro.version}`] as const];
  });
  return named.filter(([, distro], index) => index === 0 || named[index - 1]?.[1] !== distro);
}

const images: Record<string, ImageFamily> = {};
for (const [name, tags] of [...found].sort()) {
  const lasts = [...without.values()].filter((v) => v.startsWith(`${name} `)).map((v) => v.slice(name.length + 1));
  const [lastWithout] = lasts.sort(compareVersions);
  images[name] = {
    ...(lastWithout !== undefined && { lastWithoutBubblewrap: lastWithout }),
    tags: Object.fromEntries([...tags].map(([tag, entries]) => [tag, changes(entries)])),
  };
}
const [commit = '', date = ''] = git('log', '-1', '--format=%h %cs').split(' ');
const output = fileURLToPath(new URL('../../src/sources/data/devcontainerImages.json', import.meta.url));
const options = await resolveConfig(output);
writeFileSync(output, await format(JSON.stringify({ commit, date, images }), { ...options, parser: 'json' }));
