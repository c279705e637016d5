import { packagedBwrap } from '../model/bwrap.js';
import { known, unknown, type Bwrap, type CodexInstall, type Distro, type Sourced } from '../model/container.js';
import type { Place } from '../model/place.js';
import { ABSENT } from './applyEffects.js';
import type { ImageFacts, ImageMetadata } from './image.js';
import { distroOfOwnTag, distroOfTag } from './imageDistros.js';
import { imageReference } from './imageReference.js';

/** What the table says of an image. */
interface TableEntry {
  /** How a tag names the distribution. `why` for what the tag leaves open, in words that complete "It is not known … because". */
  distro(tag: string): { readonly distro: Distro | undefined; readonly why?: string };
  /** The image's USER. */
  readonly user: string;
  /** Whether it comes without bubblewrap. `recent`: builds since May 2026 bring the distribution's, older ones none. */
  readonly bwrap: 'absent' | 'recent' | 'unknown';
  readonly metadata: ImageMetadata;
}

/**
 * What is known of a public image from its name and tag, every value placed at the reference.
 * An image that the table does not hold, and one that a digest alone picks, is unknown as far as need be; `why` says so. Never throws.
 *
 * Where the table is from: [M] measured on a file system of debootstrap (Debian 12 and 13: no bwrap, root); [S] read in
 * the sources of devcontainers/images, July 2026 (metadata, users); [R] as generally reported: the other official images
 * run as root and hold neither bubblewrap nor Codex, and what floating tags stand for.
 */
export function publicImage(reference: string, place: Place): ImageFacts {
  const { name, tag } = imageReference(reference);
  if (name === 'scratch') return scratch(place);
  const entry = entryOf(name);
  if (entry === undefined)
    return unknownImage(`the image ${name === '' ? reference : name} is not one that this program knows`, place);
  const { distro, why } =
    tag === undefined
      ? { distro: undefined, why: `${reference} is picked by a digest, which does not say its release` }
      : entry.distro(tag);
  const reason = why ?? `the tag ${tag ?? ''} of ${name} does not say it`;
  return {
    user: known(entry.user, place),
    distro: distroValue(distro, reason, place),
    bwrap: bwrapOf(entry, name, distro, place),
    codex: known(null, place),
    programs: [],
    metadata: entry.metadata,
  };
}

/** An image of which nothing is known; `why` completes "It is not known … because". */
export function unknownImage(why: string, ...places: readonly Place[]): ImageFacts {
  const nothing = <T>(): Sourced<T> => unknown<T>(why, ...places);
  return {
    user: nothing(),
    distro: nothing(),
    bwrap: { presence: nothing(), setuid: nothing(), version: nothing() },
    codex: nothing<CodexInstall | null>(),
    programs: [],
    metadata: {},
  };
}

/** devcontainers/features common-utils, of which the dev container images are made, installs bubblewrap since 2.5.8 (May 2026) [S]. */
function bwrapOf(entry: TableEntry, name: string, distro: Distro | undefined, place: Place): Bwrap {
  const nothing = unknownImage(`it is not known whether ${name} brings bubblewrap`, place).bwrap;
  switch (entry.bwrap) {
    case 'absent':
      return { ...ABSENT, presence: known('absent', place) };
    case 'unknown':
      return nothing;
    case 'recent': {
      const why = `${name} brings bubblewrap when it was built since May 2026, and none before`;
      const version = distro && packagedBwrap(distro.id, distro.version);
      return {
        presence: unknown(why, place),
        setuid: known(false, place),
        version: version === undefined ? nothing.version : known(version, place),
      };
    }
  }
}

/** A distribution whose release is open keeps the reason beside its value. */
function distroValue(distro: Distro | undefined, why: string, place: Place): Sourced<Distro> {
  if (distro === undefined) return unknown(why, place);
  return distro.version === undefined ? { value: distro, places: [place], why } : known(distro, place);
}

function scratch(place: Place): ImageFacts {
  return {
    ...unknownImage('the image is made from scratch', place),
    user: known('root', place),
    bwrap: { ...ABSENT, presence: known('absent', place) },
    codex: known(null, place),
  };
}

/** Tags that stand for another release as time goes by, as of November 2026 [R]. */
const FLOATING: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  debian: { latest: '13', stable: '13', 'stable-slim': '13', oldstable: '12', 'oldstable-slim': '12' },
  ubuntu: { latest: '26.04' },
};

