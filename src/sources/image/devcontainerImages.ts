import type { Distro } from '../../model/container/container.js';
import { compareVersions } from '../../model/versions.js';
import table from '../data/devcontainerImages.json' with { type: 'json' };

/** What the releases of one mcr.microsoft.com/devcontainers image tell (data/NOTICE.md). */
export interface ImageFamily {
  /** The last release before bubblewrap came in; of several series of releases under one name that of the lowest number. */
  readonly lastWithoutBubblewrap?: string;
  /** Tags that do not name their distribution, without the release's number: from which release on they are which. */
  readonly tags: Readonly<Record<string, readonly (readonly [since: string, distro: string])[]>>;
}

const FAMILIES = table.images as unknown as Readonly<Record<string, ImageFamily>>;

/** Of which day the table is: that of the newest change that it knows. `npm run drift` names it when it is too old. */
export const DEVCONTAINER_IMAGES_DATE: string = table.date;

/** The distribution of a tag that does not name it, such as `3.12`, `1-3.12`, `2` or `latest`; undefined: the table does not know. */
export function distroOfDevcontainerTag(name: string, tag: string): Distro | undefined {
  const family = Object.hasOwn(FAMILIES, name) ? FAMILIES[name] : undefined;
  if (!family) return undefined;
  for (const { release, rest } of readings(tag)) {
    const changes = Object.hasOwn(family.tags, rest) ? family.tags[rest] : undefined;
    const distro = changes?.findLast(([since]) => release === undefined || isUpTo(since, release))?.[1];
    const [id, version] = distro?.split(':') ?? [];
    if (id !== undefined) return { id, version };
  }
  return undefined;
}

/** Whether the tag picks a release from before bubblewrap came in. A tag that moves on does not. */
export function isBeforeBubblewrap(name: string, tag: string): boolean {
  const family = Object.hasOwn(FAMILIES, name) ? FAMILIES[name] : undefined;
  const last = family?.lastWithoutBubblewrap;
  if (family === undefined || last === undefined) return false;
  const [, release, rest = ''] = /^(\d+(?:\.\d+){0,2})(?:-(.*))?$/.exec(tag) ?? [];
  if (release === undefined) return false;
  // `go:1` and `go:1-bookworm` begin with the language's version, `go:1-1.24-bookworm` with the image's release.
  if (Object.hasOwn(family.tags, release) && !/^\d/.test(rest)) return false;
  return isUpTo(newest(release), last);
}

/** A tag may begin with the release of the image: `1-3.12`, `2.1.3-trixie`; the whole of it goes first. */
function readings(tag: string): readonly { readonly release: string | undefined; readonly rest: string }[] {
  const [, release, rest = ''] = /^(\d+(?:\.\d+){0,2})(?:-(.*))?$/.exec(tag) ?? [];
  return [{ release: undefined, rest: tag }, ...(release === undefined ? [] : [{ release: newest(release), rest }])];
}

function newest(release: string): string {
  return [...release.split('.'), '99999', '99999'].slice(0, 3).join('.');
}

function isUpTo(version: string, limit: string): boolean {
  return compareVersions(version, limit) <= 0;
}
