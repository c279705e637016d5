import { parseProbe } from '../../../src/probe/parse.js';
import type { Observation } from '../../../src/probe/observation.js';

export const NONCE = 'nonce';

/** Output of media/probe.sh from records `TYPE KEY VALUE` (first and last record are added). */
export function probeOutput(...records: readonly (readonly [string, string, string])[]): string {
  return [['probe', 'protocol', '1'], ['fact', 'temporary_folder', '/tmp'], ...records, ['probe', 'done', '1']]
    .map((record) => `${NONCE}\t${record.join('\t')}\n`)
    .join('');
}

export type Records = readonly (readonly [string, string, string])[];

/** The records of one step; `end` is `STATUS EXIT MS`. */
export function step(id: string, end: string, ...output: readonly string[]): Records {
  return [['begin', id, `run ${id}`], ...output.map((line) => ['output', id, line] as const), ['end', id, end]];
}

export const CODEX: Records = [
  ['fact', 'codex.path', '/usr/local/bin/codex'],
  ['fact', 'codex.version', 'codex-cli 0.169.0'],
];

export const SYSTEM_BWRAP: Records = [
  ['fact', 'bwrap.1.path', '/usr/bin/bwrap'],
  ['fact', 'bwrap.1.version', 'bubblewrap 0.8.0'],
  ['fact', 'bwrap.1.mode', '-rwxr-xr-x'],
  ['fact', 'bwrap.1.argv0', 'no'],
  ['fact', 'bwrap.1.usable', 'yes'],
];

export function observe(...records: Records): Observation {
  return parseProbe(probeOutput(...records), NONCE);
}
