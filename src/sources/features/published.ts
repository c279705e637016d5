import { packagedBwrap } from '../../model/bwrap/bwrap.js';
import { known, unknown, type Sourced } from '../../model/container/container.js';
import type { Place } from '../../model/place.js';
import { words } from '../../model/wordList.js';
import type { DeclaredFeature } from '../devcontainer/readDevcontainer.js';
import { installScript } from './optionVariables.js';
import { currentName, featureStates, installsAfter, type FeatureState } from './table.js';
import { withEvidence } from '../image/evidence.js';
import type { ImageFacts } from '../image/facts.js';
import { labelOptions, unlikelyOptions, unreadableOptions, type FeatureProperty } from '../options/metadata.js';
import type { ListedExtension } from '../options/editorExtensions.js';
import type { Option } from '../options/option.js';
import { applyShell } from '../shell/readShell.js';
import { maybeInstalled } from '../image/uncertainty.js';

/** What a Feature makes of the container: its metadata, and what its installation makes of the image. */
export interface FeatureEffect {
  readonly options: readonly Option[];
  /** The editor's, where they are known. */
  readonly extensions?: readonly ListedExtension[];
  install(facts: ImageFacts): ImageFacts;
}

/** A Feature and what decides when it is installed. */
export interface Feature {
  /** How the dev container CLI tells Features apart and orders them: by where they come from, then by name. */
  readonly source: 'registry' | 'folder' | 'download';
  /** Without version, lower case: `ghcr.io/devcontainers/features/go`; the folder of one in the workspace. */
  readonly name: string;
  /** `1`, `1.2`, `latest`, a digest; '' for one in the workspace. */
  readonly version: string;
  /** The devcontainer-feature.json of one that lies in the workspace and was read. */
  readonly file?: string;
  readonly effect: FeatureEffect;
  /** Installed before it, whether devcontainer.json names them or not. */
  readonly dependsOn: readonly DeclaredFeature[];
  /** Names without version; installed before it where they are installed at all. */
  readonly installsAfter: readonly string[];
  /** Nothing is known of it, not even what it depends on. */
  readonly unknown: boolean;
}

const PUBLISHED = { kind: 'feature' } as const;

const REGISTRY = 'ghcr.io/devcontainers/features/';

/** Names without a registry that the dev container CLI still takes (0.89: the deprecated ones), as the first major version. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    words(`
      aws-cli azure-cli desktop-lite docker-in-docker docker-from-docker dotnet git git-lfs github-cli java
      kubectl-helm-minikube node powershell python ruby rust sshd terraform`).map((name) => [name, name]),
  ),
  golang: 'go',
  common: 'common-utils',
  gradle: 'java',
  maven: 'java',
  jupyterlab: 'python',
};

/** Programs that a Feature brings and that explain what it, or the author, sets for them (CAPABILITY_PROGRAMS). */
const PROGRAMS: Readonly<Record<string, string>> = {
  'ghcr.io/devcontainers/features/docker-in-docker': 'docker',
  'ghcr.io/devcontainers-extra/features/localstack': 'docker',
  'ghcr.io/devcontainers-contrib/features/localstack': 'docker',
  'ghcr.io/tailscale/codespace/tailscale': 'tailscale',
};

/** True for a Feature that lies in the workspace, next to devcontainer.json. */
export function isLocalFeature(id: string): boolean {
  return /^\.\.?[\\/]/.test(id);
}

/** A Feature that is published, by its identifier. One that is not in the table may set and install anything that Features can. */
export function publishedFeature(declared: DeclaredFeature): Feature {
  const { id, place, options } = declared;
  const { source, name, version, tag } = parseId(id);
  const states = source === 'registry' ? featureStates(name, tag) : undefined;
  if (!states) return unlistedFeature(declared);
  const set = optionsOfStates(states, `the version of the Feature "${id}" is unknown`, place);
  return {
    source,
    name: currentName(name),
    version,
    effect: {
      options: set,
      install: (facts) => {
        const scripted = installScript(name, options);
        const installed = scripted === undefined ? facts : applyShell(facts, scripted, () => place);
        return withPrograms(withCodex(withBubblewrap(installed, id, states, place), id, states, place), name, place);
      },
    },
    dependsOn: (states.at(-1)?.dependsOn ?? []).map((needed) => ({ id: needed, place, options: {} })),
    installsAfter: installsAfter(name),
    unknown: false,
  };
}

