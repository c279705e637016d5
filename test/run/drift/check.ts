import { CODEX } from '../../../src/model/agents/codex/agent.js';
import { NEWEST_CODEX } from '../../../src/model/agents/codex/versions.js';
import type { AgentRequest } from '../../../src/model/agent/request.js';
import { readPackageLists } from './apt.js';
import { imageWith, imageWithout } from './bubblewraps.js';
import { behaviourDifferences, codexDifferences, packageDifferences, type Difference } from './compare.js';
import { behaviourKey, KNOWN_FILE, readKnown, recorded, writeKnown, type Behaviour } from './known.js';
import { ensureMachine, latestCodex } from './machine.js';
import { settings } from './matrix.js';
import { measure } from './measure.js';
import { upstreamVersion, type SuitePackages } from './packageLists.js';
import { reportText } from './report.js';
import { modelDifferences, readPlacedRows, rowDifferences } from './rows.js';
import { oldTables, TABLES } from './tables.js';

/** A bubblewrap to measure: an image with it, its version and the releases that package it; undefined: the one that comes with Codex. */
interface Subject {
  readonly image: string;
  readonly releases: readonly (string | undefined)[];
  readonly version: string | undefined;
}

/**
 * Finds out what differs and prints it.
 * @returns 1 where something does, else 0
 * @throws Error with what is missing where it cannot measure
 */
export async function check({ write }: { readonly write: boolean }): Promise<number> {
  await ensureMachine();
  const latest = await latestCodex();
  const { suites, unreachable } = await readPackageLists();
  if (suites.length === 0) throw new Error('No package list of any suite can be had: is there a network?');
  console.log([summary(latest, suites), ...unreachable].join('\n'));

  const known = readKnown();
  const rows = readPlacedRows();
  const behaviours: Record<string, Behaviour> = {};
  const found: Difference[] = [
    ...codexDifferences(latest, NEWEST_CODEX),
    ...packageDifferences(suites, known),
    ...modelDifferences(rows),
  ];
  for (const { image, releases, version } of await subjects(suites)) {
    for (const codex of new Set([NEWEST_CODEX, latest])) {
      const request: AgentRequest = { agent: CODEX, version: codex, network: 'restricted', bundledBwrap: true };
      const behaviour = await measure(image, request);
      for (const release of releases) {
        const key = behaviourKey(codex, release);
        behaviours[key] = behaviour;
        const before = known.behaviours[key] ?? known.behaviours[behaviourKey(NEWEST_CODEX, release)];
        const bubblewrap = release === undefined || version === undefined ? undefined : { release, version };
        found.push(
          ...behaviourDifferences(key, behaviour, before),
          ...settings(request, '').flatMap((setting) =>
            rowDifferences(rows, { codex, bubblewrap }, setting, behaviour.outcomes[setting.title] ?? ''),
          ),
        );
      }
    }
  }
  if (write) await writeKnown(recorded(known, suites, behaviours));
  const left = write ? found.filter(({ file }) => file !== KNOWN_FILE) : found;
  console.log(`\n${reportText(left, oldTables(TABLES, new Date()))}`);
  return left.length === 0 ? 0 : 1;
}

function summary(latest: string, suites: readonly SuitePackages[]): string {
  const lines = suites.map(({ suite, release, versions }) => {
    const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
    return `${release ?? suite}: ${packages.join(', ')}`;
  });
  return [`Codex ${latest}`, ...lines].join('\n');
}

/** Every bubblewrap once, whatever releases package it, and the one that comes with Codex. */
async function subjects(suites: readonly SuitePackages[]): Promise<readonly Subject[]> {
  const versions = new Set(suites.flatMap(({ versions: { bubblewrap } }) => bubblewrap ?? []));
  const found: Subject[] = [];
  for (const version of versions) {
    const those = suites.filter(({ versions: { bubblewrap } }) => bubblewrap === version);
    const image = await imageWith(those[0]?.suite ?? '', version);
    found.push({
      image,
      releases: those.map(({ suite, release }) => release ?? suite),
      version: upstreamVersion(version),
    });
  }
  const [first] = found;
  if (first) found.push({ image: await imageWithout(first.image), releases: [undefined], version: undefined });
  return found;
}
