import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CURLY, styleFaults } from './faults.js';
import { ROOT, SOURCES } from './sources.js';

suite('everything that people read is written as the project writes', () => {
  for (const [name, read] of Object.entries(SOURCES)) {
    test(name, async () => {
      const all = [...(await read())];
      assert.ok(all.length > 0, 'nothing was read');
      const distinct = new Map(all.map((one) => [`${one.longest ?? ''} ${one.text}`, one]));
      const faults = [...distinct.values()].flatMap(({ text, ...options }) => styleFaults(text, options));
      assert.deepEqual([...new Set(faults.map(({ what, sentence }) => `${what}: ${sentence}`))], []);
    });
  }

  test('no other quotes and apostrophes than straight ones in the code, its comments and the pages', () => {
    const files = ['src', 'media', 'docs', 'README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'package.json'].flatMap(
      filesIn,
    );
    assert.ok(files.length > 100);
    const held = files.filter((path) => CURLY.test(readFileSync(join(ROOT, path), 'utf8')));
    assert.deepEqual(held, []);
  });
});

function filesIn(path: string): readonly string[] {
  if (!statSync(join(ROOT, path)).isDirectory()) return [path];
  return readdirSync(join(ROOT, path), { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    .filter((name) => /\.(?:ts|mjs|json|jsonc|md|sh)$/.test(name))
    .sort();
}