/** A Feature of which nothing is known; `why` completes "It is not known … because". */
export function unknownFeature({ id, place }: DeclaredFeature, why: string): Feature {
  const { source, name, version } = parseId(id);
  const effect = {
    options: unreadableOptions(why, place, PUBLISHED),
    install: (facts: ImageFacts) => maybeInstalled(facts, why, place),
  };
  return { source, name, version, effect, dependsOn: [], installsAfter: [], unknown: true };
}

/** A Feature's name without its version, as overrideFeatureInstallOrder and installsAfter have it. */
export function featureName(id: string): string {
  const { name } = parseId(id);
  return currentName(name);
}

/** Most likely it sets nothing, and what it installs is not known. */
function unlistedFeature(declared: DeclaredFeature): Feature {
  const { id, place } = declared;
  const why = `the Feature "${id}" is unknown`;
  const feature = unknownFeature(declared, why);
  return { ...feature, effect: { ...feature.effect, options: unlikelyOptions(why, place, PUBLISHED) } };
}

interface Identifier {
  readonly source: Feature['source'];
  readonly name: string;
  readonly version: string;
  /** undefined: picked by a digest. */
  readonly tag: string | undefined;
}

/** `ghcr.io/devcontainers/features/go:1` → ghcr.io/devcontainers/features/go, 1. */
function parseId(id: string): Identifier {
  if (isLocalFeature(id) || id.startsWith('/')) return { source: 'folder', name: id, version: '', tag: '' };
  if (/^https?:\/\//i.test(id)) return { source: 'download', name: id, version: '', tag: '' };
  const [, path = id, written = 'latest', digest] = /^([^@]*?)(?::([^:/@]*))?(?:@(.*))?$/.exec(id.toLowerCase()) ?? [];
  if (!path.includes('/')) {
    const name = Object.hasOwn(OLD_NAMES, path) ? OLD_NAMES[path] : undefined;
    return { source: 'registry', name: name === undefined ? path : `${REGISTRY}${name}`, version: '1', tag: '1' };
  }
  return {
    source: 'registry',
    name: path,
    version: digest ?? written,
    tag: digest === undefined ? written : undefined,
  };
}

/** What all states say is known, what one of them says is possible. */
function optionsOfStates(states: readonly FeatureState[], why: string, place: Place): readonly Option[] {
  const [first = {}, ...others] = states;
  const differs = (property: FeatureProperty): boolean =>
    others.some((other) => JSON.stringify(other[property]) !== JSON.stringify(first[property]));
  const open = (['privileged', 'init', 'capAdd', 'securityOpt'] as const).filter(differs);
  const closed = Object.fromEntries(
    Object.entries(first).filter(([property]) => !open.some((each) => each === property)),
  );
  return [...labelOptions(closed, place, PUBLISHED), ...unreadableOptions(why, place, PUBLISHED, open)];
}

function withBubblewrap(facts: ImageFacts, id: string, states: readonly FeatureState[], place: Place): ImageFacts {
  const { bwrap, distro } = facts;
  if (bwrap.presence.value === 'present' || !states.some((s) => s.bubblewrap)) return facts;
  if (!states.every((s) => s.bubblewrap)) {
    return maybeInstalled(facts, `the version of the Feature "${id}" is unknown`, place);
  }
  const packaged = distro.value && packagedBwrap(distro.value.id, distro.value.version);
  const { why = 'the bubblewrap of this distribution is unknown', places } = distro;
  const version: Sourced<string> =
    packaged === undefined ? unknown(why, ...(distro.why === undefined ? [place] : places)) : known(packaged, place);
  return {
    ...facts,
    bwrap: { presence: known('present', place), setuid: known(false, place), version },
  };
}

/** The Features that bring Codex download the program without its package: whether a bubblewrap comes with it is not known. */
function withCodex(facts: ImageFacts, id: string, states: readonly FeatureState[], place: Place): ImageFacts {
  if (!states.some((s) => s.codex)) return facts;
  const codex: ImageFacts['codex'] = unknown(`the Codex of the Feature "${id}" is unknown`, place);
  return withEvidence({ ...facts, codex }, 'feature', place);
}

function withPrograms(facts: ImageFacts, name: string, place: Place): ImageFacts {
  const program = Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined;
  return program === undefined ? facts : { ...facts, programs: [...facts.programs, known(program, place)] };
}
