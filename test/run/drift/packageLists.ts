import { distroOfTag } from '../../../src/sources/image/distros.js';

/** The versions of packages in one suite of a distribution. */
export interface SuitePackages {
  /** As a mirror calls it: `stable`. */
  readonly suite: string;
  /** `trixie`. */
  readonly codename: string;
  /** As the model calls it, for instance `debian:13`; undefined: src/sources/image/distros.ts does not know the codename. */
  readonly release: string | undefined;
  /** The newest version of each package, as the distribution numbers it. */
  readonly versions: Readonly<Record<string, string>>;
}

/** The mirror that debootstrap takes for a distribution when it is told none, from its program and its script. */
export function mirrorInDebootstrap(text: string): string | undefined {
  return (/^DEF_MIRROR="([^"]+)"/m.exec(text) ?? /\*\)\s*default_mirror (\S+)/.exec(text))?.[1];
}

/** A distribution's mirrors in what `apt-get indextargets --format '$(ORIGIN)|$(RELEASE)|$(SITE)'` printed. */
export function mirrorsInApt(
  output: string,
  origin: string,
): { readonly archive: string | undefined; readonly security: string | undefined } {
  const targets = output
    .split('\n')
    .map((line) => line.split('|'))
    .filter(([name]) => name === origin);
  const isSecurity = (release = ''): boolean => release.endsWith('-security');
  return {
    archive: targets.find(([, release]) => !isSecurity(release))?.[2],
    security: targets.find(([, release]) => isSecurity(release))?.[2],
  };
}

/** The suites that `apt-get update` could not fetch, from what it printed on stderr. */
export function unfetchedSuites(stderr: string): ReadonlySet<string> {
  const found = stderr.matchAll(/Failed to fetch \S+\/dists\/([^/\s]+)\/|The repository '\S+ (\S+) Release'/g);
  return new Set([...found].map(([, fetched, repository]) => fetched ?? repository ?? ''));
}

/** Updates count with the suite that they belong to. */
function baseOf(suite: string): string {
  return suite.replace(/-(?:security|updates)$/, '');
}

/**
 * What suites hold.
 * @param madison what `apt-cache madison` printed: newest first
 * @param targets what `apt-get indextargets --format '$(RELEASE)|$(CODENAME)'` printed
 * @param unfetched suites of which only an earlier list is there
 */
export function suitePackages(
  madison: string,
  targets: string,
  unfetched: ReadonlySet<string>,
): readonly SuitePackages[] {
  const codenames = new Map(targets.split('\n').map((line) => [line.split('|')[0] ?? '', line.split('|')[1] ?? '']));
  const suites = new Map<string, Record<string, string>>();
  const lines = [...madison.matchAll(/^ *(\S+) \| *(\S+) \| \S+ ([^/\s]+)\/\S+ /gm)];
  // An earlier list of the updates alone makes the newest version of the suite unknown as well.
  const stale = new Set(lines.flatMap(([, , , suite = '']) => (unfetched.has(suite) ? [baseOf(suite)] : [])));
  for (const [, name = '', version = '', suite = ''] of lines) {
    const base = baseOf(suite);
    if (unfetched.has(base) || stale.has(base)) continue;
    const versions = suites.get(base) ?? {};
    versions[name] ??= version;
    suites.set(base, versions);
  }
  return [...suites].map(([suite, versions]) => {
    const codename = codenames.get(suite) ?? suite;
    const distro = distroOfTag(codename);
    const release = distro?.version === undefined ? undefined : `${distro.id}:${distro.version}`;
    return { suite, codename, release, versions };
  });
}

/** A package's version without what the distribution adds: `1:0.12.0-1~deb13u1` is 0.12.0. */
export function upstreamVersion(version: string): string {
  return version.replace(/^\d+:/, '').replace(/[-+][^-]*(?:-.*)?$/, '');
}
