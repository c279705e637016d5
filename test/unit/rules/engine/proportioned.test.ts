import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { GATES } from '../../../../src/model/gates.js';
import { DEFAULT_HOSTS, HOSTS } from '../../../../src/model/host.js';
import { proportioned } from '../../../../src/rules/engine/proportioned.js';
import { judge, type Judgement } from '../../../../src/rules/judge.js';
import { readConfigurations } from '../../../../src/sources/configuration/readConfiguration.js';
import { nodeFiles } from '../../../../src/sources/workspace/nodeFiles.js';
import { judged } from '../../judged.js';
import { finding, judgementOf } from '../../report/judgements.js';

const CORPUS = join(import.meta.dirname, '../../../fixtures/corpus');
const HOSTS_OF_ALL = DEFAULT_HOSTS.map((host) => HOSTS[host]);

async function corpus(): Promise<readonly (Judgement & { readonly name: string })[]> {
  const names = readdirSync(CORPUS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const all = await Promise.all(
    names.map(async ({ name }) => {
      const configurations = await readConfigurations(nodeFiles(join(CORPUS, name)));
      return configurations.map((one) => ({ ...judge(one, { hosts: HOSTS_OF_ALL }), name }));
    }),
  );
  return all.flat();
}

suite('findings in proportion', () => {
  test('a configuration that shows no Codex has one piece of information at most, on the whole corpus', async () => {
    const unused = (await corpus()).filter(({ configuration }) => configuration.evidence.length === 0);
    assert.ok(unused.length > 80);
    for (const judgement of unused) {
      const shown = proportioned(judgement, false);
      assert.ok(shown.length <= 1, judgement.name);
      assert.ok(
        shown.every(({ severity }) => severity === 'info'),
        judgement.name,
      );
    }
    assert.ok(unused.some((judgement) => proportioned(judgement, false).length === 1));
  });

  test('the same configuration has an error once it installs an extension of Codex', async () => {
    const FILE = '.devcontainer/devcontainer.json';
    const plain = await judged({ [FILE]: '{ "image": "debian:12" }' });
    const using = await judged({
      [FILE]: '{ "image": "debian:12", "customizations": { "vscode": { "extensions": ["openai.chatgpt"] } } }',
    });
    const severities = (judgement: Judgement): readonly string[] =>
      proportioned(judgement, judgement.configuration.evidence.length > 0).map(({ severity }) => severity);
    assert.deepEqual(severities(plain), ['info']);
    assert.ok(severities(using).includes('error'));
  });

  test('the information is about what fails worst, and offers its fixes', async () => {
    const judgement = await judged({ '.devcontainer/devcontainer.json': '{ "image": "debian:12" }' });
    const [only] = proportioned(judgement, false);
    assert.ok(only);
    assert.deepEqual(
      [only.rule, only.headline],
      ['seccomp-profile', "Codex would not start here: Docker's seccomp profile blocks user namespaces"],
    );
    const whole = judgement.findings.find(({ rule }) => rule === only.rule);
    assert.deepEqual(judgement.fixesOf(only), judgement.fixesOf(whole!));
    assert.ok(judgement.fixesOf(only).length > 0);
  });

  test('what is used has all its findings', async () => {
    const judgement = await judged({ '.devcontainer/devcontainer.json': '{ "image": "debian:12" }' });
    assert.equal(proportioned(judgement, true), judgement.findings);
  });

  test('what is unknown, and what is a remark, is not said', () => {
    const findings = [finding({ severity: 'hint' }), finding({ severity: 'info' }), finding({ gate: undefined })];
    assert.deepEqual(proportioned(judgementOf({ findings }), false), []);
  });

  for (const gate of GATES) {
    test(`the headline of ${gate} fits`, () => {
      const [only] = proportioned(judgementOf({ findings: [finding({ gate })] }), false);
      assert.ok(only && only.headline.length <= 80);
    });
  }
});
