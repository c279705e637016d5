import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { plain } from '../../src/editor/messages.js';
import { contains, relativePath } from '../../src/editor/paths.js';

suite('What comes from elsewhere', () => {
  test('makes no links in notifications', () => {
    // VS Code's pattern for a link in a notification (1.139, base/common/linkedText).
    const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
    const hostile =
      'bwrap: [Repair](command:workbench.action.quit) and [x](https://example.com "title")\u001b[31m\nend';
    assert.match(hostile, link);
    assert.doesNotMatch(plain(hostile), link);
    assert.equal(plain('a\u001b\nb  c'), 'a\\u{1b} b c');
    assert.equal(plain('No permissions [1] (EPERM)'), 'No permissions [1] (EPERM)');
  });

  test('a Windows drive is the same in both cases of its letter, and nothing else is', () => {
    const folder = vscode.Uri.from({ scheme: 'file', path: '/c:/Work' });
    const file = (path: string): vscode.Uri => vscode.Uri.from({ scheme: 'file', path });
    assert.equal(
      relativePath(folder, file('/C:/Work/.devcontainer/devcontainer.json')),
      '.devcontainer/devcontainer.json',
    );
    assert.equal(relativePath(folder, file('/c:/work/x')), undefined);
    assert.equal(relativePath(folder, file('/d:/Work/x')), undefined);
    assert(contains(folder, file('/C:/Work')));
    assert.equal(relativePath(file('/C'), file('/c/x')), undefined);
  });
});
