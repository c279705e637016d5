import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyPatch } from 'diff';
import { unifiedDiff, type FileChange } from '../../../src/report/diff.js';
import { temporaryFolder } from '../cli/temporaryFolder.js';

/** A machine without git still has the other tests. */
const hasGit = spawnSync('git', ['--version']).status === 0;

suite('the edits as a unified diff', () => {
  test('a changed and a new file', () => {
    const diff = unifiedDiff([
      { file: 'd/new.json', before: undefined, after: '{}\n' },
      { file: 'd/same', before: 'x', after: 'x' },
      { file: 'd/a', before: '1\n2\n3\n4\n5\n6\n7\n', after: '1\n2\n3\n4\nfive\n6\n7\n' },
    ]);
    assert.equal(
      diff,
      `--- /dev/null
+++ b/d/new.json
@@ -0,0 +1,1 @@
+{}
--- a/d/a
+++ b/d/a
@@ -2,6 +2,6 @@
 2
 3
 4
-5
+five
 6
 7
`,
    );
  });

  test('nothing changes: nothing is printed', () => {
    assert.equal(unifiedDiff([{ file: 'a', before: 'x', after: 'x' }]), '');
    assert.equal(unifiedDiff([]), '');
  });

  const cases: Readonly<Record<string, FileChange>> = {
    'line ends of Windows': {
      file: 'a.json',
      before: '{\r\n  "a": 1\r\n}\r\n',
      after: '{\r\n  "a": 1,\r\n  "b": 2\r\n}\r\n',
    },
    'no line end at the end': { file: 'a.json', before: '{ "a": 1 }', after: '{ "a": 2 }' },
    'a byte order mark': { file: 'a.json', before: '\uFEFF{}\n', after: '\uFEFF{ "a": 1 }\n' },
    'a new file in a new folder': { file: 'new folder/ä.json', before: undefined, after: '{}\n' },
  };
  for (const [name, change] of Object.entries(cases)) {
    test(`it leads to the new text: ${name}`, () => {
      assert.equal(
        applyPatch(change.before ?? '', unifiedDiff([change]), { autoConvertLineEndings: false }),
        change.after,
      );
    });

    test(`git apply takes it: ${name}`, function () {
      if (!hasGit) this.skip();
      const folder = temporaryFolder(change.before === undefined ? {} : { [change.file]: change.before });
      try {
        execFileSync('git', ['apply', '-'], { cwd: folder.path, input: unifiedDiff([change]) });
        assert.equal(readFileSync(join(folder.path, change.file), 'utf8'), change.after);
      } finally {
        folder.remove();
      }
    });
  }
});
