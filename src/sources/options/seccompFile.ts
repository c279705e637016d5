import { known, unknown, type Seccomp, type Sourced } from '../../model/container/container.js';
import { parseSeccompProfile } from '../../model/seccomp/profile.js';
import type { Place } from '../../model/place.js';
import { problemMessage, type Problem } from '../text/problem.js';
import type { FileText } from '../workspace/files.js';
import { resolvePath, type ResolvedPath } from '../text/paths.js';
import type { ConfigurationReader } from '../workspace/reader.js';
import type { SeccompOption } from './securityOptions.js';

/** A path of more parts is nobody's. */
const MOST_FOLDERS = 20;

/**
 * Reads the profile that `seccomp=FILE` names. Docker resolves a relative path against the folder it is started in,
 * which is the workspace folder, and Docker Compose against the project directory. One that is missing, a folder, not readable or
 * invalid keeps the container from starting (measured): the value says so, and a rule of its own reports it.
 * @param folder that folder, relative to the workspace folder; undefined: outside
 */
export async function readSeccomp(
  option: Sourced<SeccompOption>,
  folder: string | undefined,
  reader: ConfigurationReader,
): Promise<{ readonly seccomp: Sourced<Seccomp>; readonly problems: readonly Problem[] }> {
  const { value, places } = option;
  const [place] = places;
  if (value === undefined) return { seccomp: unknown(option.why ?? 'it cannot be read', ...places), problems: [] };
  if (value.kind !== 'file' || !place) {
    return {
      seccomp: known(value.kind === 'unconfined' ? { kind: 'unconfined' } : { kind: 'default' }, ...places),
      problems: [],
    };
  }
  const path: ResolvedPath = folder === undefined ? { kind: 'outside' } : resolvePath(folder, value.path);
  const file = path.kind === 'inside' ? path.path : value.path;
  const referred = { what: 'the seccomp profile', name: file, effect: 'The container cannot start' };
  const answer = await reader.follow(path, referred, place);
  const custom = (rest: Partial<Seccomp & { kind: 'custom' }>): Sourced<Seccomp> =>
    known({ kind: 'custom', file, profile: undefined, ...rest }, ...places);
  if (answer.kind === 'unknown') return { seccomp: unknown(answer.why, ...places), problems: [] };
  const content = path.kind === 'inside' ? await reader.files.read(path.path) : undefined;
  switch (content?.kind) {
    case 'text':
      return { seccomp: custom(read(content)), problems: [] };
    case 'missing':
      return { seccomp: custom({ problem: 'it does not exist' }), problems: [] };
    case 'unreadable':
      return { seccomp: custom({ problem: `it cannot be read (${content.reason})` }), problems: [] };
    default: {
      const problem =
        answer.kind === 'text' ? undefined : ((await pathInContainer(value.path, place, reader)) ?? answer.problem);
      return { seccomp: custom({}), problems: problem ? [problem] : [] };
    }
  }
}

/** An absolute path whose end names a file of the workspace was taken from inside of the container, where Docker does not look. */
async function pathInContainer(path: string, place: Place, reader: ConfigurationReader): Promise<Problem | undefined> {
  const [, ...parts] = path.split('/');
  if (!path.startsWith('/') || parts.includes('..') || parts.length > MOST_FOLDERS) return undefined;
  for (const index of parts.keys()) {
    const end = parts.slice(index).join('/');
    // A bare name may be another file's.
    if (!end.includes('/') && !/^\/workspaces?\//.test(path)) continue;
    if ((await reader.files.read(end)).kind !== 'text') continue;
    const message = problemMessage(
      'The container may not start: the seccomp profile has a path of the container',
      `Write "seccomp=\${localWorkspaceFolder}/${end}".`,
      `Docker looks for "${path}" on the machine that starts the container.`,
    );
    return { kind: 'outside', place, message };
  }
  return undefined;
}

/** Docker wants the text as it is in the file: it refuses a byte order mark. */
function read({ text, byteOrderMark }: FileText & { kind: 'text' }): Partial<Seccomp & { kind: 'custom' }> {
  try {
    return { profile: parseSeccompProfile(byteOrderMark === true ? `\uFEFF${text}` : text) };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}
