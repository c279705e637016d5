import { join } from 'node:path';
import { build } from 'esbuild';
import { temporaryFolder } from './cli/temporaryFolder.js';

/** Bundles a program as esbuild.mjs does the command line, so that tests can run it as a process of its own. */
export async function bundle(entry: string, outfile: string): Promise<void> {
  await build({
    absWorkingDir: join(import.meta.dirname, '../..'),
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    loader: { '.sh': 'text' },
    mainFields: ['module', 'main'],
    logLevel: 'error',
    outfile,
  });
}

let bundled: Promise<string> | undefined;

/** The path of the command line, bundled once for all tests of this process. */
export async function bundledCli(): Promise<string> {
  bundled ??= bundleCli();
  return bundled;
}

async function bundleCli(): Promise<string> {
  const folder = temporaryFolder();
  process.once('exit', () => {
    folder.remove();
  });
  const path = join(folder.path, 'cli.cjs');
  await bundle('src/cli.ts', path);
  return path;
}
