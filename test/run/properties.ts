import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';

/**
 * Runs the properties of the edits with ten thousand cases for each kind of edit; the unit suite tries a few. Another
 * number of cases is the first argument.
 */
const [cases = '10000'] = process.argv.slice(2);
const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');
const { status } = spawnSync(
  process.execPath,
  [mocha, '--parallel', '--jobs', String(availableParallelism()), 'test/unit/edits/properties/**/*.test.ts'],
  { stdio: 'inherit', env: { ...process.env, PROPERTY_CASES: cases, PROPERTY_SHOW: '1' } },
);
process.exitCode = status ?? 1;
