import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { boundariesOf, holds, projectAround } from '../../../src/probe/boundary.js';
import { viewsOf } from '../../../src/probe/mounts.js';
import { temporaryFolder } from '../cli/temporaryFolder.js';

suite('the folders from which nothing is run', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  const at = (path: string): string => join(folder.path, path);

  setup(() => {
    folder = temporaryFolder({ 'p/.devcontainer/devcontainer.json': '{}', 'p/src/x': '', 'q/.git': '', 'none/x': '' });
  });
  teardown(() => {
    folder.remove();
  });

  test('the project around the current directory', async () => {
    assert.equal(await projectAround(at('p/src')), at('p'));
    assert.equal(await projectAround(at('q')), at('q'));
    assert.deepEqual(await boundariesOf([at('p/src'), at('q'), at('p')]), [at('p'), at('q')]);
  });

  test('the current directory outside of a project, but not a home folder', async () => {
    const none = at('none');
    assert.equal(await projectAround(none, { home: '/home/somebody' }), none);
    assert.equal(await projectAround(none, { home: none }), undefined);
    assert.equal(await projectAround('/'), undefined);
    assert.deepEqual(await boundariesOf([none], { home: '/home/somebody' }), [none]);
    assert.deepEqual(await boundariesOf([none, '/'], { home: none }), []);
    // What holds the home folder is one, as it was opened.
    assert.deepEqual(await boundariesOf([folder.path], { home: none }), [folder.path]);
    assert.deepEqual(await boundariesOf([at('gone')], { home: none }), [at('gone')]);
  });

  test('a home folder that is a project counts as one, where it is not just opened as a Git repository', async () => {
    mkdirSync(at('none/.git'));
    const home = at('none');
    assert.equal(await projectAround(home, { home }), home);
    assert.deepEqual(await boundariesOf([home], { home }), [home]);
    assert.deepEqual(await boundariesOf([home], { home, opened: true }), []);
    mkdirSync(at('none/.devcontainer'));
    assert.deepEqual(await boundariesOf([home], { home, opened: true }), [home]);
  });

  test('a home folder that is a Git repository is no project around what lies in it', async () => {
    for (const name of ['home/.git', 'home/plain', 'home/repository/.git', 'home/repository/a']) {
      mkdirSync(at(name), { recursive: true });
    }
    for (const home of [at('home'), at('link')]) {
      if (home === at('link')) symlinkSync('home', home);
      assert.deepEqual(await boundariesOf([at('home/plain')], { home }), [at('home/plain')]);
      assert.deepEqual(await boundariesOf([at('home/repository/a')], { home }), [at('home/repository')]);
    }
    assert.equal(await projectAround(at('home/plain'), { home: at('home') }), at('home/plain'));
  });

  test('the outermost project: a package has configurations of its own, a submodule a .git', async () => {
    for (const name of ['r/.git', 'r/module/.git', 'r/module/a/.devcontainer'])
      mkdirSync(at(name), { recursive: true });
    assert.deepEqual(await boundariesOf([at('r/module/a')]), [at('r')]);
    assert.equal(await projectAround(at('r/module/a')), at('r/module/a'));
  });

  test('where a link lies and where it leads', async () => {
    mkdirSync(at('q/a'));
    symlinkSync('../q/a', at('p/link'));
    assert.deepEqual(await boundariesOf([at('p/link')]), [at('p'), at('q')]);
  });

  test('on Windows: the home folder is none, nor what holds it; other drives have projects', async () => {
    const home = 'C:\\Users\\Me';
    const on = (...files: readonly string[]) => ({
      home,
      platform: 'win32' as const,
      exists: (path: string) => Promise.resolve(files.includes(path)),
    });
    for (const none of ['C:\\Users\\Me', 'c:\\users\\me\\', 'C:\\']) {
      assert.deepEqual(await boundariesOf([none], on()), [], none);
      assert.equal(await projectAround(none, on()), undefined, none);
    }
    assert.deepEqual(await boundariesOf(['c:\\users\\me\\p'], on('C:\\Users\\Me\\.git', 'C:\\.git')), [
      'c:\\users\\me\\p',
    ]);
    assert.deepEqual(await boundariesOf(['D:\\r\\a'], on('D:\\r\\.git', 'D:\\r\\a\\.devcontainer')), ['D:\\r']);
    assert.deepEqual(await boundariesOf(['D:\\a'], on('D:\\.git')), ['D:\\']);
    assert.deepEqual(await boundariesOf(['/home/me/p'], { ...on(), platform: 'win32' }), ['/home/me/p']);
    assert.deepEqual(await boundariesOf(['C:\\p'], { platform: 'linux', exists: () => Promise.resolve(true) }), []);
  });

  test('paths of Windows are compared as Windows does', () => {
    assert(holds('C:\\Users\\Me', 'c:/users/ME/p', 'win32'));
    assert(holds('C:\\', 'c:\\x', 'win32'));
    assert(!holds('C:\\', 'D:\\x', 'win32'));
    assert(!holds('C:\\Users\\Me', 'C:\\Users\\Melanie', 'win32'));
    assert(holds('\\\\server\\share\\p', '\\\\SERVER\\share\\p\\x', 'win32'));
    assert(!holds('/home/me', '/home/Me/x', 'linux'));
    assert(holds('/', '/x', 'linux'));
    assert(holds('/p', '/p/..x', 'linux'));
    assert(!holds('/p', '/', 'linux'));
  });
});

