import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { NEWEST_CODEX } from '../../src/model/codex.js';
import { quiet } from '../run/standIn/npm.js';
import { cached } from '../run/standIn/cached.js';
import { command } from '../run/standIn/command.js';

/** Where a container finds Codex: the whole folder, so that the bubblewrap that comes with it is found as well. */
export const CODEX_MOUNT = '/opt/codex';

/** The executable in the container. */
export const CODEX = `${CODEX_MOUNT}/bin/codex`;

/** The version that the suite runs: the newest that the model claims to know. */
export const CODEX_VERSION = NEWEST_CODEX;

/** The parts of the npm package's path that name the processor, by Node's name for it. */
const PROCESSORS: Readonly<Record<string, readonly [string, string]>> = {
  x64: ['codex-linux-x64', 'x86_64-unknown-linux-musl'],
  arm64: ['codex-linux-arm64', 'aarch64-unknown-linux-musl'],
};

let folder: Promise<string> | undefined;

/**
 * Codex as npm installs it, kept in the cache folder (400 MB).
 * @returns the folder with its statically linked executable and what belongs to it, to be mounted at CODEX_MOUNT
 */
export function ensureCodex(): Promise<string> {
  folder ??= install();
  return folder;
}

async function install(): Promise<string> {
  const installed = await cached(`codex/${CODEX_VERSION}`, async (into) => {
    console.log(`Installing Codex ${CODEX_VERSION} from npm (once, 400 MB in the cache folder) …`);
    await command('npm', ['install', '--prefix', into, `@openai/codex@${CODEX_VERSION}`, ...quiet], into);
  });
  const [name = '', target = ''] = PROCESSORS[process.arch] ?? [];
  const codex = join(installed, 'node_modules/@openai', name, 'vendor', target);
  if (!existsSync(join(codex, 'bin/codex'))) throw new Error(`The npm package of Codex has no ${codex}/bin/codex.`);
  return codex;
}
