import { relative, resolve } from 'node:path';
import type { Configuration } from '../sources/configuration/configuration.js';
import type { WorkspaceFiles } from '../sources/workspace/files.js';
import { readConfigurations } from '../sources/configuration/readConfiguration.js';
import { InputError } from './errors.js';
import type { Location } from './locate.js';

/**
 * The configurations that a PATH means.
 * @throws InputError when there is none, or one cannot be read at all
 */
export async function select(location: Location, files: WorkspaceFiles): Promise<readonly Configuration[]> {
  const all = await readConfigurations(files, location.only);
  const meant = all.filter((configuration) => configuration.file.startsWith(location.prefix));
  if (meant.length === 0) {
    throw new InputError(
      `${location.root} has no dev container configuration. Looked for ${location.lookedFor} in ${location.folder}.`,
    );
  }
  const unread = meant.find((configuration) => !configuration.texts.has(configuration.file));
  if (unread !== undefined) {
    const why = unread.problems.find((problem) => problem.place.file === unread.file)?.message ?? '';
    const path = relative(location.boundary, resolve(location.folder, unread.file)).replaceAll('\\', '/');
    throw new InputError(`${path} of ${location.root} cannot be checked. ${why}`.trim());
  }
  return meant;
}
