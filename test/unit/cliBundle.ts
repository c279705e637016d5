import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { ExitStatus, Io } from '../../src/cli/io.js';
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

async function bundleCli(entry = 'src/cli.ts'): Promise<string> {
  const folder = temporaryFolder();
  process.once('exit', () => {
    folder.remove();
  });
  const path = join(folder.path, 'cli.cjs');
  await bundle(entry, path);
  return path;
}

type Main = (argv: readonly string[], io: Io) => Promise<ExitStatus>;

/** The command line as a function, for what needs no process of its own: starting one takes longer than most commands. */
export async function bundledMain(): Promise<Main> {
  const path = await bundleCli('src/cli/main.ts');
  return (createRequire(import.meta.url)(path) as { readonly main: Main }).main;
}
