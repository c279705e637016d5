import assert from 'node:assert/strict';
import { ignoreComment } from '../../../src/editor/ignoreComment.js';
import { readIgnores } from '../../../src/sources/text/ignores.js';

/** The text with the comment, and the line that the comment is about. */
function written(
  file: string,
  text: string,
  line: number,
): readonly [text: string, line: number | undefined] | undefined {
  const comment = ignoreComment(text, file, 'masked-proc', line);
  if (!comment) return undefined;
  const lines = text.split('\n');
  const { character, start, reason, end } = comment;
  const own = lines[comment.line] ?? '';
  lines[comment.line] = `${own.slice(0, character)}${start}${reason}${end}${own.slice(character)}`;
  const after = lines.join('\n');
  return [after, readIgnores(after, file)[0]?.line];
}

suite('the comment that disables a rule for a line', () => {
  test('goes above the line, as far to the right', () => {
    assert.deepEqual(written('Dockerfile', 'FROM debian:13\nRUN true\n', 1), [
      'FROM debian:13\n# codex-sandbox-ignore masked-proc: reason\nRUN true\n',
      2,
    ]);
    assert.deepEqual(written('.devcontainer.json', '{\n  "image": "x"\n}\n', 1), [
      '{\n  // codex-sandbox-ignore masked-proc: reason\n  "image": "x"\n}\n',
      2,
    ]);
  });

  test('goes behind the first line of a file, where a comment above would be about the whole file', () => {
    assert.deepEqual(written('.devcontainer.json', '// ours\n{ "image": "x" }\n', 1), [
      '// ours\n{ "image": "x" } // codex-sandbox-ignore masked-proc: reason\n',
      1,
    ]);
    assert.deepEqual(written('compose.yml', 'services:\r\n  app: {}\r\n', 0)?.[1], 0);
  });

  test('is not offered where the format has none that is about the line alone', () => {
    assert.equal(written('Dockerfile', 'FROM debian:13\nRUN true\n', 0), undefined);
    assert.equal(written('Dockerfile', '# syntax=docker/dockerfile:1\nFROM debian:13\n', 1), undefined);
    assert.equal(written('seccomp.json', '{\n  "syscalls": []\n}\n', 1), undefined);
    assert.equal(written('Dockerfile', 'FROM debian:13\n', 7), undefined);
  });
});
