import { run, succeed } from './process.js';
import { startDaemon } from './ownDaemon.js';

/** Whose daemon is used: that of the machine, or one that this run has started for itself. */
export type Daemon = 'of-the-machine' | 'own';

let daemon: Promise<Daemon> | undefined;

/** Uses the Docker that answers, or else starts one. It is asked for once however often this is called. */
export function ensureDocker(): Promise<Daemon> {
  daemon ??= find();
  return daemon;
}

async function find(): Promise<Daemon> {
  if ((await run('docker', ['info'])).status === 0) return 'of-the-machine';
  await startDaemon();
  return 'own';
}

/** Runs a docker command that has to succeed; its stdout. */
export function docker(...args: readonly string[]): Promise<string> {
  return succeed('docker', args);
}

/** Lines of a docker command's stdout; none when it prints nothing. */
export async function dockerLines(...args: readonly string[]): Promise<readonly string[]> {
  return (await docker(...args)).split('\n').filter((line) => line !== '');
}
