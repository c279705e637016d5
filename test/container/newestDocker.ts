import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atEnd } from '../run/lifetime.js';
import { cache } from '../run/project.js';
import { removeControlGroups } from './controlGroups.js';
import { newestDockerFiles } from './newestDockerFiles.js';
import { run } from './process.js';

/** A Docker that containers run in. */
export interface Engine {
  /** The client that leads to it. */
  readonly docker: string;
  /** Of its daemon. */
  readonly version: string;
}

/** The newest Docker that can be had, running until it is closed or this program ends. */
export interface NewestDocker extends Engine {
  close(): Promise<void>;
}

/** It has to answer within so many milliseconds. */
const LIMIT_MS = 60_000;

/**
 * Makes the folder of the daemon's distribution its root and starts it there; the folders after the first two are those of the
 * machine that it sees. In a mere chroot the kernel refuses user namespaces to all containers (measured), and with the machine's
 * network `--bridge none` would remove the bridge of the machine's own daemon.
 */
const START = `set -e
root=$1 work=$2
shift 2
mount --make-rprivate /
mount --bind "$root" "$root"
cd "$root"
mkdir -p old
pivot_root . old
mount -t proc proc /proc
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /tmp
for folder in /sys /dev "$@"; do
  mkdir -p "$folder"
  mount --rbind "/old$folder" "$folder"
done
umount -l /old
exec dockerd --config-file "$work/daemon.json" --data-root "$work/data" --exec-root "$work/exec" \\
  --pidfile "$work/docker.pid" --host "unix://$work/docker.sock" --cgroup-parent "/\${work##*/}" \\
  --bridge none --iptables=false --ip6tables=false`;

/**
 * Starts the Docker of Debian's unstable suite beside the one of the machine, with storage, network, processes and mounts of its
 * own. Its containers have no network. They may mount what is below the temporary folder and the cache folder.
 * @throws Error when it cannot be had or does not come up
 */
export async function startNewestDocker(): Promise<NewestDocker> {
  if (process.getuid?.() !== 0) throw new Error('Only root can start the newest Docker: run as root.');
  const root = await newestDockerFiles();
  const work = mkdtempSync(join(tmpdir(), 'newest-docker-'));
  writeFileSync(join(work, 'daemon.json'), '{}');
  const client = writeClient(root, work);
  const log = join(work, 'dockerd.log');
  const output = openSync(log, 'w');
  // Whatever ends unshare ends all that runs in the process namespace that it has made.
  const namespaces = ['--mount', '--net', '--pid', '--fork', '--kill-child=SIGKILL'];
  const daemon = spawn('unshare', [...namespaces, 'sh', '-c', START, 'sh', root, work, tmpdir(), cache], {
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  let problem: Error | undefined;
  daemon.once('error', (error) => (problem = error));
  const ended = new Promise((resolve) => daemon.once('close', resolve));
  const running = (): boolean => !problem && daemon.exitCode === null && daemon.signalCode === null;

  let closed: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    if (running()) {
      daemon.kill('SIGKILL');
      await ended;
    }
    await removeControlGroups(basename(work));
    await rm(work, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  const close = (): Promise<void> => (closed ??= end());
  atEnd(close);

  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const { status, stdout } = await run(client, ['version', '--format', '{{.Server.Version}}']);
    if (status === 0) return { docker: client, version: stdout.trim(), close };
    if (!running() || Date.now() > deadline) {
      throw new Error(
        `The newest dockerd did not start: ${problem?.message ?? readFileSync(log, 'utf8').slice(-2000)}`,
      );
    }
    await sleep(100);
  }
}

/**
 * A program that runs the daemon's own client with its own libraries, in the file system of the machine: the machine's client may
 * be too old for the daemon.
 */
function writeClient(root: string, work: string): string {
  const library = readdirSync(join(root, 'usr/lib')).find((name) => name.endsWith('-linux-gnu')) ?? '';
  const loader = readdirSync(join(root, 'usr/lib', library)).find((name) => /^ld-linux.*\.so\.\d$/.test(name)) ?? '';
  const libraries = join(root, 'usr/lib', library);
  const client = join(work, 'bin/docker');
  mkdirSync(dirname(client));
  const program = [join(libraries, loader), '--library-path', libraries, join(root, 'usr/bin/docker')];
  const line = [...program, '--host', `unix://${join(work, 'docker.sock')}`].map((word) => `'${word}'`).join(' ');
  writeFileSync(client, `#!/bin/sh\nexec ${line} "$@"\n`, { mode: 0o755 });
  return client;
}
