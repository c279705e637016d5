import assert from 'node:assert/strict';
import { ERRORS } from '../../../src/model/bwrap/errors.js';
import { CODEX_ERRORS } from '../../../src/model/agents/codex/errors.js';
import { compareEach, confirms, failedForWorkspace } from '../../../src/probe/compare.js';
import { parseProbe } from '../../../src/probe/parse.js';
import { probeReport } from '../../../src/probe/text.js';
import { CODEX as FROM_NPM, containerWith } from '../containers.js';
import { CODEX, NONCE, observe, probeOutput, step, SYSTEM_BWRAP, type Records } from './records.js';

const EXTENSION: Records = [
  ['fact', 'codex.2.origin', 'extension'],
  ['fact', 'codex.2.path', '/root/.vscode-server/extensions/openai.chatgpt-26.917.1/bin/linux-x86_64/codex'],
  ['fact', 'codex.2.version', 'codex-cli 0.155.0-alpha.3'],
];
const BUNDLED: Records = [
  ['fact', 'bwrap.bundled.2.path', '/extension/codex-resources/bwrap'],
  ['fact', 'bwrap.bundled.2.version', 'bubblewrap built for Codex'],
];

const runs = (codex: string): Records => [
  ...step(`${codex}-run`, 'ok 0 80'),
  ...step(`${codex}-write-inside`, 'ok 0 80'),
  ...step(`${codex}-write-outside`, 'ok 2 80'),
];
const fails = (codex: string, text: string): Records => step(`${codex}-run`, 'fail 101 80', text);

/** The one in the terminal works and that of the extension does not. */
const DIFFERENT = observe(...CODEX, ...EXTENSION, ...runs('codex'), ...fails('codex.2', CODEX_ERRORS.bwrapMissing));

