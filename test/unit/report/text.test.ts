import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import { harmless, oneLine, painter, wantsColour } from '../../../src/report/terminal.js';
import { checkText } from '../../../src/report/text.js';
import { FILE, finding, fixOf, judgementOf, prediction } from './judgements.js';

const plain = painter(false);
const shown = (file: string): string => `app/${file}`;

suite('the report for people', () => {
  const long =
    'Use a profile that allows what bubblewrap needs, and rebuild the container, so that all commands work again.';
  const judgement = judgementOf({
    predictions: [prediction('docker-desktop'), prediction('docker-linux', 'pivot-root')],
    findings: [
      finding({ severity: 'warning', headline: 'Two\nlines.', rule: 'b-rule' }),
      finding({
        details: [long, 'bwrap: no'],
        related: [{ place: { ...finding().place, file: 'x' }, message: 'This one.' }],
      }),
    ],
    fixesOf: ({ rule }) =>
      rule === 'a-rule'
        ? [fixOf('Second', { a: '' }, { preferred: false }), fixOf('First', { a: '' }, { details: ['Add a profile.'] })]
        : [],
  });

  test('heading, verdict, hosts, findings from the worst with the recommended fix, summary', () => {
    assert.equal(
      checkText([{ judgement, shown }], plain, { width: 80 }),
      `app/.devcontainer/devcontainer.json
  works on Docker Desktop, fails on Linux (Debian)
  for Codex 0.169.0, restricted network

  Host            Verdict  Why
  Docker Desktop  works
  Linux (Debian)  fails    the seccomp profile blocks pivot_root

app/.devcontainer/devcontainer.json:3:5: error: It is wrong. [a-rule]
    Use a profile that allows what bubblewrap needs, and rebuild the container,
    so that all commands work again.
    bwrap: no
    fix: First

app/.devcontainer/devcontainer.json:3:5: warning: Two lines. [b-rule]

1 configuration: 1 error, 1 warning.
`,
    );
  });

  test('in full: gates, related places, all fixes with what they change and cost', () => {
    const text = checkText([{ judgement, shown }], plain, { verbose: true });
    assert.match(text, /blocks pivot_root \[pivot-root\]$/m);
    const lines = text.split('\n');
    const from = lines.indexOf('    bwrap: no') + 1;
    assert.deepEqual(
      lines.slice(from, from + 6).map((line) => line.replace(/gives away: .+/, 'gives away: …')),
      [
        '    see app/x:3:5: This one.',
        '    fix: First',
        '         Add a profile.',
        '         gives away: …',
        '    fix: Second',
        '         gives away: …',
      ],
    );
  });

  test('a remark is brief unless somebody wants to read all', () => {
    const remark = judgementOf({ findings: [finding({ severity: 'info', details: ['One.', 'Two.', 'Three.'] })] });
    assert.doesNotMatch(checkText([{ judgement: remark, shown }], plain), /Three/);
    assert.match(checkText([{ judgement: remark, shown }], plain, { verbose: true }), /Three/);
  });

  test('without fixes nobody works them out', () => {
    const fixesOf = (): never => assert.fail('asked for a fix');
    assert.doesNotMatch(checkText([{ judgement: { ...judgement, fixesOf }, shown }], plain, { fixes: false }), /fix:/);
  });

  test('configurations of which one would read the same are shown once, with how many more there are', () => {
    const many = Array.from({ length: 25 }, (_, i) => {
      const file = `packages/p${i}/.devcontainer.json`;
      // Where the same mistake stands in a file makes no difference to its reader.
      const range = { start: { line: i, character: 2 }, end: { line: i, character: 3 } };
      const findings = judgement.findings.map((one) => ({ ...one, place: { file, range } }));
      return {
        judgement: { ...judgement, findings, configuration: { ...judgement.configuration, file } },
        shown: (path: string) => path,
      };
    });
    const text = checkText(many, plain);
    assert.ok(text.split('\n').length < 40, text);
    assert.match(
      text,
      /^25 configurations with the same verdict and findings, shown for the first:\n {4}packages\/p0\//,
    );
    assert.match(text, /and\s22 more \(--all shows each\)$/m);
    assert.match(text, /^25 configurations: 25 errors, 25 warnings\.$/m);
    assert.equal(text.match(/\[a-rule\]/g)?.length, 1);
    assert.equal(checkText(many, plain, { all: true }).match(/\[a-rule\]/g)?.length, 25);
    const [other, ...rest] = many;
    assert.ok(other);
    const better = { ...other, judgement: { ...other.judgement, findings: other.judgement.findings.slice(1) } };
    assert.match(checkText([better, ...rest], plain), /^24 configurations with/m);
  });

  test('a sandbox that is off has no table of what would fail, unless somebody asks for it', () => {
    const sandbox = { value: { on: false, by: 'x', written: 'y' }, places: [] };
    const off = { ...judgement, configuration: { ...judgement.configuration, sandbox } };
    const text = checkText([{ judgement: off, shown }], plain);
    assert.match(text, /^ {2}off: Codex runs without its sandbox$/m);
    assert.doesNotMatch(text, /Verdict/);
    assert.match(checkText([{ judgement: off, shown }], plain, { verbose: true }), /would fail/);
  });

  test('what is assumed, and what comments ignore, is said', () => {
    const { place } = finding();
    const by = { place, rules: [{ id: 'a-rule', place }], reason: 'x', line: 2 };
    const some = judgementOf({ versionIsAssumed: true, suppressed: [{ finding: finding(), by }] });
    const text = checkText([{ judgement: some, shown }], plain);
    assert.match(text, /^ {2}for Codex 0\.169\.0 \(assumed\), restricted network$/m);
    assert.match(text, /^1 configuration: no findings \(1 ignored by comments\)\.$/m);
  });

  test('nothing found', () => {
    const works = judgementOf({ predictions: [prediction('podman')] });
    assert.equal(
      checkText([{ judgement: works, shown }], plain),
      `app/.devcontainer/devcontainer.json
  works on Podman (rootless)
  for Codex 0.169.0, restricted network

1 configuration: no findings.
`,
    );
  });

  test('every finding is a line that a problem matcher reads', () => {
    const judgement = judgementOf({ findings: [finding(), finding({ severity: 'hint', headline: 'a: b: [c]' })] });
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
    const judgement = judgementOf({ findings: [finding({ headline: 'bad \u001b[2Jname \u202Egnp\u0007' })] });
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
