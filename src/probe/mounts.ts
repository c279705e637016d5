/** One line of /proc/self/mountinfo (proc(5)). `root` and `point` without a slash at their end, so that `/` is empty. */
interface Mount {
  readonly id: string;
  readonly parent: string;
  readonly device: string;
  /** What of the device is shown. */
  readonly root: string;
  /** Where. */
  readonly point: string;
}

/** The same content has the same device and the same path on it, wherever it is mounted. */
interface Content {
  readonly device: string;
  readonly path: string;
}

/** Where the programs of this system are. */
const SYSTEM = ['/usr/bin', '/bin'];

/** The kernel writes white space and backslashes as octal numbers. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}

function parse(mountinfo: string): readonly Mount[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [id, parent, device, root, point] = line.split(' ');
    // Namespaces and the like have a root that is not a path.
    if (id === undefined || parent === undefined || device === undefined || !root?.startsWith('/')) return [];
    const path = (written = ''): string => unescaped(written).replace(/\/$/, '');
    return [{ id, parent, device, root: path(root), point: path(point) }];
  });
}

function isIn(folder: string, path: string): boolean {
  return `${path}/`.startsWith(`${folder}/`);
}

/**
 * The visible mount at a path. It walks like the kernel: from the root to the first mount on the path, then to the next one with
 * that parent. A later mount over a path therefore hides the mounts below it.
 */
function mountAt(path: string, mounts: readonly Mount[]): Mount | undefined {
  const ids = new Set(mounts.map(({ id }) => id));
  let seen: Mount | undefined;
  for (;;) {
    const next = mounts
      .filter(({ point }) => isIn(point, path))
      .filter(({ id, parent }) =>
        seen === undefined ? parent === id || !ids.has(parent) : parent === seen.id && id !== seen.id,
      )
      .reduce<Mount | undefined>((best, one) => (best && best.point.length < one.point.length ? best : one), undefined);
    if (next === undefined) return seen;
    seen = next;
  }
}

function contentAt(path: string, mounts: readonly Mount[]): readonly Content[] {
  const mount = mountAt(path, mounts);
  return mount ? [{ device: mount.device, path: mount.root + path.slice(mount.point.length) }] : [];
}

/** The mounts in a folder. A separate system in it, such as /usr for a chroot, does not make this system's programs a part of it. */
function mountedIn(folder: string, mounts: readonly Mount[]): readonly Content[] {
  const system = SYSTEM.flatMap((path) => contentAt(path, mounts));
  return mounts
    .filter((mount) => mount.point !== folder && isIn(folder, mount.point) && mountAt(mount.point, mounts) === mount)
    .map(({ device, root }) => ({ device, path: root }))
    .filter(({ device, path }) => !system.some((of) => of.device === device && isIn(path, of.path)));
}

/** Where a mount shows something: all of its content, or a part. */
function placeIn({ device, root, point }: Mount, content: Content): string | undefined {
  if (device !== content.device) return undefined;
  if (isIn(content.path, root)) return point;
  return isIn(root, content.path) ? point + content.path.slice(root.length) : undefined;
}

/**
 * The places at which mounts show these folders, their content or the mounts in them: a second mount of a folder, of a folder
 * above it, or of a part of it. media/probe.sh finds the same in a container.
 * @param folders absolute, without symbolic links
 * @param mountinfo the text of /proc/self/mountinfo
 */
export function viewsOf(folders: readonly string[], mountinfo: string): readonly string[] {
  const mounts = parse(mountinfo);
  const contents = folders.flatMap((folder) => [...contentAt(folder, mounts), ...mountedIn(folder, mounts)]);
  const places = contents.flatMap((content) =>
    mounts.flatMap((mount) => {
      const place = placeIn(mount, content);
      // If a container's own files are in that folder (storage below a home folder), everything would be the workspace.
      return place && mountAt(place, mounts) === mount ? [place] : [];
    }),
  );
  return [...new Set(places)];
}
