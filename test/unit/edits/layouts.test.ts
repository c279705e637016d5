import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from '../../../src/edits/changes/change.js';
import { compile } from '../../../src/edits/compile.js';
import { readConfigurations } from '../../../src/sources/configuration/readConfiguration.js';
import { applyAll } from '../appliedEdits.js';
import { memoryFiles } from '../memoryFiles.js';

/** Each folder holds the files before and after an edit, and in change.json what it shows and what was to change. */
const FIXTURES = join(import.meta.dirname, '../../fixtures/edits');

interface Sample {
  readonly shows: string;
  readonly changes: readonly Change[];
}

type Files = Readonly<Record<string, string>>;

/** The files below a folder, by path relative to it, byte for byte as text. */
function filesOf(folder: string): Files {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length + 1), readFileSync(path, 'utf8')];
    }),
  );
}

async function edited(files: Files, changes: readonly Change[]): Promise<Files | undefined> {
  const [configuration] = await readConfigurations(memoryFiles(files));
  const edits = configuration && compile(changes, configuration)?.edits;
  return edits && Object.fromEntries(applyAll(new Map(Object.entries(files)), edits));
}

suite('edits keep the layout of the author', () => {
  const names = readdirSync(FIXTURES).sort();

  test('there are fixtures', () => {
    assert.ok(names.length > 40);
  });

  for (const name of names) {
    const folder = join(FIXTURES, name);
    const { shows, changes } = JSON.parse(readFileSync(join(folder, 'change.json'), 'utf8')) as Sample;
    test(`${name}: ${shows}`, async () => {
      const after = filesOf(join(folder, 'after'));
      assert.deepEqual(await edited(filesOf(join(folder, 'before')), changes), after);
      assert.deepEqual(await edited(after, changes), after, 'a second time it changes something');
    });
  }
});
