import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/**
 * Runs everything that draws its cases with ten thousand of them for each property (for each kind of edit among them), and what
 * goes through many cases with all of them; the unit suite tries some, always the same. Another number of cases is the first
 * argument, the seed to draw them from the second: what was found once is found again with the seed that is printed.
 */
const [cases = '10000', seed = String(randomInt(2 ** 31))] = process.argv.slice(2);
const folder = 'test/unit';
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((name) => join(folder, name))
  .filter((path) => path.endsWith('.test.ts') && /\b(?:cases|sampleOf)\(/.test(readFileSync(path, 'utf8')));
const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');
const options = ['--parallel', '--jobs', String(availableParallelism()), '--timeout', '0'];
console.log(`${cases} cases of each property, drawn from the seed ${seed}.`);
const { status } = spawnSync(process.execPath, [mocha, ...options, ...files], {
  stdio: 'inherit',
  env: { ...process.env, PROPERTY_CASES: cases, PROPERTY_SEED: seed, PROPERTY_SHOW: '1' },
});
process.exitCode = status ?? 1;
