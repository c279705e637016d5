import { access, readFile, realpath } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { posix, win32, type PlatformPath } from 'node:path';
import { viewsOf } from './mounts.js';

/** What makes a folder the root of a repository. */
const REPOSITORY = '.git';

/** What the folder of a project holds. */
const MARKERS = ['.devcontainer', '.devcontainer.json', REPOSITORY];

/** Of whom and of which machine the folders are. */
export interface BoundaryOptions {
  /** The user's home folder. Default: as the system's list of users has it. */
  readonly home?: string | undefined;
  /** The user has opened the folders: that a home folder is a Git repository (dotfiles) makes it no project then. */
  readonly opened?: boolean;
  /** Default: this process's. */
  readonly platform?: NodeJS.Platform;
  /** Whether there is such a file. Default: the file system is asked. */
  readonly exists?: (path: string) => Promise<boolean>;
}

/** The options, complete. */
interface Machine {
  /** The home folder, by its names; none: it is not known. */
  readonly homes: readonly string[];
  readonly opened: boolean;
  readonly platform: NodeJS.Platform;
  readonly exists: (path: string) => Promise<boolean>;
}

/** The rules for paths of a system. */
export function pathsOf(platform: NodeJS.Platform): PlatformPath {
  return platform === 'win32' ? win32 : posix;
}

/**
 * Whether an absolute path is the folder or lies below it, by the rules of the system: on Windows in each of its spellings.
 * Both as realpath gives them, or both not resolved.
 */
export function holds(folder: string, path: string, platform: NodeJS.Platform = process.platform): boolean {
  const rules = pathsOf(platform);
  const way = rules.relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${rules.sep}`) && !rules.isAbsolute(way));
}

/**
 * Not os.homedir(), which believes HOME: devcontainer.json sets that to what it likes, so to the workspace, which would then be
 * taken for the home folder.
 */
function homeOfUser(): string | undefined {
  try {
    return userInfo().homedir;
  } catch {
    // A user without an entry (`docker run --user 12345`) has none.
    return undefined;
  }
}

/** Whether there is a file or folder of that name, as far as this user can see. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** A path without links; as it is where it leads nowhere. */
export async function realOf(path: string): Promise<string> {
  // What is gone holds nothing.
  return realpath(path).catch(() => path);
}

/** The folder and those above it, the innermost first. */
function upwards(folder: string, platform: NodeJS.Platform): readonly string[] {
  const above = pathsOf(platform).dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(above, platform)];
}

async function machineOf(options: BoundaryOptions): Promise<Machine> {
  const { home = homeOfUser(), opened = false, platform = process.platform } = options;
  const homes = home === undefined ? [] : [home, await realOf(home)];
  return { homes, opened, platform, exists: options.exists ?? exists };
}

function holdsHome(folder: string, { homes, platform }: Machine): boolean {
  return homes.some((home) => holds(folder, home, platform));
}

function isHome(folder: string, { homes, platform }: Machine): boolean {
  return homes.some((home) => holds(folder, home, platform) && holds(home, folder, platform));
}

/** The root of the file system. A Windows drive does not count, unless it contains the home folder. */
function isRoot(folder: string, machine: Machine): boolean {
  const { platform } = machine;
  return pathsOf(platform).dirname(folder) === folder && (platform !== 'win32' || holdsHome(folder, machine));
}

async function isProject(folder: string, machine: Machine): Promise<boolean> {
  const { opened, platform } = machine;
  const markers = opened && isHome(folder, machine) ? MARKERS.filter((name) => name !== REPOSITORY) : MARKERS;
  const found = await Promise.all(markers.map((name) => machine.exists(pathsOf(platform).join(folder, name))));
  return found.includes(true);
}

/**
 * The projects that contain a folder, the innermost first. The home folder counts only if it is that folder itself: a home
 * folder in Git would otherwise include everything that the user has installed.
 */
async function projectsAround(folder: string, machine: Machine): Promise<readonly string[]> {
  const folders = upwards(folder, machine.platform).filter(
    (above) => !isRoot(above, machine) && (above === folder || !holdsHome(above, machine)),
  );
  const projects = await Promise.all(folders.map((above) => isProject(above, machine)));
  return folders.filter((_, index) => projects[index]);
}

/** The home folder and the root are not a workspace, unless they are a project: programs are installed there. */
function isNone(folder: string, machine: Machine): boolean {
  return isRoot(folder, machine) || isHome(folder, machine);
}

/**
 * The project that contains a folder, else that folder; undefined if it is not a workspace: a home folder without a project, or
 * the root.
 * @param folder absolute
 */
export async function projectAround(folder: string, options: BoundaryOptions = {}): Promise<string | undefined> {
  const machine = await machineOf(options);
  const [innermost] = await projectsAround(folder, machine);
  return innermost ?? (isNone(folder, machine) ? undefined : folder);
}

/**
 * The folders from which nothing runs, for the folders of a command or a window: the outermost project around each one, for
 * instance the root of a monorepo, else the folder itself, and all places where Linux mounts show the same. Empty without a
 * workspace. Never fails: if the mounts cannot be read, no second place is known.
 * @param folders absolute
 */
export async function boundariesOf(
  folders: readonly string[],
  options: BoundaryOptions = {},
): Promise<readonly string[]> {
  const machine = await machineOf(options);
  // A label may name a folder of another system, which does not exist here.
  const absolute = folders.filter((folder) => pathsOf(machine.platform).isAbsolute(folder));
  const found = await Promise.all(
    absolute.map(async (folder) => {
      // A link may lead into a project, and it may lie in one.
      const names = [...new Set([folder, await realOf(folder)])];
      const around = await Promise.all(
        names.map(async (name) => (await projectsAround(name, machine)).at(-1) ?? (isNone(name, machine) ? [] : name)),
      );
      return around.flat();
    }),
  );
  const boundaries = [...new Set(found.flat())];
  if (boundaries.length === 0 || machine.platform !== 'linux') return boundaries;
  const mountinfo = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  return [...new Set([...boundaries, ...viewsOf(await Promise.all(boundaries.map(realOf)), mountinfo)])];
}
