import assert from 'node:assert/strict';
import { readIgnores } from '../../../../src/sources/text/ignores.js';

/** Rules, the line that they are about (counted from 0), the reason. */
function ignores(file: string, ...lines: readonly string[]): readonly unknown[] {
  return readIgnores(lines.join('\n'), file).map(({ rules, line, reason }) => [
    rules.map(({ id }) => id).join(' '),
    line ?? 'file',
    reason,
  ]);
}

suite('comments that switch rules off', () => {
  test('alone on its line for the next one that has content', () => {
    assert.deepEqual(
      ignores('a.json', '{', '  // codex-sandbox-ignore a-rule: we know', '', '  // more', '  "a": 1', '}'),
      [['a-rule', 4, 'we know']],
    );
    assert.deepEqual(ignores('Dockerfile', 'FROM a', '# codex-sandbox-ignore a-rule: x', '# more', '', 'RUN b'), [
      ['a-rule', 4, 'x'],
    ]);
  });

  test('at the end of a line for that line', () => {
    assert.deepEqual(ignores('a.json', '{', '"a": 1, // codex-sandbox-ignore a: x', '"b": 2 }'), [['a', 1, 'x']]);
    assert.deepEqual(ignores('a.json', '{', '"a": 1, /* codex-sandbox-ignore a: x */ "b": 2 }'), [['a', 1, 'x']]);
    assert.deepEqual(ignores('c.yaml', 'a:', '  b: c # codex-sandbox-ignore a: x', '  d: e'), [['a', 1, 'x']]);
  });

  test('above the first content for the file', () => {
    assert.deepEqual(ignores('a.json', '// Ours', '// codex-sandbox-ignore a: x', '{}'), [['a', 'file', 'x']]);
    assert.deepEqual(ignores('Dockerfile', '# syntax=docker/dockerfile:1', '# codex-sandbox-ignore a', 'FROM a'), [
      ['a', 'file', undefined],
    ]);
    assert.deepEqual(ignores('c.yml', '# codex-sandbox-ignore a', '---', 'a: b'), [['a', 'file', undefined]]);
    assert.deepEqual(ignores('c.yml', '---', '# codex-sandbox-ignore a', 'a: b'), [['a', 'file', undefined]]);
  });

  test('several rules, with and without a reason', () => {
    const comment = 'codex-sandbox-ignore a-b ,c,  d-e';
    assert.deepEqual(ignores('x.toml', 'a = 1', `b = 2 # ${comment}`), [['a-b c d-e', 1, undefined]]);
    assert.deepEqual(ignores('x.toml', 'a = 1', `b = 2 # ${comment} : why: so`), [['a-b c d-e', 1, 'why: so']]);
  });

  test('no rule is none', () => {
    assert.deepEqual(ignores('x.toml', 'a = 1', '# codex-sandbox-ignore', 'b = 1'), [['', 2, undefined]]);
  });

  test('what only looks like one is none', () => {
    assert.deepEqual(ignores('a.json', '{ "a": "// codex-sandbox-ignore a" }'), []);
    assert.deepEqual(ignores('a.yml', 'a: b#codex-sandbox-ignore a', '# codex-sandbox-ignored a'), []);
    assert.deepEqual(ignores('a.json', '{', '// see codex-sandbox-ignore a', '}'), []);
  });

  test('text in strings is none', () => {
    const mark = '# codex-sandbox-ignore a: x';
    assert.deepEqual(ignores('c.yml', 'a: |', `  ${mark}`, '  b', 'c: d'), []);
    assert.deepEqual(ignores('c.yml', 'a: "b', `  ${mark}`, '  c"', "d: 'e", `  ${mark}'`), []);
    assert.deepEqual(ignores('c.yml', `a: | ${mark}`, '  b'), [['a', 0, 'x']]);
    assert.deepEqual(ignores('x.toml', 'a = """', mark, '"""', `b = "${mark}"`, `c = '${mark}'`), []);
    assert.deepEqual(ignores('Dockerfile', 'FROM a', `RUN echo "x ${mark}" && b`), []);
    assert.deepEqual(ignores('Dockerfile', 'FROM a', `RUN echo "$(echo "x ${mark}")" '${mark}' \\${mark}`), []);
    assert.deepEqual(ignores('Dockerfile', 'FROM a', `RUN echo 'it' $'\\' ${mark}'`), []);
    assert.deepEqual(ignores('Dockerfile', 'FROM a', `LABEL b="c" ${mark}`), []);
    assert.deepEqual(ignores('setup.sh', 'FROM=1', 'echo "', mark, '"'), []);
  });

  test('the data of here-documents is none, a script in one has comments', () => {
    const mark = '# codex-sandbox-ignore a: x';
    assert.deepEqual(ignores('Dockerfile', 'FROM a', 'RUN cat <<EOF >b', mark, 'EOF', 'RUN c'), []);
    assert.deepEqual(ignores('Dockerfile', 'FROM a', 'COPY <<"EOF" /b', mark, 'EOF', mark, 'RUN c'), [['a', 5, 'x']]);
    assert.deepEqual(ignores('Dockerfile', 'FROM a', 'RUN <<EOF', mark, 'c', 'EOF'), [['a', 3, 'x']]);
    assert.deepEqual(ignores('setup.sh', 'cat <<-EOF', mark, '\tEOF', `b ${mark}`), [['a', 3, 'x']]);
  });

  test('comments of a Dockerfile between the lines of an instruction, behind its commands and inside of Compose', () => {
    const mark = '# codex-sandbox-ignore a: x';
    assert.deepEqual(ignores('Dockerfile', 'FROM a', "LABEL b=it's", 'RUN c \\', `  ${mark}`, '  && d'), [
      ['a', 4, 'x'],
    ]);
    assert.deepEqual(ignores('Dockerfile', 'FROM a', `RUN c "d" ${mark}`), [['a', 1, 'x']]);
    assert.deepEqual(ignores('c.yml', 'a: b', 'dockerfile_inline: |', '  FROM a', `  ${mark}`, '  RUN b'), [
      ['a', 4, 'x'],
    ]);
  });

  test('places are those of the comment and of each name, with Windows line breaks too', () => {
    const [comment] = readIgnores('{\r\n"a": 1 // codex-sandbox-ignore a, bc: x\r\n}', 'a.json');
    assert.deepEqual(comment?.place.range, { start: { line: 1, character: 10 }, end: { line: 1, character: 39 } });
    assert.deepEqual(
      comment.rules.map(({ place }) => [place.range.start.character, place.range.end.character]),
      [
        [31, 32],
        [34, 36],
      ],
    );
    const [own] = readIgnores('a\r\n# codex-sandbox-ignore b: x\r\nc\r\n', 'Dockerfile');
    assert.deepEqual([own?.line, own?.reason], [2, 'x']);
  });
});
