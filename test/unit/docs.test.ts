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

suite('what the editor shows can be translated', () => {
  const folder = `${root}/src/editor`;
  const sources = fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => fs.readFileSync(`${folder}/${file}`, 'utf8'));

  test('every text is one literal, which the bundle has', () => {
    const bundle = JSON.parse(fs.readFileSync(`${root}/l10n/bundle.l10n.json`, 'utf8')) as Record<string, string>;
    const calls = sources.flatMap((text) => [
      ...text.matchAll(/l10n\.t\(\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|.)(.)/gs),
    ]);
    assert.ok(calls.length > 50);
    for (const [call, literal = '', after] of calls) {
      assert.match(literal, /^(['"]).+\1$/s, `${call} is not a literal`);
      assert.match(after ?? '', /[,)]/, `${call} is not one literal`);
      assert.ok(
        Object.keys(bundle).includes(literal.slice(1, -1).replaceAll('\\n', '\n').replace(/\\(.)/g, '$1')),
        literal,
      );
    }
  });

  test('package.json refers to texts that are there', () => {
    const texts = JSON.parse(fs.readFileSync(`${root}/package.nls.json`, 'utf8')) as Record<string, string>;
    const named = [...fs.readFileSync(`${root}/package.json`, 'utf8').matchAll(/"%([^"%]+)%"/g)].map(([, key]) => key);
    assert.ok(named.length > 50);
    assert.deepEqual(
      named.filter((key) => texts[key ?? ''] === undefined),
      [],
    );
  });
});
