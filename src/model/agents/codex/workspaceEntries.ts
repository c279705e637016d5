import type { Shielded } from '../../agent/agent.js';
import { compareVersions } from '../../versions.js';

/** What versions of Codex shield in the workspace folder. */
interface Entries extends Shielded {
  /** The first version that was measured to do so. */
  readonly since: string;
  readonly evidence: string;
}

const ENTRIES: readonly Entries[] = [
  { since: '0.0.0', names: [], as: 'file', evidence: 'measured with 0.115.0 and 0.116.0' },
  { since: '0.118.0', names: ['.codex'], as: 'file', evidence: 'measured with 0.118.0, 0.120.0 and 0.125.0' },
  {
    since: '0.128.0',
    names: ['.git', '.agents', '.codex'],
    as: 'folder',
    evidence: 'measured with 0.128.0, 0.129.0, 0.130.0, 0.136.0, 0.155.1 and 0.156.0',
  },
  {
    since: '0.163.0',
    names: ['.git', '.agents', '.codex', '.aws'],
    as: 'folder',
    evidence: 'measured with 0.163.0 and 0.169.0',
  },
];

const [NOTHING] = ENTRIES as readonly [Entries, ...Entries[]];

/** What this version of Codex shields in the workspace folder. */
export function shieldedBy(version: string): Shielded {
  return ENTRIES.findLast(({ since }) => compareVersions(version, since) >= 0) ?? NOTHING;
}

/** Their names, in the order in which what is missing is created. */
export function shieldedEntries(version: string): readonly string[] {
  return shieldedBy(version).names;
}