suite('where mounts show a folder', () => {
  const ROOT = '20 1 0:50 / / rw - overlay overlay rw';
  const views = (folders: readonly string[], ...lines: readonly string[]): readonly string[] =>
    [...viewsOf(folders, [ROOT, ...lines, ''].join('\n'))].sort();

  test('a second mount of it, of what holds it, of a part of it; nothing else of the device', () => {
    const mounts = [
      '21 20 8:1 /home/me/p /w rw - ext4 /dev/sda1 rw',
      '22 20 8:1 /home/me/p /second rw - ext4 /dev/sda1 rw',
      '23 20 8:1 /home /hosts rw - ext4 /dev/sda1 rw',
      '24 20 8:1 /home/me/p/bin /part rw - ext4 /dev/sda1 rw',
      '25 20 8:1 /home/me/pq /other rw - ext4 /dev/sda1 rw',
      '26 20 8:2 /home/me/p /device rw - ext4 /dev/sdb1 rw',
      '27 20 8:1 /home/me/p/file /usr/bin/tool rw - ext4 /dev/sda1 rw',
    ];
    const all = ['/hosts/me/p', '/part', '/second', '/usr/bin/tool', '/w'];
    assert.deepEqual(views(['/w'], ...mounts), all);
    assert.deepEqual(views(['/w/packages/a'], ...mounts), [
      '/hosts/me/p/packages/a',
      '/second/packages/a',
      '/w/packages/a',
    ]);
    assert.deepEqual(views(['/hosts/me/p'], ...mounts), all);
  });

  test('a folder of the root itself is only where it is', () => {
    assert.deepEqual(views(['/workspaces/p'], '21 20 8:1 / /data rw - ext4 /dev/sda1 rw'), ['/workspaces/p']);
    assert.deepEqual(viewsOf(['/p'], ''), []);
    assert.deepEqual(viewsOf(['/p'], 'nonsense\n1 2\n3 20 0:4 net:[402] /p/ns rw - nsfs nsfs rw\n'), []);
  });

  test('a later mount hides what lies below it, in whatever order they are listed', () => {
    const p = '21 20 8:1 /p /w rw - ext4 /dev/sda1 rw';
    const second = '22 20 8:1 /p /second rw - ext4 /dev/sda1 rw';
    assert.deepEqual(views(['/w'], p, second, '23 22 0:9 / /second rw - tmpfs none rw'), ['/w']);
    const below = '22 20 8:1 /p /a/b rw - ext4 /dev/sda1 rw';
    assert.deepEqual(views(['/w'], '23 20 0:9 / /a rw - tmpfs none rw', below, p), ['/w']);
  });

  test('what is mounted in it counts, wherever else it is; a system of its own does not', () => {
    const mounts = [
      '21 20 8:1 /p /w rw - ext4 /dev/sda1 rw',
      '22 21 8:1 /volumes/v/_data /w/node_modules rw - ext4 /dev/sda1 rw',
      '23 20 8:1 /volumes/v/_data /cache rw - ext4 /dev/sda1 rw',
      '24 21 0:50 / /w/chroot rw - overlay overlay rw',
    ];
    assert.deepEqual(views(['/w'], ...mounts), ['/cache', '/w', '/w/node_modules']);
  });

  test('names as the kernel writes them', () => {
    const mounts = [
      '21 20 8:1 /a\\040b\\134 /w\\011 rw - ext4 x rw',
      '22 20 8:1 /a\\040b\\134/c /s\\012 rw - ext4 x rw',
    ];
    assert.deepEqual(views(['/w\t'], ...mounts), ['/s\n', '/w\t']);
  });
});
