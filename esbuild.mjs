// Bundles the extension, the command line and the editor suite. `--production` is for the package: minified, no source maps.
import { readdirSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const production = process.argv.includes('--production');

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: import.meta.dirname,
  bundle: true,
  format: 'cjs',
  logLevel: 'warning',
  minify: production,
  sourcemap: !production,
  loader: { '.sh': 'text' },
  // jsonc-parser's `main` is a UMD wrapper whose requires no bundler can follow.
  mainFields: ['module', 'main'],
};

/** @type {import('esbuild').BuildOptions} */
const forNode = { ...common, platform: 'node', target: 'node20' };

/** Every file that VS Code loads by itself: the index and each test of the editor suites. */
function editorSuite() {
  return readdirSync(join(import.meta.dirname, 'test/editor'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file === 'index.ts' || file.endsWith('.test.ts'))
    .map((file) => join('test/editor', file));
}

/** @type {import('esbuild').BuildOptions[]} */
const bundles = [
  { ...forNode, entryPoints: ['src/extension.ts'], external: ['vscode'], outfile: 'dist/extension.cjs' },
  {
    ...common,
    platform: 'browser',
    target: 'es2022',
    inject: ['src/sources/bufferInBrowser.ts'],
    entryPoints: ['src/extensionWeb.ts'],
    external: ['vscode'],
    outfile: 'dist/web/extension.cjs',
  },
  { ...forNode, entryPoints: ['src/cli.ts'], banner: { js: '#!/usr/bin/env node' }, outfile: 'dist/cli.cjs' },
];
if (!production) {
  bundles.push({
    ...forNode,
    entryPoints: editorSuite(),
    external: ['vscode', 'mocha'],
    outbase: 'test/editor',
    outdir: 'out/test/editor',
    outExtension: { '.js': '.cjs' },
  });
}

// A test that was deleted must not run on.
await rm(join(import.meta.dirname, 'out/test'), { recursive: true, force: true });
const failed = (await Promise.allSettled(bundles.map((bundle) => build(bundle)))).some(
  (result) => result.status === 'rejected',
);
// esbuild has printed what is wrong and where.
if (failed) process.exit(1);
await chmod(join(import.meta.dirname, 'dist/cli.cjs'), 0o755);
