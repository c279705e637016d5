import assert from 'node:assert/strict';
import { measuredReport } from '../../../src/editor/measuredReport.js';
import { HOSTS } from '../../../src/model/host.js';
import { judge } from '../../../src/rules/judge.js';
import { readConfigurations } from '../../../src/sources/configuration/readConfiguration.js';
import { memoryFiles } from '../memoryFiles.js';
import { observe, step } from '../probe/records.js';

suite('the report of what was measured', () => {
  test('holds the prediction by configuration and the whole measurement, and nothing of the files', async () => {
    const secret = 'hunter2';
    const text = `{ "image": "debian:12", "containerEnv": { "PASSWORD": "${secret}" } }`;
    const configurations = await readConfigurations(memoryFiles({ '.devcontainer.json': text }));
    const judgements = configurations.map((one) => judge(one, { hosts: [HOSTS['docker-desktop']] }));
    const observation = observe(...step('codex-run', 'fail 1 10', 'bwrap: pivot_root: Operation not permitted'));
    const report = measuredReport(observation, judgements);
    assert.match(report, /^# Codex Sandbox Check: predicted and measured\n\n\*\*Predicted for Codex 0/);
    assert.match(report, /\| Docker Desktop \| \*\*fails\*\* \| Docker's seccomp profile blocks user namespaces \|/);
    assert.match(report, /```text\nResult: FAILS[^]*\nWhat is here\n/);
    assert.match(report, /bwrap: pivot_root: Operation not permitted/);
    assert.match(report, /\*\*Compared\*\*\n\n```text\nCodex 0\.\S+, \.devcontainer\.json: not predicted\n```\n$/);
    assert(report.endsWith('```\n'));
    assert(!report.includes(secret));
  });

  test('no text of a container closes its fence', () => {
    const observation = observe(...step('codex-run', 'fail 1 10', '``` then ````'));
    assert.match(measuredReport(observation, []), /`````text\n[^]*``` then ````[^]*\n`````\n$/);
  });
});
