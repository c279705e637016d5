import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Results } from '../run/results.js';
import { printTo } from './output.js';

/** VS Code calls this inside the extension host. The environment says what to run and where to put what came of it. */
export async function run(): Promise<void> {
  const { TEST_FOLDER: folder = '', TEST_GREP: grep, TEST_OUTPUT: output, TEST_RESULTS: results } = process.env;
  if (!output || !results) throw new Error('start the editor suite with npm run test:editor');
  printTo(output);
  try {
    writeFileSync(results, JSON.stringify(await runMocha(folder, grep)));
  } catch (error) {
    console.error(error);
    throw error;
  }
}

async function runMocha(folder: string, grep: string | undefined): Promise<Results> {
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({ ui: 'tdd', color: false, timeout: 60_000, ...(grep ? { grep } : {}) });
  const files = readdirSync(join(__dirname, folder)).filter((file) => file.endsWith('.test.cjs'));
  for (const file of files.sort()) mocha.addFile(join(__dirname, folder, file));
  await mocha.loadFilesAsync();
  const stats = await new Promise<Mocha.Stats | undefined>((resolve) => {
    const runner = mocha.run(() => {
      resolve(runner.stats);
    });
  });
  return { passed: stats?.passes ?? 0, failed: stats?.failures ?? 0 };
}
