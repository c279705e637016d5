import type { WorkspaceFolder } from '../../model/container/container.js';
import { CODEX } from '../../model/agents/codex/agent.js';
import { mountPoint } from '../options/mounts.js';
import type { Option } from '../options/option.js';
import type { WorkspaceFiles } from '../workspace/files.js';
import type { WorkspaceSource } from './workspaceSource.js';

/** All that a version of the agent shields, wherever that version is. */
const NAMES = CODEX.demands(CODEX.newestVersion).shields.links?.names ?? [];

/**
 * The workspace folder as far as files tell of it: which of the entries that the agent shields are symbolic links; undefined: none is.
 * Links are the same in the container, where nothing else is mounted over them. Whose the folder is no file tells.
 */
export async function linkedEntries(
  files: WorkspaceFiles,
  { folder, path }: WorkspaceSource,
  options: readonly Option[],
): Promise<WorkspaceFolder | undefined> {
  const { isLink } = files;
  if (!isLink) return undefined;
  const covered = new Set(options.map(mountPoint));
  const candidates = NAMES.filter((name) => !covered.has(`${path}/${name}`));
  const answers = await Promise.all(candidates.map((name) => isLink(folder === '' ? name : `${folder}/${name}`)));
  const links = candidates.filter((_, index) => answers[index]);
  return links.length === 0 ? undefined : { path: shown(path), refuses: undefined, present: links, links };
}

/** A path as an error text shows it: what a variable stands for is the machine's, and the variable itself is not printed. */
function shown(path: string): string {
  return path.replace(/\$\{[^{}]*\}/g, '…');
}
