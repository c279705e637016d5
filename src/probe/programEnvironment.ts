import { realpath } from 'node:fs/promises';
import { words } from '../model/wordList.js';
import { holds, pathsOf } from './boundary.js';

/**
 * Variables by which dynamic linkers (ld.so(8), dyld(1)), shells, Node.js, OpenSSL and interpreters load or run files. How they read
 * them (quotes, percent signs, names of modules) only they know, so none stays where there is a workspace. That sets them where a
 * dev container does (remoteEnv, containerEnv), and tools that read .envrc do by the user's leave.
 */
const OF_CODE = words(`
  LD_PRELOAD LD_AUDIT DYLD_INSERT_LIBRARIES BASH_ENV ENV NODE_OPTIONS NODE_PATH OPENSSL_CONF OPENSSL_CONF_INCLUDE OPENSSL_MODULES
  OPENSSL_ENGINES GIO_EXTRA_MODULES GIO_MODULE_DIR GIT_EXEC_PATH PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONUSERBASE PYTHONWARNINGS
  PERL5LIB PERLLIB PERL5OPT PERL5DB RUBYOPT RUBYLIB`);

/**
 * Variables that name folders and files in which programs find others: the dynamic linkers, Docker (the plug-ins and credential
 * helpers of its configuration, which `docker info` starts) and Podman.
 */
const OF_PLACES = words(`
  LD_LIBRARY_PATH DYLD_LIBRARY_PATH HOME XDG_CONFIG_HOME DOCKER_CONFIG CONTAINERS_CONF CONTAINERS_CONF_OVERRIDE`);

/** Both: what programs load, and where they look for it. */
export const LOADING = [...OF_CODE, ...OF_PLACES];

/** bash runs the commands in PS4 when it traces; the C library loads code from GCONV_PATH for a locale of LOCPATH. */
const OF_SHELLS = ['SHELLOPTS', 'BASHOPTS', 'PS4', 'GCONV_PATH', 'LOCPATH'];

/** Whether a variable can make a shell run what is in it, or what it names, before the shell's first command (bash(1), iconv(1)). */
export function actsOnShell(name: string): boolean {
  return name.startsWith('BASH_FUNC_') || OF_SHELLS.includes(name);
}

/** What container engines and the dev container CLI start by name, as docker starts `ssh` for DOCKER_HOST=ssh://… */
const STARTED_BY_NAME = ['ssh', 'docker', 'podman', 'docker-compose', 'podman-compose', 'node', 'git'];

/** Without links, as far as it exists: a file may appear after the check. */
async function realOf(path: string, platform: NodeJS.Platform): Promise<string> {
  const rules = pathsOf(platform);
  const above = rules.dirname(path);
  try {
    return await realpath(path);
  } catch {
    return above === path ? path : rules.join(await realOf(above, platform), rules.basename(path));
  }
}

/** Whether a path is in one of the folders, or leads into one. */
async function isInside(path: string, folders: readonly string[], platform: NodeJS.Platform): Promise<boolean> {
  const places = [path, await realOf(path, platform)];
  return folders.some((folder) => places.some((place) => holds(folder, place, platform)));
}

/** Whether a folder holds a link into one of the folders by which a program would be started. */
async function linksInto(entry: string, folders: readonly string[], platform: NodeJS.Platform): Promise<boolean> {
  const found = await Promise.all(
    STARTED_BY_NAME.map(async (name) => {
      const real = await realOf(pathsOf(platform).join(entry, name), platform);
      return folders.some((folder) => holds(folder, real, platform));
    }),
  );
  return found.includes(true);
}

async function cleanPath(path: string, folders: readonly string[], platform: NodeJS.Platform): Promise<string> {
  const rules = pathsOf(platform);
  const entries = path.split(rules.delimiter).filter((entry) => rules.isAbsolute(entry));
  const kept = await Promise.all(
    entries.map(
      async (entry) =>
        !(await isInside(rules.normalize(entry), folders, platform)) && !(await linksInto(entry, folders, platform)),
    ),
  );
  return entries.filter((_, index) => kept[index]).join(rules.delimiter);
}

/** Whether one of these variables names something in the folders, or may: what is relative or empty is in the working directory. */
async function namesPlaceIn(
  name: string,
  value: string,
  folders: readonly string[],
  platform: NodeJS.Platform,
): Promise<boolean> {
  const rules = pathsOf(platform);
  if (value === '') return false;
  // ld.so(8) takes both separators, and puts other names in the place of $ORIGIN and the like.
  const entries = name.endsWith('_LIBRARY_PATH') ? value.split(/[:;]/) : [value];
  if (entries.some((entry) => !rules.isAbsolute(entry) || entry.includes('$'))) return true;
  const inside = await Promise.all(entries.map((entry) => isInside(rules.normalize(entry), folders, platform)));
  return inside.includes(true);
}

/**
 * The environment in which a program of this machine is started: the same, without what makes it start or load something of the
 * workspace. PATH has no entry that is empty, relative, in one of the folders or leads into one. Names of variables have no case on
 * Windows.
 * @param workspaces the folders from which nothing is run (boundary.ts)
 */
export async function programEnvironment(
  environment: Readonly<NodeJS.ProcessEnv>,
  workspaces: readonly string[],
  platform: NodeJS.Platform = process.platform,
): Promise<NodeJS.ProcessEnv> {
  const real = await Promise.all(workspaces.map((folder) => realOf(folder, platform)));
  const folders = [...new Set([...workspaces, ...real])];
  const named = (name: string): string => (platform === 'win32' ? name.toUpperCase() : name);
  const entries = await Promise.all(
    Object.entries(environment).map(async ([name, value]): Promise<[string, string][]> => {
      if (value === undefined) return [];
      if (named(name) === 'PATH') {
        const path = await cleanPath(value, folders, platform);
        // Empty it would mean the working directory.
        return path === '' ? [] : [[name, path]];
      }
      const loads =
        folders.length > 0 &&
        (OF_CODE.includes(named(name)) ||
          actsOnShell(named(name)) ||
          (OF_PLACES.includes(named(name)) && (await namesPlaceIn(named(name), value, folders, platform))));
      return loads ? [] : [[name, value]];
    }),
  );
  return Object.fromEntries(entries.flat());
}
