import type { Distro } from '../../model/container/container.js';

/** Releases by codename, as in /etc/os-release (VERSION_CODENAME, VERSION_ID). */
const CODENAMES: Readonly<Record<string, Distro>> = {
  buster: { id: 'debian', version: '10' },
  bullseye: { id: 'debian', version: '11' },
  bookworm: { id: 'debian', version: '12' },
  trixie: { id: 'debian', version: '13' },
  forky: { id: 'debian', version: '14' },
  testing: { id: 'debian', version: '14' },
  // It has no number, and never a bubblewrap that is older than what packagedBwrap says of it.
  sid: { id: 'debian', version: 'sid' },
  unstable: { id: 'debian', version: 'sid' },
  bionic: { id: 'ubuntu', version: '18.04' },
  focal: { id: 'ubuntu', version: '20.04' },
  jammy: { id: 'ubuntu', version: '22.04' },
  noble: { id: 'ubuntu', version: '24.04' },
  questing: { id: 'ubuntu', version: '25.10' },
  resolute: { id: 'ubuntu', version: '26.04' },
};

/**
 * The distribution that a tag names: a codename (`3.12-slim-bookworm`), or a distribution with its number (`debian-12`,
 * `ubuntu24.04`, `alpine3.20`). `floating` tags name one without its release, for instance `alpine`.
 */
export function distroOfTag(tag: string): Distro | undefined {
  for (const token of tag.toLowerCase().split('-')) {
    const codename = Object.hasOwn(CODENAMES, token) ? CODENAMES[token] : undefined;
    if (codename) return codename;
  }
  const numbered = /(?:^|-)(debian|ubuntu|alpine|fedora)-?(\d+(?:\.\d+)?)?(?=$|[-.])/.exec(tag.toLowerCase());
  return numbered?.[1] === undefined ? undefined : { id: numbered[1], version: releaseOf(numbered[1], numbered[2]) };
}

/** The release that a distribution's own tag says: `debian:12.9-slim`, `ubuntu:24.04`, `alpine:3.20.3`, `fedora:44`. */
export function distroOfOwnTag(id: string, tag: string): Distro {
  const named = distroOfTag(tag);
  if (named?.id === id) return named;
  const number = /^(\d+(?:\.\d+)?)/.exec(tag)?.[1];
  return { id, version: releaseOf(id, number) };
}

function releaseOf(id: string, number: string | undefined): string | undefined {
  if (number === undefined) return undefined;
  if (id === 'debian' || id === 'fedora') return number.split('.')[0];
  // `alpine:3` and `ubuntu:24` float or do not exist.
  return number.includes('.') ? number : undefined;
}
