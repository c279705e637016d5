import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generated, stalePages } from '../../docs/generate.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

suite('what follows from the rules and the hosts is up to date (npm run docs writes it)', () => {
  test('pages, table and settings', async () => {
    const files = await generated(root);
    assert.ok(files.size > 10, 'pages, tables and package.json');
    for (const [path, text] of files) {
      assert.equal(fs.existsSync(`${root}/${path}`) ? fs.readFileSync(`${root}/${path}`, 'utf8') : '', text, path);
    }
  });

  test('no page of a rule that is no more', () => {
    assert.deepEqual(stalePages(root), []);
  });
});
