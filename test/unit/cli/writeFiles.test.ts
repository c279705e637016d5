import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { originalText, writeFiles } from '../../../src/cli/writeFiles.js';
import { temporaryFolder } from './temporaryFolder.js';

suite('writing the edited files', () => {
  let outer: ReturnType<typeof temporaryFolder>;
  let folder: string;
  const content = (file: string): string => readFileSync(join(folder, file), 'utf8');

  setup(() => {
    outer = temporaryFolder({ 'outside.txt': 'outside', 'w/a': 'a\r\nb', 'w/d/c': 'c' });
    folder = join(outer.path, 'w');
  });
  teardown(() => {
    outer.remove();
  });

  test('changes and creates, keeps the mode, leaves nothing behind', async () => {
    chmodSync(join(folder, 'a'), 0o640);
    await writeFiles(folder, [
      { file: 'a', before: 'a\r\nb', after: 'A\r\nb' },
      { file: 'new/er/x', before: undefined, after: 'x' },
    ]);
    assert.equal(content('a'), 'A\r\nb');
    assert.equal(content('new/er/x'), 'x');
    assert.equal(statSync(join(folder, 'a')).mode & 0o7777, 0o640);
    assert.deepEqual(readdirSync(folder).sort(), ['a', 'd', 'new']);
    assert.deepEqual(readdirSync(join(folder, 'new/er')), ['x']);
  });

  test('a byte order mark stays', async () => {
    writeFileSync(join(folder, 'a'), '\uFEFFa');
    assert.equal(await originalText(folder, { file: 'a', before: 'a', after: 'b' }), '\uFEFFa');
    await writeFiles(folder, [{ file: 'a', before: 'a', after: 'b' }]);
    assert.equal(content('a'), '\uFEFFb');
  });

  test('a link inside the folder stays a link and its target changes', async () => {
    symlinkSync('d/c', join(folder, 'link'));
    await writeFiles(folder, [{ file: 'link', before: 'c', after: 'C' }]);
    assert.ok(lstatSync(join(folder, 'link')).isSymbolicLink());
    assert.equal(content('d/c'), 'C');
  });

  const refused: readonly (readonly [string, () => string, string | undefined])[] = [
    ['a path with ..', () => '../outside.txt', 'outside'],
    [
      'a link that leads out',
      () => {
        symlinkSync('../outside.txt', join(folder, 'out'));
        return 'out';
      },
      'outside',
    ],
    [
      'a new file below a link that leads out',
      () => {
        symlinkSync('..', join(folder, 'up'));
        return 'up/made';
      },
      undefined,
    ],
    [
      'a new file at a dangling link',
      () => {
        symlinkSync('../made', join(folder, 'dangling'));
        return 'dangling';
      },
      undefined,
    ],
  ];
  for (const [name, file, before] of refused) {
    test(`refused: ${name}`, async () => {
      await assert.rejects(writeFiles(folder, [{ file: file(), before, after: 'pwned' }]), { name: 'InputError' });
      assert.equal(readFileSync(join(outer.path, 'outside.txt'), 'utf8'), 'outside');
      assert.equal(existsSync(join(outer.path, 'made')), false);
      assert.deepEqual(readdirSync(outer.path).sort(), ['outside.txt', 'w']);
    });
  }

  test('all or none: a file that was changed in the meantime', async () => {
    await assert.rejects(
      writeFiles(folder, [
        { file: 'x', before: undefined, after: 'x' },
        { file: 'd/c', before: 'c', after: 'C' },
        { file: 'a', before: 'something else', after: 'A' },
      ]),
      { name: 'InputError', message: 'a changed in the meantime. Run the command again.' },
    );
    assert.equal(content('d/c'), 'c');
    assert.deepEqual(readdirSync(folder).sort(), ['a', 'd']);
    assert.deepEqual(readdirSync(join(folder, 'd')), ['c']);
  });

  test('a file that is no UTF-8 is not touched', async () => {
    writeFileSync(join(folder, 'a'), new Uint8Array([0x61, 0xe9]));
    await assert.rejects(writeFiles(folder, [{ file: 'a', before: 'a\uFFFD', after: 'b' }]), /not valid UTF-8/);
    assert.deepEqual([...readFileSync(join(folder, 'a'))], [0x61, 0xe9]);
  });

  test('a file that appeared in the meantime is not overwritten', async () => {
    await assert.rejects(writeFiles(folder, [{ file: 'a', before: undefined, after: 'mine' }]), /in the meantime/);
    assert.equal(content('a'), 'a\r\nb');
  });
});
