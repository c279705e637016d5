import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atEnd } from '../run/lifetime.js';
import { cache } from '../run/project.js';
import { hostNetwork, restoreHostNetwork } from './hostNetwork.js';
import { run } from './process.js';

/** It has to answer within so many milliseconds, and to end within as many. */
const LIMIT_MS = 60_000;

/**
 * Starts a dockerd of this run's own and points DOCKER_HOST at it. Its images stay in the cache folder for the next run;
 * everything else goes into the temporary folder, and what it does to the machine's network is undone when it has been stopped.
 * @throws Error when this user may not start one, or it does not come up
 */
export async function startDaemon(): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('No Docker answers, and only root can start one: run as root.');
  const folder = mkdtempSync(join(tmpdir(), 'docker-'));
  const dataRoot = join(cache, 'docker');
  mkdirSync(dataRoot, { recursive: true });
  const socket = `unix://${join(folder, 'docker.sock')}`;
  const log = join(folder, 'dockerd.log');
  // Not /etc/docker: that is the machine's.
  const config = join(folder, 'daemon.json');
  writeFileSync(config, '{}');
  const before = await hostNetwork();
  const output = openSync(log, 'w');
  const daemon = spawn(
    'dockerd',
    [
      ...['--config-file', config, '--data-root', dataRoot, '--exec-root', join(folder, 'exec')],
      ...['--pidfile', join(folder, 'docker.pid'), '--host', socket],
    ],
    { detached: true, stdio: ['ignore', output, output] },
  );
  closeSync(output);
  let problem: Error | undefined;
  daemon.once('error', (error) => (problem = error));
  const ended = new Promise((resolve) => daemon.once('close', resolve));
  const running = (): boolean => !problem && daemon.exitCode === null && daemon.signalCode === null;

  atEnd(async () => {
    if (daemon.pid !== undefined && running()) {
      daemon.kill('SIGTERM');
      const slow = setTimeout(() => daemon.kill('SIGKILL'), LIMIT_MS);
      await ended;
      clearTimeout(slow);
    }
    await unmountBelow(folder);
    await restoreHostNetwork(before);
  });

  process.env['DOCKER_HOST'] = socket;
  const deadline = Date.now() + LIMIT_MS;
  while ((await run('docker', ['info'])).status !== 0) {
    if (!running() || Date.now() > deadline) {
      throw new Error(`dockerd did not start: ${problem?.message ?? readFileSync(log, 'utf8').slice(-2000)}`);
    }
    await sleep(200);
  }
}

/** dockerd leaves the mounts of network namespaces behind, which would keep the folder from being removed. */
async function unmountBelow(folder: string): Promise<void> {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${folder}/`));
  for (const mount of mounts.reverse()) await run('umount', [mount]);
}
