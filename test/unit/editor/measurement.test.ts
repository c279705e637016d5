import assert from 'node:assert/strict';
import { explain, measuredNow, takeDown } from '../../../src/editor/measurement.js';
import { GATES, type Gate } from '../../../src/model/gates.js';
import { HOSTS } from '../../../src/model/host.js';
import type { Observation } from '../../../src/probe/observation.js';
import { parseProbe } from '../../../src/probe/parse.js';
import { judge, type Judgement } from '../../../src/rules/judge.js';
import { readConfigurations } from '../../../src/sources/configuration/readConfiguration.js';
import { memoryFiles } from '../memoryFiles.js';
import { CODEX, observe, step } from '../probe/records.js';

const PLAIN = '{\n  "image": "debian:12",\n  "remoteUser": "vscode"\n}\n';

async function judgements(files: Readonly<Record<string, string>>): Promise<readonly Judgement[]> {
  const configurations = await readConfigurations(memoryFiles(files));
  return configurations.map((one) => judge(one, { hosts: [HOSTS['docker-desktop']] }));
}

/** A probe whose Codex printed this text. */
function observation(gate: Gate | null, stderr: string): Observation {
  const step = {
    id: 'codex-run',
    command: 'codex sandbox -- true',
    status: 'fail',
    exitCode: 1,
    stderr,
    durationMs: 10,
    gate,
  } as const;
  return {
    ...parseProbe('', 'nonce'),
    steps: [step],
    outcome: 'fails',
    gate,
    summary: 'Codex’s sandbox does not start.',
    remediation: 'Do this.',
  };
}

const SECCOMP = observation('seccomp-userns', 'bwrap: No permissions to create a new namespace');

/** What an explanation says, whichever place it says it in. */
function said({ statements, unpredicted }: ReturnType<typeof explain>): {
  readonly message: string;
  readonly severity: string | undefined;
  readonly rule: string | undefined;
  readonly first: string | undefined;
} {
  const [entry] = statements;
  const statement = entry?.[1] ?? unpredicted?.statement;
  return {
    message: statement?.message ?? '',
    severity: statement?.severity,
    rule: entry?.[0].rule,
    first: unpredicted?.judgement.configuration.file,
  };
}

