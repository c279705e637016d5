// Bundles the tests of the model, with the model, into one CommonJS file for Stryker (stryker.config.mjs).
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

const tests = ['test/unit/model', 'test/ground-truth']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => `./${folder}/${file}`),
  )
  // The brute force takes half a minute for every mutant.
  .filter((file) => file.endsWith('.test.ts') && !file.endsWith('/planProperties.test.ts'));

/** CommonJS has no import.meta; the tests find their data by it. */
const importMetaUrl = {
  name: 'import.meta.url',
  setup(/** @type {import('esbuild').PluginBuild} */ { onLoad }) {
    onLoad({ filter: /\/test\/.*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      loader: 'ts',
    }));
  },
};

await build({
  absWorkingDir: root,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  loader: { '.sh': 'text' },
  mainFields: ['module', 'main'],
  logLevel: 'warning',
  plugins: [importMetaUrl],
  stdin: { contents: tests.map((file) => `import ${JSON.stringify(file)};`).join('\n'), resolveDir: root },
  outfile: 'out/mutation/tests.cjs',
});
