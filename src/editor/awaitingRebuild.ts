/** A fix of a configuration that has an effect once its container is rebuilt. */
export interface AwaitingRebuild {
  /** The name of the workspace folder: in the container it may have another path. */
  readonly folder: string;
  /** Hashes of the files as the fix left them, by path in that folder. */
  readonly files: Readonly<Record<string, string>>;
  /** When it was made, in milliseconds since 1970. */
  readonly at: number;
}

/** So many are remembered. */
const MOST = 20;

/** Whether a value that was stored is what this version stores. */
function isAwaiting(value: unknown): value is AwaitingRebuild {
  if (typeof value !== 'object' || value === null) return false;
  const { folder, files, at } = value as Partial<Record<string, unknown>>;
  return typeof folder === 'string' && typeof at === 'number' && typeof files === 'object' && files !== null;
}

/** What was stored; what another version stored is left out. */
export function readAwaiting(stored: unknown): readonly AwaitingRebuild[] {
  return Array.isArray(stored) ? stored.filter(isAwaiting) : [];
}

/** With one more, in place of those of the same folder and files. */
export function remember(known: readonly AwaitingRebuild[], one: AwaitingRebuild): readonly AwaitingRebuild[] {
  const paths = (files: AwaitingRebuild['files']): string => Object.keys(files).sort().join('\n');
  const others = known.filter(({ folder, files }) => folder !== one.folder || paths(files) !== paths(one.files));
  return [one, ...others].slice(0, MOST);
}

/** A folder that is open in a container. */
export interface OpenFolder {
  readonly name: string;
  /** The hash of a file; undefined: there is none. */
  readonly hashOf: (path: string) => Promise<string | undefined>;
}

/**
 * Those whose container is rebuilt: the window is in a container that is newer than the fix, and the folder has the files as the fix
 * left them.
 * @param made when the container was made, in milliseconds since 1970
 */
export async function rebuilt(
  known: readonly AwaitingRebuild[],
  made: number,
  folders: readonly OpenFolder[],
): Promise<readonly AwaitingRebuild[]> {
  const found: AwaitingRebuild[] = [];
  for (const one of known.filter(({ at }) => at < made)) {
    for (const { name, hashOf } of folders) {
      if (name !== one.folder) continue;
      const now = await Promise.all(
        Object.entries(one.files).map(async ([path, hash]) => (await hashOf(path)) === hash),
      );
      if (now.every(Boolean)) found.push(one);
    }
  }
  return [...new Set(found)];
}
