import assert from 'node:assert/strict';
import { explain, takeDown } from '../../../src/editor/measurement.js';
import type { Gate } from '../../../src/model/gates.js';
import { HOSTS } from '../../../src/model/host.js';
import type { Observation } from '../../../src/probe/observation.js';
import { parseProbe } from '../../../src/probe/parse.js';
import { judge, type Judgement } from '../../../src/rules/judge.js';
import { readConfigurations } from '../../../src/sources/workspace.js';
import { memoryFiles } from '../memoryFiles.js';

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

suite('Measurement', () => {
  test('a failure that was predicted is said at its finding, as confirmed', async () => {
    const judged = await judgements({ '.devcontainer.json': PLAIN });
    const explanation = explain(judged, takeDown(SECCOMP, judged));
    assert.equal(explanation?.finding?.rule, 'seccomp-profile');
    assert.equal(explanation.severity, 'error');
    assert.match(
      explanation.message,
      /^Measured here: bwrap: No permissions to create a new namespace\. Predicted and confirmed: Docker/,
    );
  });

  test('a failure that no finding explains is said of the first configuration, with what to do', async () => {
    const judged = await judgements({ '.devcontainer.json': PLAIN });
    const measured = observation('pivot-root', 'bwrap: pivot_root: Operation not permitted');
    const explanation = explain(judged, takeDown(measured, judged));
    assert.equal(explanation?.finding, undefined);
    assert.equal(explanation?.judgement.configuration.file, '.devcontainer.json');
    assert.equal(
      explanation.message,
      'Measured here: bwrap: pivot_root: Operation not permitted. No line of this configuration explains it. Do this.',
    );
  });

  test('a failure at no gate is told by its summary', async () => {
    const judged = await judgements({ '.devcontainer.json': PLAIN });
    const measured = { ...observation(null, ''), steps: [] };
    assert.match(
      explain(judged, takeDown(measured, judged))?.message ?? '',
      /^Measured here: Codex’s sandbox does not/,
    );
  });

  test('it is said of the configuration that explains it', async () => {
    const judged = await judgements({
      '.devcontainer/devcontainer.json': '{ "image": "debian:12", "privileged": true }',
      '.devcontainer.json': PLAIN,
    });
    const explanation = explain(judged, takeDown(SECCOMP, judged));
    assert.equal(explanation?.judgement.configuration.file, '.devcontainer.json');
  });

  test('when the configuration has changed since, it is of the container before the rebuild', async () => {
    const before = await judgements({ '.devcontainer.json': PLAIN });
    const measurement = takeDown(SECCOMP, before);
    const commented = explain(await judgements({ '.devcontainer.json': `// new\n${PLAIN}` }), measurement);
    assert.match(commented?.message ?? '', /^Measured here before rebuild: /);
    assert.equal(commented?.severity, 'error');
    const mended = PLAIN.replace(
      '"remoteUser"',
      '"runArgs": ["--security-opt", "seccomp=unconfined"],\n  "remoteUser"',
    );
    const repaired = explain(await judgements({ '.devcontainer.json': mended }), measurement);
    assert.match(repaired?.message ?? '', /^Measured here before rebuild: .* Rebuild the container/);
    assert.equal(repaired?.finding, undefined);
    assert.equal(repaired?.severity, 'info');
  });

  test('what works, is not known, or has no configuration has nothing to say', async () => {
    const judged = await judgements({ '.devcontainer.json': PLAIN });
    for (const outcome of ['works', 'unknown'] as const) {
      assert.equal(explain(judged, takeDown({ ...SECCOMP, outcome }, judged)), undefined);
    }
    assert.equal(explain([], takeDown(SECCOMP, [])), undefined);
  });
});
