import assert from 'node:assert/strict';
import fc from 'fast-check';
import { editDockerfile, type DockerfileChange } from '../../../../src/edits/dockerfile/edit.js';
import { applyEdits } from '../../../../src/edits/text/textEdits.js';
import { outlineDockerfile } from '../../../../src/sources/dockerfile/outline.js';
import { cases } from '../../cases.js';

/** One command of a RUN as words; where lines may break is between words and around what joins commands. */
const command = fc.constantFrom(
  'apt-get update',
  'apt-get install -y git bubblewrap curl',
  'apt-get install -y bubblewrap git',
  'apt-get install -y git bubblewrap',
  'apt-get install -y bubblewrap',
  'chmod u+s /usr/bin/bwrap',
  'sudo chmod 4755 /usr/bin/bwrap',
  'useradd -m dev',
  'echo done',
  'rm -rf /var/lib/apt/lists/*',
);
const gap = fc.constantFrom('', '', '', ' \\\n   ', ' \\\n# c\n   ', ' \\\n\t# c\n\t# c\n');
const run = fc.record({
  commands: fc.array(command, { minLength: 1, maxLength: 5 }),
  joint: fc.constantFrom('&&', ';'),
  spaced: fc.boolean(),
  gaps: fc.infiniteStream(gap),
});
const sample = fc.record({
  runs: fc.array(run, { minLength: 1, maxLength: 3 }),
  kind: fc.constantFrom('remove-bwrap' as const, 'remove-setuid' as const),
  eol: fc.constantFrom('\n', '\r\n'),
  lastBreak: fc.boolean(),
});
type Run = typeof run extends fc.Arbitrary<infer T> ? T : never;
type Sample = typeof sample extends fc.Arbitrary<infer T> ? T : never;

function render({ commands, joint, spaced, gaps }: Run): string {
  const next = (): string => String(gaps.next().value ?? '');
  const before = joint === ';' && !spaced ? () => '' : () => `${next()} `;
  const written = commands.map((each) => each.split(' ').join(`${next()} `));
  return `RUN ${written.reduce((left, right) => `${left}${before()}${joint}${next()} ${right}`)}`;
}

/** The commands of every RUN of a Dockerfile, by words. */
function commandsOf(text: string): readonly string[] {
  const runs = outlineDockerfile(text).stages.flatMap(({ instructions }) => instructions);
  return runs.flatMap(({ keyword, rest }) =>
    keyword === 'RUN' ? rest.text.split(/&&|;/).map((each) => each.trim().replace(/\s+/g, ' ')) : [],
  );
}

const HOUSEKEEPING = new Set(['apt-get update', 'rm -rf /var/lib/apt/lists/*']);

/** What a person would leave of the commands. */
function expected({ runs, kind }: Sample): readonly string[] {
  return runs.flatMap(({ commands }) => {
    const left = commands.flatMap((each) => {
      if (each.includes('chmod')) return [];
      if (kind === 'remove-setuid') return [each];
      return each === 'apt-get install -y bubblewrap' ? [] : [each.replace(' bubblewrap', '')];
    });
    return left.length < commands.length && left.every((each) => HOUSEKEEPING.has(each)) ? [] : left;
  });
}

function commentsOf(text: string): number {
  return text.match(/# c/g)?.length ?? 0;
}

suite('edits of a Dockerfile: any layout', function () {
  test('nothing but bubblewrap goes, comments and line breaks stay', () => {
    const check = (drawn: Sample): void => {
      const { runs, kind, eol, lastBreak } = drawn;
      const body = ['FROM debian:12', ...runs.map(render)].join('\n') + (lastBreak ? '\n' : '');
      const text = body.replaceAll('\n', eol);
      const change: DockerfileChange = { kind };
      const edits = editDockerfile(text, 'Dockerfile', [change], { distro: 'debian' });
      const shown = (): string => `${kind}\n${text}\n-----\n${edits ? applyEdits(text, edits) : 'impossible'}`;
      assert.ok(edits, shown());
      const after = applyEdits(text, edits);
      const outline = outlineDockerfile(after);
      assert.ok(!outline.stages.some(({ instructions }) => instructions.some(({ open }) => open)), shown());
      // Without bubblewrap in the first place there is nothing to take out, a chmod of a bwrap that never was included.
      if (edits.length === 0) return;
      assert.deepEqual(commandsOf(after), expected(drawn), shown());
      // A RUN that goes as a whole takes the comments inside it along.
      if (after.match(/^RUN/gm)?.length === runs.length) assert.equal(commentsOf(after), commentsOf(text), shown());
      if (eol === '\r\n') assert.doesNotMatch(after, /[^\r]\n/, shown());
      assert.equal(after.endsWith('\n'), lastBreak, shown());
      assert.deepEqual(editDockerfile(after, 'Dockerfile', [change], { distro: 'debian' }), [], shown());
    };
    fc.assert(fc.property(sample, check), { numRuns: cases(120) });
  });
});
