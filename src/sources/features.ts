import { packagedBwrap } from '../model/bwrap.js';
import { compareVersions } from '../model/codex.js';
import { known, unknown, type Sourced } from '../model/container.js';
import type { Place } from '../model/place.js';
import type { ImageFacts } from './image.js';
import { EMPTY_LAYER, layerOfImage, unreadableLayer, type MetadataLayer } from './metadata.js';
import { maybeInstalled } from './uncertainty.js';

/** What a Feature makes of the container: its metadata, and what its installation makes of the image. */
export interface FeatureEffect {
  readonly metadata: MetadataLayer;
  install(facts: ImageFacts): ImageFacts;
}

interface KnownFeature {
  readonly privileged?: boolean;
  readonly capAdd?: readonly string[];
  readonly securityOpt?: readonly string[];
  /** The first version that installs bubblewrap from the distribution's packages. */
  readonly bubblewrapSince?: string;
}

const DEBUGGER: KnownFeature = { capAdd: ['SYS_PTRACE'], securityOpt: ['seccomp=unconfined'] };
const NOTHING: KnownFeature = {};

const REGISTRY = 'ghcr.io/devcontainers/features/';

/** The public Features of REGISTRY (devcontainers/features, src/<id>/devcontainer-feature.json and install.sh, July 2026). */
const KNOWN: Readonly<Record<string, KnownFeature>> = {
  anaconda: NOTHING,
  'aws-cli': NOTHING,
  'azure-cli': NOTHING,
  'common-utils': { bubblewrapSince: '2.5.8' },
  conda: NOTHING,
  'copilot-cli': NOTHING,
  'desktop-lite': NOTHING,
  'docker-from-docker': { securityOpt: ['label=disable'] },
  'docker-in-docker': { privileged: true },
  'docker-outside-of-docker': { securityOpt: ['label=disable'] },
  dotnet: NOTHING,
  git: NOTHING,
  'git-lfs': NOTHING,
  'github-cli': NOTHING,
  go: DEBUGGER,
  hugo: NOTHING,
  java: NOTHING,
  'kubectl-helm-minikube': NOTHING,
  nix: NOTHING,
  node: NOTHING,
  'nvidia-cuda': NOTHING,
  oryx: NOTHING,
  php: NOTHING,
  powershell: NOTHING,
  python: NOTHING,
  ruby: NOTHING,
  rust: DEBUGGER,
  sshd: NOTHING,
  terraform: NOTHING,
};

/** Names without a registry that the dev container CLI still takes, beside those of KNOWN. */
const OLD_NAMES: Readonly<Record<string, string>> = { golang: 'go', common: 'common-utils' };

/** True for a Feature that lies in the workspace, next to devcontainer.json. */
export function isLocalFeature(id: string): boolean {
  return /^\.\.?[\\/]/.test(id);
}

/** A Feature by its identifier. One that is not in the table may set and install anything that Features can. */
export function publishedFeature(id: string, place: Place): FeatureEffect {
  const { name, version } = parseId(id);
  const entry = Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined;
  if (!entry) return unknownFeature(`what the Feature "${id}" sets and installs is not known`, place);
  return {
    metadata: layerOfImage(entry, place),
    install: (facts) =>
      entry.bubblewrapSince ? withBubblewrap(facts, id, version, entry.bubblewrapSince, place) : facts,
  };
}

/** A Feature of which nothing is known; `why` completes "It is not known … because". */
export function unknownFeature(why: string, place: Place): FeatureEffect {
  return { metadata: unreadableLayer(why, place), install: (facts) => maybeInstalled(facts, why, place) };
}

/** A Feature that sets what its metadata says. */
export function featureOf(metadata: MetadataLayer, install: FeatureEffect['install']): FeatureEffect {
  return { metadata: { ...EMPTY_LAYER, ...metadata, remoteUser: undefined, containerUser: undefined }, install };
}

/** `ghcr.io/devcontainers/features/go:1` → go, 1. A version that is a digest or a word is undefined. */
function parseId(id: string): { readonly name: string; readonly version: string | undefined } {
  const [, path = id, tag] = /^([^@]*?)(?::([^:/@]*))?(?:@.*)?$/.exec(id.toLowerCase()) ?? [];
  const version = id.includes('@') ? undefined : tag === undefined || tag === 'latest' ? 'latest' : tag;
  if (path.startsWith(REGISTRY)) return { name: path.slice(REGISTRY.length), version };
  // A name alone means the first major version of the public Feature (dev container CLI, deprecated names).
  if (!path.includes('/')) return { name: OLD_NAMES[path] ?? path, version: '1' };
  return { name: '', version };
}

function withBubblewrap(
  facts: ImageFacts,
  id: string,
  version: string | undefined,
  since: string,
  place: Place,
): ImageFacts {
  const { bwrap, distro } = facts;
  if (bwrap.presence.value === 'present') return facts;
  const installs = installsSince(version, since);
  if (installs === false) return facts;
  if (installs === undefined) return maybeInstalled(facts, `the version of the Feature "${id}" is not known`, place);
  const packaged = distro.value && packagedBwrap(distro.value.id, distro.value.version);
  const why = 'the version that this distribution packages is not known';
  const versionOfBwrap: Sourced<string> = packaged === undefined ? unknown(why, place) : known(packaged, place);
  return {
    ...facts,
    bwrap: { presence: known('present', place), setuid: known(false, place), version: versionOfBwrap },
  };
}

/** A tag names the newest version that starts with it: `2` is the newest 2.x.y. */
function installsSince(tag: string | undefined, since: string): boolean | undefined {
  if (tag === undefined) return undefined;
  if (tag === 'latest') return true;
  const newest = [...tag.split('.'), 'newest', 'newest'].slice(0, 3).join('.');
  return compareVersions(newest, since) >= 0;
}
