import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from './command.js';

/** npm without its remarks. */
export const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];

/** What to take out of a package. */
export interface Selection {
  /** Paths inside the package's archive, where everything is below `package/`; default everything. */
  readonly paths?: readonly string[];
  /** Paths below those, not to be unpacked. */
  readonly except?: readonly string[];
  /** How many leading folders to drop from each path; default 1, `package/`. */
  readonly strip?: number;
}

/** Fetches one npm package, without the packages that it depends on, and unpacks it into a folder. */
export async function unpack(name: string, folder: string, selection: Selection = {}): Promise<void> {
  await mkdir(folder, { recursive: true });
  const download = await mkdtemp(join(folder, 'download-'));
  await command('npm', ['pack', name, '--pack-destination', download, ...quiet], folder);
  const [archive = ''] = await readdir(download);
  await untar(join(download, archive), folder, selection);
  await rm(download, { recursive: true });
}

/** Unpacks an archive with the system's tar, which every Linux has that can install packages. */
export async function untar(archive: string, folder: string, selection: Selection = {}): Promise<void> {
  const { paths = [], except = [], strip = 1 } = selection;
  await mkdir(folder, { recursive: true });
  const exclude = except.map((path) => `--exclude=${path}`);
  await command('tar', ['-xf', archive, '-C', folder, `--strip-components=${strip}`, ...exclude, ...paths], folder);
}
