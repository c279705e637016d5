import { bwrapHas, type Chosen } from '../../bwrap/bwrap.js';
import { compareVersions } from '../../versions.js';
import type { Container, Refusal } from '../../container/container.js';

/** What a version of Codex shields in the workspace folder: what is missing there bubblewrap has to create, to mount over it. */
interface Entries {
  /** The first version that was measured to do so. */
  readonly since: string;
  /** In the order in which bubblewrap meets them. */
  readonly names: readonly string[];
  /** As what a missing one is created; 0.12 of bubblewrap words both alike. */
  readonly as: 'file' | 'folder';
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

function entriesOf(version: string): Entries {
  return ENTRIES.findLast(({ since }) => compareVersions(version, since) >= 0) ?? NOTHING;
}

/** What this version of Codex shields in the workspace folder, in the order in which what is missing is created. */
export function shieldedEntries(version: string): readonly string[] {
  return entriesOf(version).names;
}

const MESSAGES: Readonly<Record<Refusal, string>> = { EACCES: 'Permission denied', EROFS: 'Read-only file system' };

/**
 * What bubblewrap prints where the workspace folder lets it create nothing: of the first entry that is missing.
 * @returns undefined where nothing has to be created, or nothing is known of the folder
 */
export function workspaceError({ workspace, bwrap }: Container, version: string, chosen: Chosen): string | undefined {
  if (workspace?.refuses === undefined) return undefined;
  const { names, as } = entriesOf(version);
  const missing = names.find((name) => !workspace.present.includes(name));
  if (missing === undefined) return undefined;
  const reworded = chosen.kind === 'system' && bwrapHas(bwrap.version.value, 'rewordsCreation') === true;
  const verb = reworded ? 'create file' : as === 'file' ? 'create file at' : 'mkdir';
  return `bwrap: Can't ${verb} ${workspace.path}/${missing}: ${MESSAGES[workspace.refuses]}`;
}

/** Whether an error text is the workspace folder's: the gate writable-paths has other causes beside it. */
export function isWorkspaceError(error: string): boolean {
  return /\bbwrap: Can't (?:mkdir|create file) /.test(error);
}
