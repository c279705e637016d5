import { under } from '../../model/wordList.js';
import { unknownImage, unlistedImage } from './uncertainty.js';
import { packagedBwrap } from '../../model/bwrap/bwrap.js';
import { known, unknown, type Bwrap, type Distro, type Sourced } from '../../model/container/container.js';
import type { Place } from '../../model/place.js';
import { ABSENT } from './applyEffects.js';
import { distroOfDevcontainerTag, isBeforeBubblewrap } from './devcontainerImages.js';
import type { ImageFacts, ImageMetadata } from './facts.js';
import { distroOfOwnTag, distroOfTag } from './distros.js';
import { imageReference } from './reference.js';

/** What the table says of an image. */
interface TableEntry {
  /** How a tag names the distribution. `why` for what the tag leaves open, in words that complete "It is not known … because". */
  distro(tag: string): { readonly distro: Distro | undefined; readonly why?: string };
  /** The image's USER. */
  readonly user: string;
  /** Whether it comes without bubblewrap. `recent`: builds since May 2026 bring the distribution's, older ones none. */
  readonly bwrap: 'absent' | 'recent' | 'unknown';
  /** Where `recent`: whether the tag picks a build from before. */
  lacksBwrap?(tag: string): boolean;
  readonly metadata: ImageMetadata;
}

/**
 * What is known of a public image from its name and tag, every value placed at the reference.
 * An image that the table does not hold, and one that a digest alone picks, is unknown as far as need be; `why` says so. Never throws.
 *
 * Where the table is from: [M] measured on a file system of debootstrap (Debian 12 and 13: no bwrap, root); [S] read in
 * the sources of devcontainers/images, July 2026 (metadata, users, tags: data/NOTICE.md); [R] as generally reported: the other official images
 * run as root and hold neither bubblewrap nor Codex, and what floating tags stand for.
 */
export function publicImage(reference: string, place: Place): ImageFacts {
  const { name, tag } = imageReference(reference);
  if (name === 'scratch') return scratch(place);
  const entry = entryOf(name);
  if (entry === undefined) return unlistedImage(`the image ${name === '' ? reference : name} is unknown`, place);
  const { distro, why } =
    tag === undefined
      ? { distro: undefined, why: `the digest of ${reference} does not name the release` }
      : entry.distro(tag);
  const reason = why ?? `the tag ${tag ?? ''} of ${name} does not name the release`;
  return {
    user: known(entry.user, place),
    distro: distroValue(distro, reason, why !== undefined, place),
    bwrap: bwrapOf(
      tag !== undefined && entry.lacksBwrap?.(tag) ? { ...entry, bwrap: 'absent' } : entry,
      name,
      distro,
      place,
    ),
    codex: known(null, place),
    programs: [],
    metadata: entry.metadata,
  };
}

/** devcontainers/features common-utils, of which the dev container images are made, installs bubblewrap since 2.5.8 (May 2026) [S]. */
function bwrapOf(entry: TableEntry, name: string, distro: Distro | undefined, place: Place): Bwrap {
  switch (entry.bwrap) {
    case 'absent':
      return { ...ABSENT, presence: known('absent', place) };
    case 'unknown':
      return unknownImage(`the image ${name} may have bubblewrap`, place).bwrap;
    case 'recent': {
      const why = `only builds of ${name} since May 2026 have bubblewrap`;
      const version = distro && packagedBwrap(distro.id, distro.version);
      return {
        presence: unknown(why, place),
        setuid: known(false, place),
        // Of the two things that are open the first is the one to tell: without it the second is of no account.
        version: version === undefined ? unknown(why, place) : known(version, place),
      };
    }
  }
}

/** A distribution whose release is open, or is another as time goes by, keeps the reason beside its value. */
function distroValue(distro: Distro | undefined, why: string, moves: boolean, place: Place): Sourced<Distro> {
  if (distro === undefined) return unknown(why, place);
  return distro.version === undefined || moves ? { value: distro, places: [place], why } : known(distro, place);
}

function scratch(place: Place): ImageFacts {
  return {
    ...unknownImage('the image is made from scratch', place),
    user: known('root', place),
    bwrap: { ...ABSENT, presence: known('absent', place) },
    codex: known(null, place),
    metadata: {},
  };
}

