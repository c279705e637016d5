import { join } from 'node:path';
import { build } from 'esbuild';

/** Bundles the command line into a file as esbuild.mjs does, so that tests can run it as a process of its own. */
export async function bundleCli(outfile: string): Promise<void> {
  await build({
    absWorkingDir: join(import.meta.dirname, '../..'),
    entryPoints: ['src/cli.ts'],
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
