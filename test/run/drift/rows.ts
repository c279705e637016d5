import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { predict } from '../../../src/model/sandbox/predict.js';
import { codexOf, containerOf, hostOf, type Row } from '../../ground-truth/rows.js';
import { root } from '../project.js';
import type { Difference } from './compare.js';
import type { Setting } from './matrix.js';

const FOLDER = 'test/ground-truth/rows';

/** A row with where it stands. */
export interface PlacedRow {
  readonly row: Row;
  /** `FILE:LINE`. */
  readonly at: string;
}

/** Every row of the ground truth. */
export function readPlacedRows(): readonly PlacedRow[] {
  const files = readdirSync(join(root, FOLDER)).filter((name) => name.endsWith('.jsonl'));
  return files.flatMap((name) => placedRows(`${FOLDER}/${name}`, readFileSync(join(root, FOLDER, name), 'utf8')));
}

/** The rows in the text of one file. */
export function placedRows(file: string, text: string): readonly PlacedRow[] {
  return text
    .split('\n')
    .map((line, index) => ({ line, at: `${file}:${index + 1}` }))
    .filter(({ line }) => line !== '')
    .map(({ line, at }) => ({ row: JSON.parse(line) as Row, at }));
}

/** What a container is made of, for rows of the same to be found. */
export interface Subject {
  readonly codex: string;
  /** The release and the upstream version of the bubblewrap in the image; undefined: there is none. */
  readonly bubblewrap: { readonly release: string; readonly version: string } | undefined;
}

/** The rows of the same container, run on a host without AppArmor, that say something else than what was measured. */
export function rowDifferences(
  rows: readonly PlacedRow[],
  subject: Subject,
  setting: Setting,
  outcome: string,
): readonly Difference[] {
  return rows
    .filter(({ row }) => isOf(row, subject, setting))
    .filter(({ row }) => said(row) !== outcome)
    .map(({ row, at }) => ({ what: `The row says ${said(row)}\n    measured: ${outcome}`, file: at }));
}

function isOf(row: Row, { codex, bubblewrap }: Subject, { user, rowArgs }: Setting): boolean {
  const { image } = row;
  const sameImage = bubblewrap
    ? image.distro === bubblewrap.release && image.bwrap === 'plain' && image.bwrapVersion === bubblewrap.version
    : image.distro.startsWith('debian:') && image.bwrap === 'absent';
  return (
    sameImage &&
    row.host === 'docker-desktop' &&
    row.codex === codex &&
    row.network === 'restricted' &&
    row.bare !== true &&
    row.containerUser === undefined &&
    (row.user === 'root') === (user === 'root') &&
    [...row.dockerArgs].sort().join(' ') === [...rowArgs].sort().join(' ')
  );
}

function said({ outcome, stderr }: Row): string {
  return outcome === 'works' ? 'works' : `fails: ${stderr.split('\n').at(-1) ?? ''}`;
}

/** The rows that the model contradicts, as `npm run test:ground-truth` would. */
export function modelDifferences(rows: readonly PlacedRow[]): readonly Difference[] {
  return rows.flatMap(({ row, at }) => {
    const { outcome, error } = predict(containerOf(row), hostOf(row), codexOf(row));
    const predicted = outcome === 'fails' ? `fails: ${error ?? ''}` : outcome;
    if (predicted === said(row)) return [];
    return [{ what: `The row says ${said(row)}\n    the model: ${predicted}`, file: at }];
  });
}