/** Tags that stand for another release as time goes by, as of November 2026 [R]. */
const FLOATING: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  debian: { latest: '13', stable: '13', 'stable-slim': '13', oldstable: '12', 'oldstable-slim': '12' },
  ubuntu: { latest: '26.04' },
};

/** Why the release of a tag is known only as of the table. */
function moving(tag: string, name: string): string {
  return `the release of ${name}:${tag} changes over time`;
}

/** A distribution's own image. */
function distribution(id: string, bwrap: TableEntry['bwrap'] = 'absent'): TableEntry {
  return {
    distro: (tag) => {
      const floating = FLOATING[id];
      const version = floating && Object.hasOwn(floating, tag) ? floating[tag] : undefined;
      const own = distroOfOwnTag(id, tag);
      if (version === undefined && own.version !== undefined) return { distro: own };
      return version === undefined
        ? { distro: own, why: `the tag ${tag} of ${id} does not name the release` }
        : { distro: { id, version }, why: moving(tag, id) };
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
      const why = `the tag ${tag} does not name a distribution`;
      return { distro: base === undefined ? undefined : { id: base, version: undefined }, why };
    },
    user: 'root',
    bwrap: 'absent',
    metadata: {},
  };
}

function devcontainer(base: string | undefined, metadata: ImageMetadata, user = 'root'): TableEntry {
  return { ...language(base), bwrap: 'recent', user, metadata };
}

/** What the image's releases say of a tag goes before what a tag says in general. */
function withReleases(name: string, entry: TableEntry): TableEntry {
  return {
    ...entry,
    distro: (tag) => {
      const named = distroOfTag(tag);
      if (named?.version !== undefined) return { distro: named };
      const released = distroOfDevcontainerTag(name, tag.replace(/^dev-/, ''));
      if (!released) return entry.distro(tag);
      return isRelease(tag) ? { distro: released } : { distro: released, why: moving(tag, name) };
    },
    ...(entry.bwrap === 'recent' && { lacksBwrap: (tag: string) => isBeforeBubblewrap(name, tag) }),
  };
}

/** A tag that begins with all three numbers of the image's release stays what it is: `2.1.3-3.12`. */
function isRelease(tag: string): boolean {
  return /^\d+\.\d+\.\d+-/.test(tag);
}

const VSCODE: ImageMetadata = { remoteUser: 'vscode' };
const NODE: ImageMetadata = { remoteUser: 'node' };
const DEBUGGED: ImageMetadata = { ...VSCODE, capAdd: ['SYS_PTRACE'], securityOpt: ['seccomp=unconfined'] };

/** mcr.microsoft.com/devcontainers/NAME: metadata and users [S: devcontainers/images src/NAME/.devcontainer, July 2026]. */
const DEVCONTAINERS: Readonly<Record<string, TableEntry>> = {
  ...under('base dotnet', devcontainer(undefined, VSCODE)),
  ...under('python java java-8 php ruby jekyll anaconda miniconda', devcontainer('debian', VSCODE)),
  ...under('javascript-node typescript-node', devcontainer('debian', NODE)),
  cpp: devcontainer(undefined, DEBUGGED),
  go: devcontainer('debian', { ...DEBUGGED, init: true }),
  rust: devcontainer('debian', DEBUGGED),
  // docker-in-docker and go are part of it, with their metadata.
  universal: {
    ...devcontainer(
      'ubuntu',
      {
        privileged: true,
        init: true,
        capAdd: ['SYS_PTRACE'],
        securityOpt: ['seccomp=unconfined'],
        remoteUser: 'codespace',
        containerUser: 'codespace',
      },
      'codespace',
    ),
    // FROM ubuntu:focal up to 2.x, ubuntu:noble from 3.0.0 on.
    distro: (tag) => ({ distro: { id: 'ubuntu', version: /^[0-2](?:[.-]|$)/.test(tag) ? '20.04' : '24.04' } }),
  },
};

/** An image of others than the official ones [R]: whether bubblewrap comes with it, nobody said. */
function of(base: string | undefined, user: string): TableEntry {
  return { ...language(base), user, bwrap: 'unknown' };
}

