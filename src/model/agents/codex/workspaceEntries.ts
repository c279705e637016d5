import type { ProjectFile, Shielded, ShieldedLinks } from '../../agent/agent.js';
import { compareVersions } from '../../versions.js';
import { linkedEntry, linkedEntryPanic, unreadableConfig } from './errors.js';

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

const THREE = ['.git', '.agents', '.codex'];

/**
 * What versions of Codex make of links, oldest first; measured in workspace-write mode, as root and as uid 1000, with links to
 * folders, to files, to nothing, in and out of the workspace (openai/codex #27354, #20716, #15725). In read-only mode links do no harm.
 */
const LINKS: readonly { readonly since: string; readonly links: ShieldedLinks | undefined }[] = [
  // Landlock: 0.98.0 and 0.110.0.
  { since: '0.0.0', links: undefined },
  // 0.115.0 and 0.118.0: `bwrap: Can't create file at P: Is a directory` where the link leads to a folder, else they work.
  { since: '0.115.0', links: { names: THREE } },
  // 0.120.0 and 0.121.0.
  { since: '0.120.0', links: undefined },
  // 0.122.0 to 0.125.0 let a .git or .agents pass that leads to nothing; 0.128.0 does not.
  { since: '0.122.0', links: { names: THREE, error: linkedEntryPanic } },
  // 0.129.0 and 0.130.0.
  { since: '0.129.0', links: { names: THREE, error: linkedEntry } },
  // 0.163.0 and 0.169.0.
  { since: '0.163.0', links: { names: [...THREE, '.aws'], error: linkedEntry } },
];

/**
 * Codex's configuration of a project, which it reads before all else in every mode, danger-full-access included (measured with eight
 * versions from 0.98.0 to 0.169.0, as uid 1000).
 */
export const PROJECT_CONFIG: ProjectFile = { path: '.codex/config.toml', unreadable: unreadableConfig };

const [NOTHING] = ENTRIES as readonly [Entries, ...Entries[]];

/** What this version of Codex shields in the workspace folder. */
export function shieldedBy(version: string): Shielded {
  const reached = ({ since }: { readonly since: string }): boolean => compareVersions(version, since) >= 0;
  const entries = ENTRIES.findLast(reached) ?? NOTHING;
  const links = LINKS.findLast(reached)?.links;
  return links ? { ...entries, links } : entries;
}

/** Their names, in the order in which what is missing is created. */
export function shieldedEntries(version: string): readonly string[] {
  return shieldedBy(version).names;
}