/** A distribution's own image. */
function distribution(id: string, bwrap: TableEntry['bwrap'] = 'absent'): TableEntry {
  return {
    distro: (tag) => {
      const floating = FLOATING[id];
      const version = floating && Object.hasOwn(floating, tag) ? floating[tag] : undefined;
      return version === undefined
        ? { distro: distroOfOwnTag(id, tag), why: `the tag ${tag} of ${id} does not say which release it is` }
        : { distro: { id, version } };
    },
    user: 'root',
    bwrap,
    metadata: {},
  };
}

/** A language's official image: its tag names the distribution, or follows the newest release of `base`. */
function language(base: string | undefined): TableEntry {
  return {
    distro: (tag) => {
      const named = distroOfTag(tag);
      if (named) return { distro: named };
      const why = `the tag ${tag} names no distribution: it follows whichever the image is based on at the time`;
      return { distro: base === undefined ? undefined : { id: base, version: undefined }, why };
    },
    user: 'root',
    bwrap: 'absent',
    metadata: {},
  };
}

/** Tags of dev container images without a release, as of November 2026 [R: sandbox-facts 4]. */
const DEVCONTAINER_FLOATING: Readonly<Record<string, Distro>> = {
  debian: { id: 'debian', version: '13' },
  ubuntu: { id: 'ubuntu', version: '26.04' },
};

function devcontainer(base: string | undefined, metadata: ImageMetadata, user = 'root'): TableEntry {
  return {
    ...language(base),
    bwrap: 'recent',
    user,
    metadata,
    distro: (tag) => {
      // `1-debian` and `debian` float alike.
      const bare = tag.replace(/^(?:dev-)?(?:\d+(?:\.\d+)*-)?/, '');
      const floating = Object.hasOwn(DEVCONTAINER_FLOATING, bare) ? DEVCONTAINER_FLOATING[bare] : undefined;
      return floating ? { distro: floating } : language(base).distro(tag);
    },
  };
}

const VSCODE: ImageMetadata = { remoteUser: 'vscode' };
const NODE: ImageMetadata = { remoteUser: 'node' };
const DEBUGGED: ImageMetadata = { ...VSCODE, capAdd: ['SYS_PTRACE'], securityOpt: ['seccomp=unconfined'] };

/** mcr.microsoft.com/devcontainers/NAME: metadata and users [S: devcontainers/images src/NAME/.devcontainer, July 2026]. */
const DEVCONTAINERS: Readonly<Record<string, TableEntry>> = {
  base: devcontainer(undefined, VSCODE),
  python: devcontainer('debian', VSCODE),
  'javascript-node': devcontainer('debian', NODE),
  'typescript-node': devcontainer('debian', NODE),
  dotnet: devcontainer(undefined, VSCODE),
  java: devcontainer('debian', VSCODE),
  'java-8': devcontainer('debian', VSCODE),
  php: devcontainer('debian', VSCODE),
  ruby: devcontainer('debian', VSCODE),
  jekyll: devcontainer('debian', VSCODE),
  anaconda: devcontainer('debian', VSCODE),
  miniconda: devcontainer('debian', VSCODE),
  cpp: devcontainer(undefined, DEBUGGED),
  go: devcontainer('debian', DEBUGGED),
  rust: devcontainer('debian', DEBUGGED),
  // docker-in-docker is part of it.
  universal: devcontainer(
    'ubuntu',
    { privileged: true, remoteUser: 'codespace', containerUser: 'codespace' },
    'codespace',
  ),
};

const TABLE: Readonly<Record<string, TableEntry>> = {
  debian: distribution('debian'),
  ubuntu: distribution('ubuntu'),
  alpine: distribution('alpine'),
  fedora: distribution('fedora'),
  'registry.fedoraproject.org/fedora': distribution('fedora'),
  'quay.io/fedora/fedora': distribution('fedora'),
  rockylinux: distribution('rocky', 'unknown'),
  'rockylinux/rockylinux': distribution('rocky', 'unknown'),
  almalinux: distribution('almalinux', 'unknown'),
  archlinux: distribution('arch', 'unknown'),
  'buildpack-deps': language('debian'),
  node: language('debian'),
  python: language('debian'),
  golang: language('debian'),
  rust: language('debian'),
  ruby: language('debian'),
  php: language('debian'),
  perl: language('debian'),
  gcc: language('debian'),
  openjdk: language(undefined),
  'eclipse-temurin': language('ubuntu'),
  'mcr.microsoft.com/dotnet/sdk': language(undefined),
  'mcr.microsoft.com/dotnet/aspnet': language(undefined),
};

function entryOf(name: string): TableEntry | undefined {
  const devcontainerName = /^mcr\.microsoft\.com\/devcontainers\/([^/]+)$/.exec(name)?.[1];
  const [table, key] = devcontainerName === undefined ? [TABLE, name] : [DEVCONTAINERS, devcontainerName];
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
