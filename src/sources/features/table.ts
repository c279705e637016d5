import table from '../data/features.json' with { type: 'json' };
import { compareVersions } from '../../model/versions.js';

/** What a range of versions of a Feature sets and installs, as far as it matters here. */
export interface FeatureState {
  /** The first version of it; not there: from the first one on. */
  readonly since?: string;
  readonly privileged?: boolean;
  readonly init?: boolean;
  readonly capAdd?: readonly string[];
  readonly securityOpt?: readonly string[];
  /** Features that are installed before it, with their metadata. */
  readonly dependsOn?: readonly string[];
  /** Its scripts install the distribution's bubblewrap. */
  readonly bubblewrap?: boolean;
  /** Its scripts install Codex. */
  readonly codex?: boolean;
}

/** The Features of one public repository (data/NOTICE.md). */
export interface FeatureCollection {
  /** What is before the Feature's name, lower case: `ghcr.io/devcontainers/features`. */
  readonly namespace: string;
  readonly repository: string;
  readonly commit: string;
  readonly date: string;
  /** Those of which no version sets or installs anything that matters here. */
  readonly plain: readonly string[];
  readonly features: Readonly<
    Record<
      string,
      {
        readonly states: readonly FeatureState[];
        readonly installsAfter: readonly string[];
        /** The name that it has now. */
        readonly alias?: string;
      }
    >
  >;
}

const COLLECTIONS: ReadonlyMap<string, FeatureCollection> = new Map(
  (table as readonly FeatureCollection[]).map((collection) => [collection.namespace, collection]),
);

/** Of which day the table is: that of the newest change that it knows. `npm run drift` names it when it is too old. */
export const FEATURES_DATE =
  [...COLLECTIONS.values()]
    .map(({ date }) => date)
    .sort()
    .at(-1) ?? '';

/**
 * Looks a Feature up.
 * @param name without version, lower case: `ghcr.io/devcontainers/features/go`
 * @param tag `1`, `1.2`, `1.2.3`, `latest`; undefined: picked by a digest, so any version
 * @returns the states that the tag may mean, the newest last; undefined: the table does not hold it
 */
export function featureStates(name: string, tag: string | undefined): readonly FeatureState[] | undefined {
  const entry = entryOf(name);
  if (!entry) return undefined;
  if (tag === undefined) return entry.states;
  const newest = tag === 'latest' ? undefined : [...tag.split('.'), 'newest', 'newest'].slice(0, 3).join('.');
  const state = entry.states.findLast(
    ({ since }) => since === undefined || newest === undefined || compareVersions(newest, since) >= 0,
  );
  return [state ?? {}];
}

/** What the Feature wants to be installed after, without versions, lower case; empty where it is not known. */
export function installsAfter(name: string): readonly string[] {
  return (entryOf(name)?.installsAfter ?? []).map((id) => id.toLowerCase());
}

/** The name that a Feature has now: it may have been renamed. */
export function currentName(name: string): string {
  const alias = entryOf(name)?.alias;
  return alias === undefined ? name : `${name.slice(0, name.lastIndexOf('/'))}/${alias}`;
}

const PLAIN: FeatureCollection['features'][string] = { states: [{}], installsAfter: [] };

function entryOf(name: string): FeatureCollection['features'][string] | undefined {
  const slash = name.lastIndexOf('/');
  const collection = COLLECTIONS.get(name.slice(0, slash));
  const id = name.slice(slash + 1);
  if (!collection) return undefined;
  if (Object.hasOwn(collection.features, id)) return collection.features[id];
  return collection.plain.includes(id) ? PLAIN : undefined;
}
