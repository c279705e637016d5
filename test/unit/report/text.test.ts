import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import { harmless, oneLine, painter, wantsColour } from '../../../src/report/terminal.js';
import { checkText } from '../../../src/report/text.js';
import { FILE, finding, fixOf, judgementOf, prediction } from './judgements.js';

const plain = painter(false);
const shown = (file: string): string => `app/${file}`;

suite('the report for people', () => {
  test('heading, hosts, findings with their fixes, summary', () => {
    const judgement = judgementOf({
      predictions: [prediction('docker-desktop'), prediction('docker-linux', 'pivot-root')],
      findings: [
        finding({
          related: [{ place: { ...finding().place, file: 'x' }, message: 'This one.' }],
        }),
        finding({ severity: 'warning', message: 'Two\nlines.', rule: 'b-rule' }),
      ],
      fixesOf: ({ rule }) =>
        rule === 'a-rule' ? [fixOf('Second', { a: '' }, { preferred: false }), fixOf('First', { a: '' })] : [],
      repairs: [fixOf('All', { a: '' })],
    });
    assert.equal(
      checkText([{ judgement, shown }], plain),
      `app/.devcontainer/devcontainer.json (Codex 0.169.0 with restricted network)

  host            verdict  fails at
  docker-desktop  works
  docker-linux    fails    pivot-root

app/.devcontainer/devcontainer.json:3:5: error: It is wrong. [a-rule]
    see app/x:3:5: This one.
    fix: First
         gives away: the kernel’s user-namespace attack surface, in this container
    fix: Second
         gives away: the kernel’s user-namespace attack surface, in this container
app/.devcontainer/devcontainer.json:3:5: warning: Two lines. [b-rule]

1 configuration: 1 error, 1 warning. \`codex-sandbox-check fix\` prints the edits that repair it.
`,
    );
  });

  test('nothing found', () => {
    const judgement = judgementOf({ predictions: [prediction('podman')] });
    assert.equal(
      checkText(
        [
          { judgement, shown },
          { judgement, shown },
        ],
        plain,
      )
        .split('\n\n')
        .at(-1),
      '2 configurations: no findings.\n',
    );
  });

  test('every finding is a line that a problem matcher reads', () => {
    const judgement = judgementOf({ findings: [finding(), finding({ severity: 'hint', message: 'a: b: [c]' })] });
    const matcher = /^(.+?):(\d+):(\d+): (error|warning|info|hint): (.+) \[([a-z-]+)\]$/;
    const matched = checkText([{ judgement, shown }], plain)
      .split('\n')
      .map((line) => matcher.exec(line))
      .filter(Boolean);
    assert.deepEqual(
      matched.map((m) => m!.slice(1)),
      [
        [`app/${FILE}`, '3', '5', 'error', 'It is wrong.', 'a-rule'],
        [`app/${FILE}`, '3', '5', 'hint', 'a: b: [c]', 'a-rule'],
      ],
    );
  });

  test('what a file says cannot command the terminal', () => {
    const judgement = judgementOf({ findings: [finding({ message: 'bad \u001b[2Jname \u202Egnp\u0007' })] });
    const text = checkText([{ judgement, shown }], plain);
    for (const character of ['\u001b', '\u202E', '\u0007']) assert.ok(!text.includes(character));
    assert.match(text, /bad \\u\{1b\}\[2Jname \\u\{202e\}gnp\\u\{7\}/);
    assert.equal(harmless('a\tb\nc\r\nd\re'), 'a\tb\nc\r\nd\\u{d}e');
    assert.equal(oneLine(' a\r\n b '), 'a b');
  });

  test('colours only where they are wanted, and the words stay the same', () => {
    const judgement = judgementOf({ predictions: [prediction('podman', 'apparmor')], findings: [finding()] });
    const coloured = checkText([{ judgement, shown }], painter(true));
    assert.ok(coloured.includes('\u001b[31merror\u001b[39m'));
    assert.equal(stripVTControlCharacters(coloured), checkText([{ judgement, shown }], plain));
  });

  test('when colours are wanted', () => {
    assert.equal(wantsColour(true, {}), true);
    assert.equal(wantsColour(false, {}), false);
    assert.equal(wantsColour(true, { NO_COLOR: '1' }), false);
    assert.equal(wantsColour(true, { NO_COLOR: '' }), true);
    assert.equal(wantsColour(true, { TERM: 'dumb' }), false);
    assert.equal(wantsColour(false, { FORCE_COLOR: '1' }), true);
    assert.equal(wantsColour(false, { FORCE_COLOR: '' }), true);
    assert.equal(wantsColour(true, { FORCE_COLOR: '0' }), false);
    assert.equal(wantsColour(false, { FORCE_COLOR: '1', NO_COLOR: '1' }), true);
  });
});
