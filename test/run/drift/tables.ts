import { PACKAGED_DATE } from '../../../src/model/bwrap/bwrap.js';
import { FEATURES_DATE } from '../../../src/sources/features/table.js';
import { DEVCONTAINER_IMAGES_DATE } from '../../../src/sources/image/devcontainerImages.js';
import { PUBLIC_IMAGES_DATE } from '../../../src/sources/image/publicImages.js';

/** A table of facts that other people change. */
export interface Table {
  readonly file: string;
  /** Of which day its facts are. */
  readonly date: string;
  /** How it is made anew. */
  readonly renewal: string;
}

/** The tables in the product. */
export const TABLES: readonly Table[] = [
  {
    file: 'src/sources/data/devcontainerImages.json',
    date: DEVCONTAINER_IMAGES_DATE,
    renewal: 'node --import tsx test/run/generateImages.ts FOLDER',
  },
  {
    file: 'src/sources/data/features.json',
    date: FEATURES_DATE,
    renewal: 'node --import tsx test/run/generateFeatures.ts FOLDER',
  },
  {
    file: 'src/sources/image/publicImages.ts',
    date: PUBLIC_IMAGES_DATE,
    renewal: 'by hand, from the sources named in it',
  },
  { file: 'src/model/bwrap/bwrap.ts', date: PACKAGED_DATE, renewal: 'by hand, from what this check finds' },
];

/** A table older than this many days is named. */
export const LONGEST_DAYS = 90;

const DAY_MS = 86_400_000;

/** How old a table is, in whole days. */
export function ageInDays({ date }: Table, now: Date): number {
  return Math.floor((now.getTime() - Date.parse(date)) / DAY_MS);
}

/** A line for each table that is too old. */
export function oldTables(tables: readonly Table[], now: Date): readonly string[] {
  return tables
    .filter((table) => ageInDays(table, now) > LONGEST_DAYS)
    .map((table) => `${table.file}: ${ageInDays(table, now)} days old (${table.date}); to renew: ${table.renewal}`);
}
