import { packagedBwrap } from '../../../src/model/bwrap/bwrap.js';
import { KNOWN_FILE, packageKey, type Behaviour, type Findings } from './known.js';
import { upstreamVersion, type SuitePackages } from './packageLists.js';

/** Something that is not as the repository says. */
export interface Difference {
  readonly what: string;
  /** Which file to change, relative to the repository's folder; with its line where there is one. */
  readonly file: string;
}

const VERSIONS = 'src/model/agents/codex/versions.ts';
const PACKAGED = 'src/model/bwrap/bwrap.ts';

/** What the packages of suites differ in from what the model says and from what was recorded. */
export function packageDifferences(suites: readonly SuitePackages[], known: Findings): readonly Difference[] {
  return suites.flatMap(({ suite, codename, release, versions }) => {
    if (release === undefined) {
      return [
        { what: `${suite} is ${codename}, a release without a number here`, file: 'src/sources/image/distros.ts' },
      ];
    }
    return Object.entries(versions).flatMap(([name, version]) => [
      ...(name === 'bubblewrap' ? packagedDifference(release, version) : []),
      ...recordedDifference(release, name, version, known),
    ]);
  });
}

function packagedDifference(release: string, version: string): readonly Difference[] {
  const [id = '', number] = release.split(':');
  const said = packagedBwrap(id, number);
  const upstream = upstreamVersion(version);
  if (said === upstream) return [];
  return [{ what: `${release} packages bubblewrap ${upstream}, PACKAGED says ${said ?? 'nothing'}`, file: PACKAGED }];
}

function recordedDifference(release: string, name: string, version: string, known: Findings): readonly Difference[] {
  const before = known.packages[packageKey(release, name)];
  if (before === version) return [];
  const was = before === undefined ? 'not recorded' : `${before} when it was recorded`;
  const more = name === 'bubblewrap' ? '' : '; run the container suite on it and record rows';
  return [{ what: `${release} has ${name} ${version}, ${was}${more}`, file: KNOWN_FILE }];
}

/** What npm's newest Codex differs in from the newest that the model knows. */
export function codexDifferences(latest: string, newestKnown: string): readonly Difference[] {
  if (latest === newestKnown) return [];
  return [{ what: `Codex ${latest} is npm's latest, NEWEST_CODEX says ${newestKnown}`, file: VERSIONS }];
}

/** What was measured of a Codex with a bubblewrap against what was recorded, or against what an older Codex was recorded to do. */
export function behaviourDifferences(
  key: string,
  now: Behaviour,
  before: Behaviour | undefined,
): readonly Difference[] {
  if (!before) return [{ what: `${key} was never recorded`, file: KNOWN_FILE }];
  return [
    ...Object.entries(now.outcomes).flatMap(([title, outcome]) => {
      const was = before.outcomes[title] ?? 'not measured';
      if (was === outcome) return [];
      return [{ what: `${key} (${title}): ${outcome}\n    before: ${was}`, file: fileFor(outcome) }];
    }),
    ...lists(`${key} starts bubblewrap with`, now.starts, before.starts, VERSIONS),
    ...lists(`${key} needs beyond Docker's default profile`, now.needs, before.needs, 'src/model/bwrap/calls.ts'),
    ...lists(`${key} is refused by the tailored profile`, now.refused, before.refused, 'src/model/plan/tailored.ts'),
  ];
}

/** Where the model says what a container makes of the sandbox, and where the texts are. */
function fileFor(outcome: string): string {
  return outcome === 'works' ? 'src/model/sandbox/predict.ts' : 'src/model/bwrap/errors.ts';
}

function lists(title: string, now: readonly string[], before: readonly string[], file: string): readonly Difference[] {
  const come = now.filter((entry) => !before.includes(entry)).map((entry) => `    now: ${entry}`);
  const gone = before.filter((entry) => !now.includes(entry)).map((entry) => `    no longer: ${entry}`);
  return come.length + gone.length === 0 ? [] : [{ what: [title, ...come, ...gone].join('\n'), file }];
}
