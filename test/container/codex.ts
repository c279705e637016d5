import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { NEWEST_CODEX } from '../../src/model/agents/codex/versions.js';
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

/** One version of Codex as npm installs it. */
export interface InstalledCodex {
  /** To be mounted at CODEX_MOUNT: the statically linked executable and what belongs to it. */
  readonly folder: string;
  /** The executable in the container. Until 0.130 at least it lay in a folder of its own name. */
  readonly executable: string;
}

const installed = new Map<string, Promise<InstalledCodex>>();

/** Codex as npm installs it, kept in the cache folder (133 MB for 0.115, 400 MB for 0.169). */
export function ensureCodexVersion(version: string): Promise<InstalledCodex> {
  const known = installed.get(version);
  if (known) return known;
  const promise = install(version);
  installed.set(version, promise);
  return promise;
}

/** The folder of the version that the suite runs. */
export async function ensureCodex(): Promise<string> {
  return (await ensureCodexVersion(CODEX_VERSION)).folder;
}

async function install(version: string): Promise<InstalledCodex> {
  const modules = await cached(`codex/${version}`, async (into) => {
    console.log(`Installing Codex ${version} from npm (once, up to 400 MB in the cache folder) …`);
    await command('npm', ['install', '--prefix', into, `@openai/codex@${version}`, ...quiet], into);
  });
  const [name = '', target = ''] = PROCESSORS[process.arch] ?? [];
  const folder = join(modules, 'node_modules/@openai', name, 'vendor', target);
  const path = ['bin/codex', 'codex/codex'].find((candidate) => existsSync(join(folder, candidate)));
  if (path === undefined) throw new Error(`The npm package of Codex ${version} has no executable in ${folder}.`);
  return { folder, executable: `${CODEX_MOUNT}/${path}` };
}
