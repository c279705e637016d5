// Runs the editor suites inside a real VS Code: npm run test:editor. TEST_GREP selects tests.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, temporaryFolder } from './lifetime.js';
import { copySample } from './project.js';
import { runSuite, type Suite } from './suite.js';
import { findVSCode } from './vscode.js';

const SUITES: readonly Suite[] = [
  { name: 'editor-trusted', folder: '.', trusted: true },
  { name: 'editor-restricted', folder: 'restricted', trusted: false },
];

await runProgram(async () => {
  const temporary = temporaryFolder();
  const vscode = await findVSCode();
  let passed = 0;
  let failed = 0;
  for (const suite of SUITES) {
    const folder = join(temporary, suite.name);
    mkdirSync(folder);
    console.log(`\n${suite.trusted ? 'Trusted workspace' : 'Restricted Mode'}`);
    const { stats } = await runSuite(vscode, suite, copySample(folder), join(folder, 'state'));
    if (stats.passes + stats.failures === 0 && !process.env['TEST_GREP']) throw new Error('This suite has no tests.');
    passed += stats.passes;
    failed += stats.failures;
  }
  console.log(`Inside VS Code: ${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
});
