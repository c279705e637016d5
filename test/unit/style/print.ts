/* `node --import tsx test/unit/style/print.ts NAME…`: the faults of files, or of sources that style.test.ts names. */
import { readFileSync } from 'node:fs';
import { styleFaults } from './faults.js';
import { SOURCES } from './sources.js';

for (const name of process.argv.slice(2)) {
  const texts = SOURCES[name] ? await SOURCES[name]() : [{ text: readFileSync(name, 'utf8') }];
  const faults = [...texts].flatMap(({ text, ...options }) => styleFaults(text, options));
  const lines = new Set(faults.map(({ what, sentence }) => `${name}: ${what}: ${sentence}`));
  console.log([...lines].join('\n'));
}
