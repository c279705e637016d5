import assert from 'node:assert/strict';
import { GATES } from '../../../src/model/gates.js';
import { fenced, literal } from '../../../src/report/markdown.js';
import { overview } from '../../../src/report/overview.js';
import { stepRows } from '../../../src/report/steps.js';
import { DEFAULT_HOSTS, HOSTS } from '../../../src/model/host.js';
import { judge } from '../../../src/rules/judge.js';
import { readConfigurations } from '../../../src/sources/configuration/readConfiguration.js';
import { memoryFiles } from '../memoryFiles.js';
import { judged } from '../judged.js';
import { observe, step } from '../probe/records.js';

const PLAIN = { '.devcontainer.json': '{ "image": "debian:12", "remoteUser": "vscode" }' };

suite('the overview of a configuration', () => {
  test('marks every step on every host', async () => {
    const rows = stepRows(await judged(PLAIN, ['docker-desktop', 'docker-linux', 'docker-ubuntu']));
    assert.deepEqual(
      rows.map(({ gate }) => gate),
      GATES,
    );
    const marks = (wanted: string): string => rows.find(({ gate }) => gate === wanted)?.marks.join('') ?? '';
    assert.equal(marks('seccomp-userns'), '✗✗✗');
    assert.equal(marks('apparmor'), '–✗✗');
    assert.equal(marks('loopback'), '––✗');
    assert.equal(marks('bwrap-available'), '✓✓✓');
  });

  test('a step behind one that is not known is not known either', async () => {
    const unknown = {
      '.devcontainer.json':
        '{ "image": "registry.example.com/team/toolbox:7", "securityOpt": ["seccomp=unconfined", "apparmor=unconfined"] }',
    };
    const [prediction] = (await judged(unknown, ['docker-desktop'])).predictions;
    const rows = stepRows(await judged(unknown, ['docker-desktop']));
    assert.equal(prediction?.outcome, 'unknown');
    const first = rows.findIndex(({ gate }) => gate === prediction.undecided);
    assert(first >= 0);
    assert(rows.slice(0, first).every(({ marks }) => marks[0] === '✓'));
    assert.equal(rows[first]?.marks[0], '?');
    assert.equal(rows.at(-1)?.marks[0], '?');
  });

  test('says the verdict, the fix with what it adds, the findings and the last measurement', async () => {
    const judgement = await judged(PLAIN, ['docker-desktop']);
    const measured = observe(...step('codex-run', 'fail 1 10', 'bwrap: pivot_root: Operation not permitted'));
    const text = overview([{ judgement, title: 'a [b](c)', measured }]);
    assert.match(text, /^# Codex sandbox report\n\n## a \\\[b\\\]\\\(c\\\)\n\n\*\*Fails on Docker Desktop\*\*\n/);
    assert.match(text, /### Fix\n\n\*\*.+\*\*\n\n- Adds a seccomp profile .*\n- Costs\\: .*\n- Hosts\\: .*\n/);
    assert.doesNotMatch(text, /- (Adds\\: |Removes\\: |Sets seccomp=)/, 'each fact once');
    assert.match(text, /### Findings\n\n- error: .*\(\\\.devcontainer\\\.json, line 1, `seccomp-profile`\)/);
    assert.match(text, /### Last measurement\n\n```text\n[^]*pivot_root: Operation not permitted[^]*\n```\n$/);
    const works = await judged({ '.devcontainer.json': '{ "image": "debian:12", "privileged": true }' });
    assert.match(overview([{ judgement: works, title: 'x', measured: undefined }]), /Nothing was measured yet/);
    assert.match(overview([]), /No dev container configuration was found/);
  });

  test('where only hosts fail that nobody named, nothing needs to change', async () => {
    const relaxed = {
      '.devcontainer.json':
        '{ "image": "debian:12", "remoteUser": "x", "securityOpt": ["seccomp=unconfined", "apparmor=unconfined"] }',
    };
    const [configuration] = await readConfigurations(memoryFiles(relaxed));
    assert.ok(configuration);
    const hosts = DEFAULT_HOSTS.map((name) => HOSTS[name]);
    const unnamed = overview([
      { judgement: judge(configuration, { hosts, hostsNamed: false }), title: 'x', measured: undefined },
    ]);
    assert.match(unnamed, /### Fix\n\nNothing needs to change\.\n\nUbuntu.* hosts need one more step.*ubuntu\\-userns/);
    assert.doesNotMatch(unnamed, /No change of these files/);
  });

  test('a container that cannot start is no reason to change nothing', async () => {
    const judgement = await judged({ '.devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }' });
    assert.match(
      overview([{ judgement, title: 'x', measured: undefined }]),
      /### Fix\n\nCorrect this first: the image cannot/,
    );
  });

  test('text of files makes no link, no markup and no end of a fence', () => {
    assert.equal(
      literal('[x](command:y) <b> `c` | *d*\n$(e)'),
      '\\[x\\]\\(command\\:y\\) \\<b\\> \\`c\\` \\| \\*d\\* \\$\\(e\\)',
    );
    assert.equal(
      literal('https://example.com www.example.com a@b'),
      'https\\:\\//example\\.com www\\.example\\.com a\\@b',
    );
    assert.equal(literal('see //localhost/x //evil.com'), 'see \\//localhost/x \\//evil\\.com');
    assert.equal(literal('1. y'), '1\\. y');
    assert.match(fenced('``` then ````'), /^`````text\n[^]*\n`````$/);
  });
});
