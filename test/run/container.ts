// Runs the suites that need real containers: npm run test:container. Starts a Docker where none answers.
// SAMPLES=name,name selects samples, TEST_GREP tests. CODEX_SANDBOX_CHECK_CLI names the command line under test, which is
// built otherwise.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Mocha from 'mocha';
import { ensureBaseImages } from '../container/baseImages.js';
import { ensureDocker } from '../container/docker.js';
import { runProgram, temporaryFolder } from './lifetime.js';
import { root } from './project.js';
import { forgetResults, reporting } from './results.js';
import { command } from './standIn/command.js';

/** No test waits longer, in milliseconds: a sample is built, started, fixed, built and started again, two at a time. */
const LIMIT_MS = 600_000;

await runProgram(async () => {
  temporaryFolder();
  if (!process.env['CODEX_SANDBOX_CHECK_CLI']) await command('npm', ['run', 'build'], root);
  console.log((await ensureDocker()) === 'own' ? 'No Docker answers: started one.' : 'Using the Docker that answers.');
  await ensureBaseImages();
  const grep = process.env['TEST_GREP'];
  forgetResults('container');
  const mocha = new Mocha({
    ui: 'tdd',
    timeout: LIMIT_MS,
    color: process.stdout.isTTY,
    ...reporting('container'),
    ...(grep ? { grep } : {}),
  });
  const folder = join(root, 'test/container');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts'));
  // Mocha itself would require them: their modules would be others than the ones that this program has imported, and what
  // they register for its end would be forgotten.
  for (const file of files) {
    mocha.suite.emit(Mocha.Suite.constants.EVENT_FILE_PRE_REQUIRE, globalThis, file, mocha);
    await import(pathToFileURL(join(folder, file)).href);
  }
  return new Promise((resolve) => {
    const runner = mocha.run((failed) => {
      resolve(failed === 0 && runner.stats?.passes ? 0 : 1);
    });
  });
});