suite('probe: several Codexes', () => {
  test('each has its own steps, under the names that they have where it is the only one', () => {
    const observation = observe(
      ...CODEX,
      ...SYSTEM_BWRAP,
      ...EXTENSION,
      ...BUNDLED,
      ...step('system-proc', 'ok 0 10'),
      ...step('bundled-proc', 'ok 0 10'),
      ...runs('codex'),
      ...fails('codex.2', ERRORS.pivotRoot),
    );
    const ids = (steps: typeof observation.steps): string => steps.map(({ id }) => id).join(' ');
    const ofFirst = 'bundled-proc codex-run codex-write-inside codex-write-outside';
    assert.equal(ids(observation.steps), `system-proc ${ofFirst}`);
    const [first, second] = observation.codexes;
    assert.equal(ids(first?.steps ?? []), ofFirst);
    assert.equal(ids(second?.steps ?? []), 'codex-run');
    assert.deepEqual(
      observation.codexes.map(({ origin, version, bundledBwrap }) => [origin, version, bundledBwrap?.path]),
      [
        ['path', '0.169.0', undefined],
        ['extension', '0.155.0-alpha.3', '/extension/codex-resources/bwrap'],
      ],
    );
    assert.equal(observation.facts.codex?.path, '/usr/local/bin/codex');
    assert.deepEqual(
      observation.facts.bwraps.map(({ path }) => path),
      ['/usr/bin/bwrap'],
    );
  });

  test('it works only if all of them work', () => {
    const works = observe(...CODEX, ...EXTENSION, ...runs('codex'), ...runs('codex.2'));
    assert.equal(works.outcome, 'works');
    assert.match(works.summary, / The same holds for Codex in the terminal and Codex in the ChatGPT extension\.$/);
    assert.deepEqual([DIFFERENT.outcome, DIFFERENT.gate], ['fails', 'bwrap-available']);
    const unknown = observe(...CODEX, ...EXTENSION, ...runs('codex'), ...step('codex.2-run', 'fail 124 20000'));
    assert.deepEqual([unknown.outcome, unknown.gate], ['unknown', null]);
    assert.match(unknown.summary, /^Codex in the terminal works, Codex in the ChatGPT extension is unknown\. /);
    const both = observe(
      ...CODEX,
      ...EXTENSION,
      ...step('codex-run', 'fail 124 1'),
      ...fails('codex.2', ERRORS.pivotRoot),
    );
    assert.deepEqual([both.outcome, both.gate], ['fails', 'pivot-root']);
  });

  test('one that was not reached is not known, whatever the others do', () => {
    const cut = probeOutput(...CODEX, ...EXTENSION, ...runs('codex')).replace(/.*\tdone\t1\n$/, '');
    const { codexes, outcome } = parseProbe(cut, NONCE);
    assert.deepEqual(
      codexes.map((codex) => codex.outcome),
      ['works', 'unknown'],
    );
    assert.equal(outcome, 'unknown');
    assert.equal(observe(...CODEX, ...EXTENSION, ...runs('codex')).codexes[1]?.outcome, 'unknown');
  });

  test('what differs comes first, with the cause and the remedy of what fails', () => {
    assert.match(
      DIFFERENT.summary,
      /^Codex in the terminal works, Codex in the ChatGPT extension fails\. Codex's sandbox does not start: bubblewrap is unavailable/,
    );
    assert.match(DIFFERENT.remediation, /bubblewrap package in the image, or update the ChatGPT extension\.$/);
    const alone = EXTENSION.map(([type, key, value]) => [type, key.replace('.2.', '.'), value] as const);
    const { remediation } = observe(...alone, ...fails('codex', CODEX_ERRORS.bwrapMissing));
    assert.equal(remediation, DIFFERENT.remediation);
    const two = observe(
      ...CODEX,
      ...EXTENSION,
      ...fails('codex', ERRORS.procMount),
      ...fails('codex.2', CODEX_ERRORS.bwrapMissing),
    );
    assert.match(
      two.summary,
      /^Codex in the terminal fails, Codex in the ChatGPT extension fails\. Codex in the terminal: Codex's sandbox does not start: bwrap: Can't mount proc[^]* Codex in the ChatGPT extension: Codex's/,
    );
    assert.equal(two.gate, 'proc-mount');
    assert.match(two.remediation, /systempaths[^]*bubblewrap package/);
  });

  test('extensions of several editors are told apart by their path', () => {
    const third = EXTENSION.map(([type, key, value]) => [type, key.replace('.2.', '.3.'), `${value}.3`] as const);
    const { summary } = observe(
      ...CODEX,
      ...EXTENSION,
      ...third.map((record) => (record[1].endsWith('origin') ? (['fact', record[1], 'extension'] as const) : record)),
      ...runs('codex'),
      ...runs('codex.2'),
      ...fails('codex.3', ERRORS.pivotRoot),
    );
    assert.match(
      summary,
      /^Codex in the terminal works, Codex in the ChatGPT extension \(\/root.*\/codex\) works, Codex in the ChatGPT extension \(\/root.*\/codex\.3\) fails\. /,
    );
  });

  test('the report has a line for each, and the steps of each', () => {
    const report = probeReport(DIFFERENT);
    for (const part of [
      /^ {2}Codex +0\.169\.0, \/usr\/local\/bin\/codex$/m,
      /^ {2}Codex +0\.155\.0-alpha\.3, \/root\/\.vscode-server\/.*\/codex \(in the ChatGPT extension\)$/m,
      /^Codex in the ChatGPT extension: this result counts for it\n {2}FAILS a command runs in the sandbox\n {10}bubblewrap is unavailable/m,
      /^Result: FAILS: [^\n]* \[bwrap-available\]\nCodex in the terminal works, Codex in the ChatGPT extension fails\. /m,
    ]) {
      assert.match(report, part);
    }
    const withBwrap = observe(...CODEX, ...EXTENSION, ...BUNDLED, ...runs('codex'), ...runs('codex.2'));
    assert.match(
      probeReport(withBwrap),
      /^ {2}bubblewrap +bubblewrap built for Codex, \/extension\/.*comes with Codex/m,
    );
  });

  test('a finding is confirmed by each that fails at its gate', () => {
    const two = observe(
      ...CODEX,
      ...EXTENSION,
      ...fails('codex', ERRORS.procMount),
      ...fails('codex.2', ERRORS.pivotRoot),
    );
    assert.equal(confirms(two, 'proc-mount'), true);
    assert.equal(confirms(two, 'pivot-root'), true);
    assert.equal(confirms(two, 'seccomp-userns'), false);
    const denied = "bwrap: Can't mkdir /w/.git: Permission denied";
    const one = observe(...CODEX, ...EXTENSION, ...runs('codex'), ...fails('codex.2', denied));
    assert.equal(failedForWorkspace(one), true);
    const mixed = observe(...CODEX, ...EXTENSION, ...fails('codex', ERRORS.pivotRoot), ...fails('codex.2', denied));
    assert.equal(failedForWorkspace(mixed), false);
    assert.equal(confirms(mixed, 'writable-paths'), false);
  });

  test('each is held against what is foretold for its own version and its own bubblewrap', () => {
    const old: Records = CODEX.map(([type, key, value]) => [type, key, value.replace('0.169.0', '0.98.0')] as const);
    const unconfined: Records = [['fact', 'status.Seccomp', '2']];
    const container = containerWith({});
    const observation = observe(
      ...old,
      ...EXTENSION,
      ...BUNDLED,
      ...unconfined,
      ...runs('codex'),
      ...fails('codex.2', ERRORS.usernsDenied),
    );
    const compared = compareEach(observation, container, FROM_NPM);
    assert.deepEqual(
      compared.map(({ name, version, agreement, error }) => [name, version, agreement, error]),
      [
        ['Codex in the terminal', '0.98.0', 'confirmed', null],
        ['Codex in the ChatGPT extension', '0.155.0-alpha.3', 'confirmed', ERRORS.usernsDenied],
      ],
    );
    const bare = observe(...CODEX, ...fails('codex', CODEX_ERRORS.bwrapMissing));
    assert.deepEqual(
      compareEach(bare, container, FROM_NPM).map(({ name, agreement }) => [name, agreement]),
      [[undefined, 'confirmed']],
    );
    assert.deepEqual(
      compareEach(observe(), container, FROM_NPM).map(({ name, version }) => [name, version]),
      [[undefined, FROM_NPM.version]],
    );
  });
});
