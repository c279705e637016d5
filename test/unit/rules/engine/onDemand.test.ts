import assert from 'node:assert/strict';
import { compile } from '../../../../src/edits/compile.js';
import { DEFAULT_HOSTS, HOSTS, type HostName } from '../../../../src/model/host.js';
import { checkJson } from '../../../../src/report/json.js';
import { painter } from '../../../../src/report/terminal.js';
import { checkText } from '../../../../src/report/text.js';
import { judgeBy, type Judgement } from '../../../../src/rules/engine/judgement.js';
import type { Example } from '../../../../src/rules/engine/rule.js';
import { RULES } from '../../../../src/rules/index.js';
import { example } from '../../../../src/rules/shared/examples.js';
import { readConfigurations } from '../../../../src/sources/configuration/readConfiguration.js';
import { memoryFiles } from '../../memoryFiles.js';

/** Its three findings have four fixes; repairs and other ways are more. */
const FILES = example('');
const FIXES = 4;

interface Counted {
  readonly judgement: Judgement;
  readonly compiled: () => number;
}

/** A judgement, and how often edits have been worked out for it so far. */
async function counted(files: Example, hosts: readonly HostName[] = DEFAULT_HOSTS): Promise<Counted> {
  const [configuration] = await readConfigurations(memoryFiles(files));
  assert.ok(configuration);
  let calls = 0;
  const judge = judgeBy(RULES, (...given) => {
    calls++;
    return compile(...given);
  });
  const judgement = judge(configuration, { hosts: hosts.map((host) => HOSTS[host]) });
  return { judgement, compiled: () => calls };
}

function textOf(...judgements: readonly Judgement[]): string {
  return checkText(
    judgements.map((judgement) => ({ judgement, shown: (file) => file })),
    painter(false),
    { verbose: true },
  );
}

suite('edits are worked out when somebody asks', () => {
  test('not while a configuration is judged', async () => {
    const { judgement, compiled } = await counted(FILES);
    assert.equal(judgement.findings.length, 3);
    assert.equal(compiled(), 0);
  });

  test('in the report for people, once for each fix that it names', async () => {
    const { judgement, compiled } = await counted(FILES);
    const text = textOf(judgement);
    assert.equal(text.split('    fix: ').length - 1, FIXES);
    assert.equal(compiled(), FIXES);
  });

  test('none in the report where nothing is to be done', async () => {
    const { judgement, compiled } = await counted(FILES, ['podman']);
    assert.match(textOf(judgement), /1 configuration: no findings\.\n$/);
    assert.equal(compiled(), 0);
  });

  test('in JSON, once for each fix in it', async () => {
    const { judgement, compiled } = await counted(FILES);
    const { configurations } = checkJson([{ root: '.', judgement }]);
    assert.equal(configurations[0]?.findings.flatMap(({ fixes }) => fixes).length, FIXES);
    assert.equal(compiled(), FIXES);
  });

  test('of the repairs only those that are asked for', async () => {
    const { judgement, compiled } = await counted(FILES, ['docker-linux', 'docker-ubuntu']);
    const { fixes, otherWays, onRequest } = judgement.repairs();
    assert.equal(compiled(), 0);
    assert.equal(fixes().length, 1);
    assert.equal(compiled(), 1);
    const more = [...otherWays(), ...onRequest.fixes(), ...onRequest.otherWays()];
    assert.equal(compiled(), 1 + more.length);
    assert.ok(more.length >= 3);
  });

  test('each time anew, and findings are plain data', async () => {
    const { judgement, compiled } = await counted(FILES);
    const [finding] = judgement.findings;
    assert.ok(finding);
    const first = judgement.fixesOf(finding);
    assert.deepEqual(judgement.fixesOf(structuredClone(finding)), first);
    assert.equal(compiled(), 2 * first.length);
  });
});
