// Bundles the extension, the command line and the editor suite. `--production` is for the package: minified, no source maps.
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const production = process.argv.includes('--production');

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: import.meta.dirname,
  bundle: true,
  format: 'cjs',
  logLevel: 'warning',
  metafile: true,
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
    inject: ['src/sources/text/bufferInBrowser.ts'],
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

/**
 * The licences of what is in the bundles: their terms ask for them in every copy.
 * @param {readonly string[]} inputs the files that esbuild has read
 * @throws Error when a library has no licence file
 */
function notices(inputs) {
  const packages = new Set(inputs.flatMap((input) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? []));
  const libraries = [...packages].sort().map((folder) => {
    const licence = readdirSync(folder).find((name) => /^licen[cs]e\b/i.test(name));
    if (!licence) throw new Error(`${folder} has no licence file`);
    const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return `${name} ${version}\n\n${readFileSync(join(folder, licence), 'utf8').trim()}\n`;
  });
  const data = ['model', 'sources'].map((room) => readFileSync(`src/${room}/data/NOTICE.md`, 'utf8'));
  return ['What this extension holds of others\n', ...data, ...libraries].join(`\n${'-'.repeat(80)}\n\n`);
}

process.chdir(import.meta.dirname);
// A test that was deleted must not run on.
await rm('out/test', { recursive: true, force: true });
const results = await Promise.allSettled(bundles.map((bundle) => build(bundle)));
// esbuild has printed what is wrong and where.
if (results.some(({ status }) => status === 'rejected')) process.exit(1);
// The last bundle of a build for development are the tests.
const released = production ? results : results.slice(0, -1);
const inputs = released.flatMap((result) =>
  result.status === 'fulfilled' ? Object.keys(result.value.metafile.inputs) : [],
);
await writeFile('dist/ThirdPartyNotices.txt', notices(inputs));
await chmod('dist/cli.cjs', 0o755);