suite('Measurement', () => {
  test('a failure that was predicted is said at its finding, as confirmed', async () => {
    const judged = await judgements({ '.devcontainer.json': PLAIN });
    const { message, severity, rule, first } = said(explain(judged, takeDown(SECCOMP, judged)));
    assert.deepEqual({ severity, rule, first }, { severity: 'error', rule: 'seccomp-profile', first: undefined });
    const [headline, toDo] = message.split('\n');
    assert.equal(headline, "Measured: fails here: Docker's seccomp profile blocks user namespaces");
    assert.match(toDo ?? '', /^Use a seccomp profile/);
    assert.match(message, /\nSeen: bwrap: No permissions to create a new namespace\.$/);
  });

  test('a failure that no finding predicted is said of the first configuration, with what to do', async () => {
    const judged = await judgements({ '.devcontainer.json': PLAIN });
    const measured = observation('pivot-root', 'bwrap: pivot_root: Operation not permitted');
    const { message, rule, first } = said(explain(judged, takeDown(measured, judged)));
    assert.deepEqual({ rule, first }, { rule: undefined, first: '.devcontainer.json' });
    assert.equal(
      message,
      [
        'Measured: fails here: the seccomp profile blocks pivot_root',
        'Do this.',
        'Seen: bwrap: pivot_root: Operation not permitted.',
        'No line of this configuration explains it.',
      ].join('\n'),
    );
  });

  test('whose the workspace folder is no file tells: that is no finding’s and no surprise', async () => {
    const readOnly = PLAIN.replace('\n}', ',\n  "runArgs": ["--read-only"]\n}');
    for (const file of [PLAIN, readOnly]) {
      const judged = await judgements({ '.devcontainer.json': file });
      const measured = observation('writable-paths', "bwrap: Can't mkdir /w/.git: Permission denied");
      const { message, severity, first } = said(explain(judged, takeDown(measured, judged)));
      assert.equal(
        message,
        [
          'Measured: fails here: Codex cannot write to the workspace folder',
          'Do this.',
          'Seen: Codex’s sandbox does not start.',
          'The files do not say who owns the workspace folder.',
        ].join('\n'),
      );
      assert.deepEqual([severity, first], ['error', '.devcontainer.json']);
    }
  });

  test('a failure at no gate is told by its summary', async () => {
    const judged = await judgements({ '.devcontainer.json': PLAIN });
    const measured = { ...observation(null, ''), steps: [] };
    assert.match(
      said(explain(judged, takeDown(measured, judged))).message,
      /^Measured: fails here\n[^]*\nSeen: Codex’s sandbox does not/,
    );
  });

  const TWO = {
    '.devcontainer/devcontainer.json': '{ "image": "debian:12", "privileged": true }',
    '.devcontainer.json': PLAIN,
    '.devcontainer/other/devcontainer.json': PLAIN,
  };

  test('it is said of the first configuration that explains it', async () => {
    const judged = await judgements(TWO);
    const [finding] = explain(judged, takeDown(SECCOMP, judged)).statements.keys();
    assert.equal(finding?.place.file, '.devcontainer.json');
  });

  test('where it is known which configuration the container is from, it is said of that one', async () => {
    const judged = await judgements(TWO);
    const other = explain(judged, takeDown(SECCOMP, judged, '.devcontainer/other/devcontainer.json'));
    assert.equal([...other.statements.keys()][0]?.place.file, '.devcontainer/other/devcontainer.json');
    const privileged = explain(judged, takeDown(SECCOMP, judged, '.devcontainer/devcontainer.json'));
    assert.equal(said(privileged).first, '.devcontainer/devcontainer.json');
    const unheard = explain(judged, takeDown(SECCOMP, judged, 'elsewhere.json'));
    assert.equal([...unheard.statements.keys()][0]?.place.file, '.devcontainer.json');
  });

  test('when the configuration has changed since, it is of the container before the rebuild', async () => {
    const before = await judgements({ '.devcontainer.json': PLAIN });
    const measurement = takeDown(SECCOMP, before);
    const commented = said(explain(await judgements({ '.devcontainer.json': `// new\n${PLAIN}` }), measurement));
    assert.match(commented.message, /^Measured before the last change: fails here\nRebuild /);
    assert.equal(commented.severity, 'error');
    const mended = PLAIN.replace(
      '"remoteUser"',
      '"runArgs": ["--security-opt", "seccomp=unconfined"],\n  "remoteUser"',
    );
    const repaired = said(explain(await judgements({ '.devcontainer.json': mended }), measurement));
    assert.match(repaired.message, /^Measured before the last change: fails here\nRebuild the container/);
    assert.deepEqual([repaired.rule, repaired.severity], [undefined, 'info']);
  });

  test('a container that is older than its files refutes nothing, and what it confirms is confirmed', async () => {
    const judged = await judgements({ '.devcontainer.json': PLAIN });
    const older = new Set(['.devcontainer.json']);
    const unseen = observation('pivot-root', 'bwrap: pivot_root: Operation not permitted');
    const unpredicted = said(explain(judged, takeDown(unseen, judged, undefined, older)));
    assert.equal(
      unpredicted.message,
      [
        'Measured before the last change: fails here',
        'Rebuild the container and run the probe again: the configuration has changed since it was made.',
        'Seen: bwrap: pivot_root: Operation not permitted.',
      ].join('\n'),
    );
    assert.equal(unpredicted.severity, 'info');
    const confirmed = said(explain(judged, takeDown(SECCOMP, judged, undefined, older)));
    assert.match(confirmed.message, /^Measured: fails here: /);
    const works = { ...observation(null, ''), outcome: 'works', steps: [] } as const;
    const notSeen = said(explain(judged, takeDown(works, judged, undefined, older)));
    assert.match(notSeen.message, /^Measured before the last change: works here\nRebuild /);
    assert.equal(notSeen.severity, 'error', 'nothing follows from a container that is gone');
  });

  test('what was predicted and works here says which fact makes the difference, and is information', async () => {
    const judged = await judgements({ '.devcontainer.json': PLAIN });
    const works = { ...observation(null, ''), outcome: 'works', steps: [] } as const;
    const measured = { ...works, facts: { ...works.facts, seccomp: 0 } };
    const { statements, unpredicted } = explain(judged, takeDown(measured, judged));
    assert.equal(unpredicted, undefined);
    for (const [finding, { message, severity }] of statements) {
      assert.deepEqual([finding.severity, severity], ['error', 'info']);
      assert.equal(
        message,
        [
          'Measured: works here',
          'This container has no system-call filter (seccomp).',
          `Predicted, not seen here: ${finding.headline}`,
        ].join('\n'),
      );
    }
    assert.deepEqual(
      [...statements.keys()].map(({ rule }) => rule),
      ['seccomp-profile'],
    );
    const changed = await judgements({ '.devcontainer.json': `// new\n${PLAIN}` });
    assert.match(
      said(explain(changed, takeDown(measured, judged))).message,
      /^Measured before the last change: works here/,
    );
  });

  test('what several Codexes differ in comes first, with the error of the one that fails', async () => {
    const judged = await judgements({ '.devcontainer.json': PLAIN });
    const measured = observe(
      ...CODEX,
      ['fact', 'codex.2.origin', 'extension'],
      ['fact', 'codex.2.path', '/extension/codex'],
      ['fact', 'codex.2.version', 'codex-cli 0.155.0'],
      ...step('codex-run', 'ok 0 80'),
      ...step('codex-write-inside', 'ok 0 80'),
      ...step('codex-write-outside', 'ok 2 80'),
      ...step('codex.2-run', 'fail 1 80', 'bwrap: No permissions to create a new namespace'),
    );
    const { message, rule } = said(explain(judged, takeDown(measured, judged)));
    assert.match(
      message,
      /^Measured: fails here: [^]*\nSeen: Codex in the terminal works, Codex in the ChatGPT extension fails: bwrap: No permissions to create a new namespace\.$/,
    );
    assert.equal(rule, 'seccomp-profile');
  });

  test('what is not known, or has no configuration, has nothing to say', async () => {
    const judged = await judgements({ '.devcontainer.json': PLAIN });
    const nothing = { statements: new Map(), unpredicted: undefined };
    assert.deepEqual(explain(judged, takeDown({ ...SECCOMP, outcome: 'unknown' }, judged)), nothing);
    assert.deepEqual(explain([], takeDown(SECCOMP, [])), nothing);
  });

  test('what was measured holds for the configuration of its container, as it was then', async () => {
    const judged = await judgements(TWO);
    const own = '.devcontainer/other/devcontainer.json';
    const now = (all: readonly Judgement[], outdated?: ReadonlySet<string>) =>
      [...measuredNow(all, takeDown(SECCOMP, judged, own, outdated)).keys()].map(
        ({ configuration }) => configuration.file,
      );
    assert.deepEqual(now(judged), [own]);
    assert.deepEqual(now(judged, new Set([own])), []);
    assert.deepEqual(now(await judgements({ ...TWO, [own]: `// new\n${PLAIN}` })), []);
    assert.equal(measuredNow(judged, undefined).size, 0);
  });

  test('no headline is longer than 80 characters', async () => {
    const judged = await judgements({ '.devcontainer.json': PLAIN });
    for (const gate of GATES) {
      const { message } = said(explain(judged, takeDown(observation(gate, 'bwrap: x'), judged)));
      const [headline = ''] = message.split('\n');
      assert(headline.startsWith('Measured: fails') && headline.length <= 80, headline);
    }
  });
});
