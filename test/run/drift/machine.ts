import { existsSync, readFileSync } from 'node:fs';
import { ensureDocker } from '../../container/docker.js';
import { run } from '../../container/process.js';
import { quiet } from '../standIn/npm.js';

/** Where Ubuntu says whether it restricts user namespaces: everything that is measured would be about that. */
const RESTRICTION = '/proc/sys/kernel/apparmor_restrict_unprivileged_userns';

/** @throws Error where there is no Docker, or where more than Docker's options keeps user namespaces from a container */
export async function ensureMachine(): Promise<void> {
  if (existsSync(RESTRICTION) && readFileSync(RESTRICTION, 'utf8').trim() !== '0') {
    throw new Error(
      'AppArmor restricts user namespaces here: set kernel.apparmor_restrict_unprivileged_userns=0 first.',
    );
  }
  await ensureDocker().catch((error: unknown) => {
    throw new Error(
      `Docker is needed, and it cannot be had: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
}

/** The Codex that npm installs where nobody names a version. */
export async function latestCodex(): Promise<string> {
  const { status, stdout, stderr } = await run('npm', [
    'view',
    '@openai/codex',
    'dist-tags.latest',
    '--fetch-retries=1',
    ...quiet,
  ]);
  const version = stdout.trim();
  if (status === 0 && version !== '') return version;
  throw new Error(`npm does not say which Codex is the latest: is there a network?\n${stderr.trim()}`);
}
