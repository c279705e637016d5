import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEnd } from '../run/lifetime.js';
import { removeControlGroups } from './controlGroups.js';
import { exportImage } from './images.js';
import { run, succeed, type Ended } from './process.js';

/** Podman with a storage of this run's own: whatever else this machine keeps in Podman is neither seen nor touched. */
export interface Podman {
  /** What stands in the place of an image on the command line of `podman run`. */
  readonly image: readonly string[];
  /** Removes its containers and all that it has stored. */
  close(): Promise<void>;
}

/** Podman's own limits are raised ones, which a machine without CAP_SYS_RESOURCE refuses (measured). */
const ULIMITS = ['nofile=1024:1024', 'nproc=4096:4096'];

/** The OCI runtimes in the order in which they are tried: Podman's choice first. crun refuses hybrid cgroups, which runc takes (measured). */
const RUNTIMES = [undefined, 'runc', 'crun'] as const;

/** Runs a podman command that has to succeed; its stdout. */
export function podman(...args: readonly string[]): Promise<string> {
  return succeed('podman', args);
}

/** Runs a podman command to its end, whatever its end is. */
export function askPodman(...args: readonly string[]): Promise<Ended> {
  return run('podman', args);
}

/**
 * Has Podman run containers of an image of Docker's. From now on every podman that this process starts uses its storage.
 * @throws Error with what Podman said when it cannot run one
 */
export async function startPodman(dockerImage: string): Promise<Podman> {
  const version = await run('podman', ['--version']).catch((error: unknown) => error);
  if (version instanceof Error) {
    throw new Error(`Podman is not installed (${version.message}); .ci/run installs it from Debian's packages.`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'podman-'));
  const close = closing(folder);
  atEnd(close);
  // Unpacked once: as an image of Podman's own it would be packed and unpacked again, which takes a busy machine half a minute.
  const root = join(folder, 'rootfs');
  await exportImage(dockerImage, root);
  process.env['CONTAINERS_STORAGE_CONF'] = join(folder, 'storage.conf');
  process.env['CONTAINERS_CONF'] = join(folder, 'containers.conf');
  // What a container writes goes into a layer of its own, `:O`, where the file system can have one.
  const images = [`${root}:O`, root].map((path) => ['--rootfs', path]);
  const said: string[] = [];
  for (const runtime of RUNTIMES) {
    configure(folder, runtime);
    for (const image of images) {
      const ended = await askPodman('run', '--rm', '--network=host', ...image, 'true');
      if (ended.status === 0) return { image, close };
      said.push(`runtime ${runtime ?? 'as Podman chooses'}, ${image.join(' ')}: ${lastLine(ended)}`);
    }
  }
  throw new Error(`Podman cannot run a container on this machine:\n${said.join('\n')}`);
}

function lastLine({ status, stderr }: Ended): string {
  return stderr.trim().split('\n').at(-1) ?? `exit status ${status ?? 'none'}`;
}

/** Writes Podman's configuration; it reads no other. */
function configure(folder: string, runtime: string | undefined): void {
  const text = (value: string): string => JSON.stringify(value);
  const storage = [
    '[storage]',
    // It works on every file system, and there are no images to be slow with.
    'driver = "vfs"',
    `graphroot = ${text(join(folder, 'store'))}`,
    `runroot = ${text(join(folder, 'run'))}`,
  ];
  const containers = [
    '[containers]',
    `default_ulimits = [${ULIMITS.map(text).join(', ')}]`,
    '[engine]',
    'cgroup_manager = "cgroupfs"',
    'events_logger = "file"',
    `tmp_dir = ${text(join(folder, 'tmp'))}`,
    ...(runtime === undefined ? [] : [`runtime = ${text(runtime)}`]),
  ];
  writeFileSync(join(folder, 'storage.conf'), `${storage.join('\n')}\n`);
  writeFileSync(join(folder, 'containers.conf'), `${containers.join('\n')}\n`);
}

/** Once, however often it is asked for. */
function closing(folder: string): () => Promise<void> {
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    if (process.env['CONTAINERS_CONF']?.startsWith(`${folder}/`) === true) {
      await askPodman('rm', '--all', '--force', '--time=0');
      delete process.env['CONTAINERS_CONF'];
      delete process.env['CONTAINERS_STORAGE_CONF'];
    }
    // Podman mounts its storage on itself, which would keep the folder from being removed.
    const mounts = readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[1] ?? '')
      .filter((path) => path.startsWith(`${folder}/`));
    for (const mount of mounts.reverse()) await run('umount', [mount]);
    await removeControlGroups('libpod_parent');
    await rm(folder, { recursive: true, force: true });
  };
  return () => (closed ??= close());
}