/** Of which day TABLE is: that of the sources of devcontainers/images. `npm run drift` names it when it is too old. */
export const PUBLIC_IMAGES_DATE = '2026-07-01';

const TABLE: Readonly<Record<string, TableEntry>> = {
  debian: distribution('debian'),
  ubuntu: distribution('ubuntu'),
  alpine: distribution('alpine'),
  ...under('fedora registry.fedoraproject.org/fedora quay.io/fedora/fedora', distribution('fedora')),
  ...under('rockylinux rockylinux/rockylinux', distribution('rocky', 'unknown')),
  almalinux: distribution('almalinux', 'unknown'),
  archlinux: distribution('arch', 'unknown'),
  ...under(
    `
      buildpack-deps node python golang rust ruby php perl gcc julia haskell elixir erlang dart pypy r-base nginx
      httpd postgres redis`,
    language('debian'),
  ),
  ...under(
    `
      swift ros mariadb mcr.microsoft.com/playwright mcr.microsoft.com/playwright/python eclipse-temurin`,
    language('ubuntu'),
  ),
  ...under(
    `
      openjdk maven nvidia/cuda nvcr.io/nvidia/cuda mcr.microsoft.com/dotnet/runtime mcr.microsoft.com/dotnet/sdk
      mcr.microsoft.com/dotnet/aspnet`,
    language(undefined),
  ),
  ...under('amazonlinux public.ecr.aws/amazonlinux/amazonlinux', distribution('amzn', 'unknown')),
  oraclelinux: distribution('ol', 'unknown'),
  'opensuse/leap': distribution('opensuse-leap', 'unknown'),
  'opensuse/tumbleweed': distribution('opensuse-tumbleweed', 'unknown'),
  'kalilinux/kali-rolling': distribution('kali', 'unknown'),
  ...under(
    `
      jupyter/base-notebook jupyter/minimal-notebook jupyter/scipy-notebook jupyter/datascience-notebook
      quay.io/jupyter/base-notebook quay.io/jupyter/minimal-notebook quay.io/jupyter/scipy-notebook
      quay.io/jupyter/datascience-notebook`,
    of('ubuntu', 'jovyan'),
  ),
  // FROM base:2-trixie, before October 2025 base:bookworm, with USER vscode and common-utils [S: rails/devcontainer at 2a4baaf, 2026-05-14].
  'ghcr.io/rails/devcontainer/images/ruby': devcontainer('debian', VSCODE, 'vscode'),
  ...under(
    `
      osrf/ros condaforge/miniforge3 condaforge/mambaforge pytorch/pytorch tensorflow/tensorflow
      nvcr.io/nvidia/pytorch nvcr.io/nvidia/tensorflow vllm/vllm-openai rocker/r-ver rocker/rstudio rocker/tidyverse`,
    of('ubuntu', 'root'),
  ),
  ...under('continuumio/miniconda3 continuumio/anaconda3', of('debian', 'root')),
  'mambaorg/micromamba': of('debian', 'mambauser'),
  'mcr.microsoft.com/powershell': of(undefined, 'root'),
  ...under('gitpod/workspace-base gitpod/workspace-full', of('ubuntu', 'gitpod')),
  'codercom/enterprise-base': of('ubuntu', 'coder'),
};

function entryOf(name: string): TableEntry | undefined {
  // The same images under their old name (devcontainers/images build/config.json, secondaryContainerRegistryPath) [S].
  const devcontainerName = /^mcr\.microsoft\.com\/(?:vscode\/)?devcontainers\/([^/]+)$/.exec(name)?.[1];
  // An official image for one architecture, under the name of those who build it (docker-library/official-images) [S].
  const official = name.replace(/^(?:amd64|arm32v[567]|arm64v8|i386|ppc64le|riscv64|s390x)\//, '');
  const [table, key] = devcontainerName === undefined ? [TABLE, official] : [DEVCONTAINERS, devcontainerName];
  const entry = Object.hasOwn(table, key) ? table[key] : undefined;
  return entry && devcontainerName !== undefined ? withReleases(devcontainerName, entry) : entry;
}
