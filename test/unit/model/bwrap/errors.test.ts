import assert from 'node:assert/strict';
import { cloneError, creationError, ERRORS, isWorkspaceError, withErrno } from '../../../../src/model/bwrap/errors.js';

suite('errors: bubblewrap says what errno the seccomp profile chose', () => {
  // errno(3): what SCMP_ACT_ERRNO may be given as errnoRet.
  for (const [errno, said] of [
    [1, 'Operation not permitted'],
    [13, 'Permission denied'],
    [22, 'Invalid argument'],
    [28, 'No space left on device'],
    [38, 'Function not implemented'],
    [555, 'Unknown error 555'],
  ] as const) {
    test(`pivot_root with ${String(errno)}`, () => {
      assert.equal(withErrno(ERRORS.pivotRoot, errno), `bwrap: pivot_root: ${said}`);
    });
  }

  test('a filter that kills leaves bwrap no time to say anything', () => {
    assert.equal(withErrno(ERRORS.pivotRoot, undefined), 'Bad system call');
    assert.equal(cloneError(undefined), 'Bad system call');
  });

  test('only the end of a message is the errno', () => {
    assert.equal(withErrno('bwrap: Operation not permitted: x', 13), 'bwrap: Operation not permitted: x');
  });

  test('clone: bubblewrap explains two of them (measured: ENOSPC, EINVAL, ENOSYS)', () => {
    assert.match(cloneError(28), /^bwrap: Creating new namespace failed: nesting depth .*\(ENOSPC\)$/);
    assert.match(cloneError(22), /^bwrap: Creating new namespace failed, likely because the kernel does not support/);
    assert.equal(cloneError(38), 'bwrap: Creating new namespace failed: Function not implemented');
    assert.equal(cloneError(13), ERRORS.appArmorUserns);
  });

  test('what can be told apart is told apart', () => {
    assert.equal(new Set(Object.values(ERRORS)).size, Object.keys(ERRORS).length);
  });

  test('the workspace folder’s are told from those of a read-only root', () => {
    assert.equal(isWorkspaceError("bwrap: Can't mkdir /w/.git: Permission denied"), true);
    assert.equal(isWorkspaceError("bwrap: Can't create file at /w/.codex: Permission denied"), true);
    assert.equal(isWorkspaceError("bwrap: Can't mkdir parents for /w: Permission denied"), false, "bubblewrap's fault");
    assert.equal(isWorkspaceError('bwrap: execvp codex-linux-sandbox: No such file or directory'), false);
    assert.equal(isWorkspaceError('error building bubblewrap command: Read-only file system (os error 30)'), false);
  });

  test('what it cannot create, in the words of both kinds of versions (measured with 0.8 and 0.12)', () => {
    assert.equal(creationError('/w/.git', 'folder', 'EACCES', false), "bwrap: Can't mkdir /w/.git: Permission denied");
    assert.equal(
      creationError('/w/.codex', 'file', 'EROFS', false),
      "bwrap: Can't create file at /w/.codex: Read-only file system",
    );
    assert.equal(
      creationError('/w/.git', 'folder', 'EACCES', true),
      "bwrap: Can't create file /w/.git: Permission denied",
    );
  });
});
