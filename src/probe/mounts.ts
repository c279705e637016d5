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
    // Of namespaces and the like the root is no path.
    if (id === undefined || parent === undefined || device === undefined || !root?.startsWith('/')) return [];
    const path = (written = ''): string => unescaped(written).replace(/\/$/, '');
    return [{ id, parent, device, root: path(root), point: path(point) }];
  });
}

function isIn(folder: string, path: string): boolean {
  return `${path}/`.startsWith(`${folder}/`);
}

/**
 * The mount that is seen at a path. As the kernel walks: from the root to the first mount on the way, from there to the next one
 * whose parent that is. So what is mounted later over a path hides what was mounted below it.
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

/** What is mounted in a folder. A system of its own, such as /usr for a chroot, makes the programs of this one no part of it. */
function mountedIn(folder: string, mounts: readonly Mount[]): readonly Content[] {
  const system = SYSTEM.flatMap((path) => contentAt(path, mounts));
  return mounts
    .filter((mount) => mount.point !== folder && isIn(folder, mount.point) && mountAt(mount.point, mounts) === mount)
    .map(({ device, root }) => ({ device, path: root }))
    .filter(({ device, path }) => !system.some((of) => of.device === device && isIn(path, of.path)));
}

/** Where a mount shows something: all that it shows, or a part. */
function placeIn({ device, root, point }: Mount, content: Content): string | undefined {
  if (device !== content.device) return undefined;
  if (isIn(content.path, root)) return point;
  return isIn(root, content.path) ? point + content.path.slice(root.length) : undefined;
}

/**
 * The places at which mounts show these folders, what lies in them or what is mounted in them: a second mount of a folder, of what
 * holds it, of a part of it. media/probe.sh finds the same in a container.
 * @param folders absolute, without symbolic links
 * @param mountinfo the text of /proc/self/mountinfo
 */
export function viewsOf(folders: readonly string[], mountinfo: string): readonly string[] {
  const mounts = parse(mountinfo);
  const contents = folders.flatMap((folder) => [...contentAt(folder, mounts), ...mountedIn(folder, mounts)]);
  const places = contents.flatMap((content) =>
    mounts.flatMap((mount) => {
      const place = placeIn(mount, content);
      // Of a container whose own files lie in that folder (storage below a home folder), all would be the workspace.
      return place && mountAt(place, mounts) === mount ? [place] : [];
    }),
  );
  return [...new Set(places)];
}
