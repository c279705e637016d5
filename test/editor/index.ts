import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TEST_LIMIT_MS } from '../run/patience.js';
import { printTo } from './output.js';

/** VS Code calls this inside the extension host. The environment says what to run, and where what is printed and reported goes. */
export async function run(): Promise<void> {
  const { TEST_FOLDER: folder = '', TEST_GREP: grep, TEST_OUTPUT: output } = process.env;
  const { TEST_REPORTER: reporter, TEST_RESULTS: results } = process.env;
  if (!output || !reporter || !results) throw new Error('start the editor suite with npm run test:editor');
  printTo(output);
  try {
    await runMocha(folder, { reporter, reporterOptions: { output: results }, ...(grep ? { grep } : {}) });
  } catch (error) {
    console.error(error);
    throw error;
  }
}

async function runMocha(folder: string, options: Mocha.MochaOptions): Promise<void> {
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({ ui: 'tdd', color: false, timeout: TEST_LIMIT_MS, ...options });
  const files = readdirSync(join(__dirname, folder)).filter((file) => file.endsWith('.test.cjs'));
  for (const file of files.sort()) mocha.addFile(join(__dirname, folder, file));
  await mocha.loadFilesAsync();
  await new Promise((resolve) => mocha.run(resolve));
}
