import { isRoot, type Container } from './container.js';

/** The home folder of the user that the agent runs as, by custom. */
export function homeOf(container: Container): string {
  return isRoot(container) === true ? '/root' : `/home/${container.user.value?.split(':', 1)[0] ?? ''}`;
}

/**
 * Whether a mount makes the folder writable for the agent's user under a read-only root. A tmpfs on an existing folder
 * belongs to root unless `uid=` says otherwise, and `mode=` then counts for nothing; on a new one `mode=1777` counts
 * (measured with Docker 20.10). /tmp is for everybody, also in a volume. A volume on an existing folder, as the home is one,
 * takes its owner over; on a new one it belongs to root (measured).
 */
export function writable(container: Container, folder: string): boolean {
  return container.tmpfs.some(({ value }) => {
    const [path = '', options = ''] = value?.split(':') ?? [];
    const mount = path.replace(/\/$/, '');
    if (mount === '' || !(folder === mount || folder.startsWith(`${mount}/`))) return false;
    if (folder === '/tmp' || isRoot(container) === true) return true;
    if (options === 'volume') return mount === homeOf(container);
    return /\buid=/.test(options) || (mount === folder && options.includes('mode=1777'));
  });
}
