import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_FILE_BYTES } from '../../../../src/sources/workspace/files.js';
import { isInside, nodeFiles } from '../../../../src/sources/workspace/nodeFiles.js';
import { temporaryFolder } from '../../cli/temporaryFolder.js';

suite('the files of a folder on this machine', () => {
  let outer: ReturnType<typeof temporaryFolder>;
  let folder: string;

  setup(() => {
    outer = temporaryFolder({ 'secret.txt': 'secret', 'w/a.txt': 'a', 'w/sub/b.txt': 'b', 'w2/c.txt': 'c' });
    folder = join(outer.path, 'w');
  });
  teardown(() => {
    outer.remove();
  });

  test('text, with forward slashes and dots', async () => {
    assert.deepEqual(await nodeFiles(folder).read('sub/b.txt'), { kind: 'text', text: 'b' });
    assert.deepEqual(await nodeFiles(folder).read('./sub/../a.txt'), { kind: 'text', text: 'a' });
  });

  test('what does not exist is missing', async () => {
    for (const path of ['no', 'no/no', 'a.txt/no']) {
      assert.deepEqual(await nodeFiles(folder).read(path), { kind: 'missing' }, path);
    }
  });

  test('.. and absolute paths are outside, whether or not the file exists', async () => {
    for (const path of ['../secret.txt', '../no', '/etc/passwd', '../w2/c.txt', 'sub/../../secret.txt']) {
      assert.deepEqual(await nodeFiles(folder).read(path), { kind: 'outside' }, path);
    }
  });

  test('a file name may begin with dots', async () => {
    const dots = temporaryFolder({ '..a': 'x' });
    assert.deepEqual(await nodeFiles(dots.path).read('..a'), { kind: 'text', text: 'x' });
    dots.remove();
  });

  test('symbolic links: followed inside, refused when they lead out', async () => {
    symlinkSync('a.txt', join(folder, 'in'));
    symlinkSync('../secret.txt', join(folder, 'out'));
    symlinkSync('..', join(folder, 'up'));
    symlinkSync('gone', join(folder, 'dangling'));
    symlinkSync('loop', join(folder, 'loop'));
    const files = nodeFiles(folder);
    assert.deepEqual(await files.read('in'), { kind: 'text', text: 'a' });
    assert.deepEqual(await files.read('out'), { kind: 'outside' });
    assert.deepEqual(await files.read('up/secret.txt'), { kind: 'outside' });
    assert.deepEqual(await files.read('up/w/a.txt'), { kind: 'text', text: 'a' });
    assert.deepEqual(await files.read('dangling'), { kind: 'missing' });
    assert.equal((await files.read('loop')).kind, 'unreadable');
  });

  test('the workspace folder itself may be a symbolic link', async () => {
    symlinkSync('w', join(outer.path, 'link'));
    assert.deepEqual(await nodeFiles(join(outer.path, 'link')).read('a.txt'), { kind: 'text', text: 'a' });
  });

  test('a folder, a pipe and a device are not read and do not hang', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    assert.deepEqual(await nodeFiles(folder).read('sub'), { kind: 'unreadable', reason: 'it is a folder' });
    assert.deepEqual(await nodeFiles(folder).read('pipe'), { kind: 'unreadable', reason: 'it is a pipe' });
    assert.deepEqual(await nodeFiles('/dev').read('zero'), { kind: 'unreadable', reason: 'it is a device' });
  });

  test('the limit: one byte more is too large, also where the size says nothing', async () => {
    const big = temporaryFolder({ full: 'x'.repeat(MAX_FILE_BYTES), over: 'x'.repeat(MAX_FILE_BYTES + 1) });
    const full = await nodeFiles(big.path).read('full');
    assert.ok(full.kind === 'text' && full.text.length === MAX_FILE_BYTES);
    assert.deepEqual(await nodeFiles(big.path).read('over'), { kind: 'too-large', bytes: MAX_FILE_BYTES + 1 });
    big.remove();
    const sizeless = await nodeFiles('/proc/self').read('status');
    assert.ok(sizeless.kind === 'text' && sizeless.text.includes('Name:'));
  });

  test('bytes that are no UTF-8 do not throw; a byte order mark goes; CRLF stays', async () => {
    const odd = temporaryFolder({ latin: new Uint8Array([0x61, 0xe9, 0x62]), bom: '\uFEFFa\r\nb' });
    assert.deepEqual(await nodeFiles(odd.path).read('latin'), { kind: 'text', text: 'a\uFFFDb' });
    assert.deepEqual(await nodeFiles(odd.path).read('bom'), { kind: 'text', byteOrderMark: true, text: 'a\r\nb' });
    odd.remove();
  });

  test('a name with a NUL character is unreadable and throws nothing', async () => {
    assert.equal((await nodeFiles(folder).read('a\0b')).kind, 'unreadable');
    assert.deepEqual(await nodeFiles(folder).folders('a\0b'), []);
  });

  test('no permission', async () => {
    chmodSync(join(folder, 'a.txt'), 0);
    // Root may read everything, so it looks on as somebody else.
    const root = process.getuid?.() === 0;
    chmodSync(folder, 0o755);
    if (root) process.seteuid?.(65534);
    try {
      assert.equal((await nodeFiles(folder).read('a.txt')).kind, 'unreadable');
    } finally {
      if (root) process.seteuid?.(0);
    }
  });

  test('folders: sorted names, also behind links that stay inside', async () => {
    mkdirSync(join(folder, 'another'));
    symlinkSync('sub', join(folder, 'linked'));
    symlinkSync('..', join(folder, 'up'));
    assert.deepEqual(await nodeFiles(folder).folders(''), ['another', 'linked', 'sub']);
    assert.deepEqual(await nodeFiles(folder).folders('sub'), []);
    assert.deepEqual(await nodeFiles(folder).folders('no'), []);
    assert.deepEqual(await nodeFiles(folder).folders('..'), []);
  });

  test('isLink: a link itself, wherever it leads, and nothing outside', async () => {
    symlinkSync('sub', join(folder, 'to-folder'));
    symlinkSync('a.txt', join(folder, 'to-file'));
    symlinkSync('nowhere', join(folder, 'to-nothing'));
    symlinkSync('..', join(folder, 'out'));
    symlinkSync('../sub', join(folder, 'sub/inner'));
    symlinkSync('w', join(outer.path, 'outer-link'));
    const links = ['to-folder', 'to-file', 'to-nothing', 'out', 'sub/inner', './sub/../to-file', 'to-folder/inner'];
    const others = [
      '',
      '.',
      'sub',
      'a.txt',
      'none',
      'none/none',
      'to-folder/b.txt',
      '../outer-link',
      'out/outer-link',
      '..',
    ];
    const isLink = nodeFiles(folder).isLink;
    for (const path of links) assert.equal(await isLink?.(path), true, path);
    for (const path of others) assert.equal(await isLink?.(path), false, path);
    // A workspace folder that is a link itself is followed, and so is a larger boundary.
    assert.equal(await nodeFiles(join(outer.path, 'outer-link')).isLink?.('to-file'), true);
    assert.equal(await nodeFiles(folder, outer.path).isLink?.('../outer-link'), true);
  });

  test('a folder whose name begins like another is not inside it', () => {
    assert.equal(isInside('/a/b', '/a/bc'), false);
    assert.equal(isInside('/a/b', '/a/b'), true);
    assert.equal(isInside('/a/b', '/a/b/c'), true);
    assert.equal(isInside('/a/b', '/a'), false);
  });
});
