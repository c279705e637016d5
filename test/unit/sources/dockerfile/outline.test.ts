import assert from 'node:assert/strict';
import { builtStage, outlineDockerfile } from '../../../../src/sources/dockerfile/outline.js';
import { effectsOfRun } from '../../../../src/sources/dockerfile/run.js';

const TEXT = `ARG V=12
FROM debian:$V AS Build
RUN --mount=type=cache,target=/x \\
  # comment
  a \\
  b
COPY --from=x --chmod=755 a b

# The rest
FROM build
USER me`;

suite('sources/dockerfileOutline', () => {
  test('stages, instructions and flags with their stretches', () => {
    const outline = outlineDockerfile(TEXT);
    const text = outline.text;
    const [build, last] = outline.stages;
    assert.ok(build && last);
    assert.deepEqual([build.name, last.name, outline.preamble.length], ['build', undefined, 1]);
    assert.equal(build.base?.text, 'debian:$V');
    assert.equal(text.slice(build.base.span.start, build.base.span.end), 'debian:$V');
    const [run, copy] = build.instructions;
    assert.ok(run && copy);
    assert.equal(text.slice(run.start, run.end), 'RUN --mount=type=cache,target=/x \\\n  # comment\n  a \\\n  b');
    assert.equal(text.slice(run.keywordSpan.start, run.keywordSpan.end), 'RUN');
    assert.deepEqual([run.keyword, [...run.flags.keys()], run.rest.text], ['RUN', ['mount'], 'a   b']);
    assert.deepEqual(Object.fromEntries(copy.flags), { from: 'x', chmod: '755' });
    assert.equal(builtStage(outline), last);
    assert.equal(builtStage(outline, 'BUILD'), build);
    assert.equal(builtStage(outline, '0'), build);
    assert.equal(builtStage(outline, '2'), undefined);
  });

  test('where new instructions go', () => {
    const at = (text: string, target?: string): string => {
      const insertion = builtStage(outlineDockerfile(text), target)?.insertion;
      if (insertion === undefined) return 'nowhere';
      return `${text.slice(0, insertion.offset)}${insertion.needsLineBreak ? '\n' : ''}|${text.slice(insertion.offset)}`;
    };
    assert.equal(at('FROM a\nRUN b\n'), 'FROM a\nRUN b\n|');
    assert.equal(at('FROM a\r\nRUN b\r\n\r\n# c\r\n'), 'FROM a\r\nRUN b\r\n|\r\n# c\r\n');
    assert.equal(at('FROM a'), 'FROM a\n|');
    assert.equal(at('FROM a AS x\nRUN b\n\n# next\nFROM c', 'x'), 'FROM a AS x\nRUN b\n|\n# next\nFROM c');
    assert.equal(at('FROM a\nRUN <<E\nb\nE\n'), 'FROM a\nRUN <<E\nb\nE\n|');
    assert.equal(at('FROM a\nRUN b \\\n'), 'nowhere');
    assert.equal(at('FROM a\nRUN b \\\\\n'), 'FROM a\nRUN b \\\\\n|');
    assert.equal(at('FROM a\nRUN <<E\nb\n'), 'nowhere');
  });

  test('escape character, syntax and line breaks', () => {
    const outline = outlineDockerfile('# syntax=docker/dockerfile:1\r\n# escape=`\r\nFROM a\r\nRUN b `\r\n c\r\n');
    assert.deepEqual([outline.escape, outline.syntax, outline.lineBreak], ['`', 'docker/dockerfile:1', '\r\n']);
    assert.equal(outline.stages[0]?.instructions[0]?.rest.text, 'b  c');
    assert.deepEqual((({ escape, lineBreak }) => [escape, lineBreak])(outlineDockerfile('FROM a')), ['\\', '\n']);
  });

  test('the effects of a RUN, with stretches of the Dockerfile', () => {
    const text = 'FROM a\nRUN true && \\\n# x\n  apt-get install git \\\n  bubblewrap && chmod u+s /usr/bin/bwrap\n';
    const run = outlineDockerfile(text).stages[0]?.instructions[0];
    assert.ok(run);
    const [install, chmod] = effectsOfRun(run);
    assert.ok(install?.kind === 'install-bwrap' && chmod?.kind === 'mode-of-bwrap');
    const show = ({ start, end }: { start: number; end: number }): string => text.slice(start, end);
    assert.equal(show(install.command), 'apt-get install git \\\n  bubblewrap');
    assert.deepEqual(install.packages.map(show), ['git', 'bubblewrap']);
    assert.deepEqual(
      [show(chmod.command), show(chmod.word), show(chmod.path)],
      ['chmod u+s /usr/bin/bwrap', 'u+s', '/usr/bin/bwrap'],
    );
  });

  test('a comment with the escape character inside a continued instruction', () => {
    const outline = outlineDockerfile('FROM a\nCOPY x \\\n# not \\ this\n y\nRUN [ "a", \\\n# nor \\\n "b" ]\n');
    assert.equal(outline.failure, undefined);
    assert.deepEqual(
      outline.stages[0]?.instructions.map((i) => i.rest.text),
      ['x  y', '[ "a",  "b" ]'],
    );
  });
});
