import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { compile } from '../../../../src/edits/compile.js';
import { HOSTS } from '../../../../src/model/host.js';
import { at, whereClosed } from '../../../../src/rules/engine/closedGates.js';
import { relax } from '../../../../src/rules/engine/fixes.js';
import { judgeBy, type Judgement } from '../../../../src/rules/engine/judgement.js';
import type { Example, Rule } from '../../../../src/rules/engine/rule.js';
import { RULES } from '../../../../src/rules/index.js';
import { example } from '../../../../src/rules/shared/examples.js';
import { readConfigurations } from '../../../../src/sources/configuration/readConfiguration.js';
import { memoryFiles } from '../../memoryFiles.js';

const FILE = '.devcontainer/devcontainer.json';

const PAPERS = { title: '', explanation: '', references: [], bad: {}, good: {} };

/** All that a new rule is. */
const NEW: Rule = {
  ...PAPERS,
  id: 'new',
  check: (context) => [
    { severity: 'hint', headline: `${context.agent.name} is\nhere` },
    ...whereClosed(context, at(context, 'seccomp-userns'), ({ hosts }) => ({
      headline: `Closed on ${hosts.join()}`,
      details: ['Do something.'],
    })),
  ],
  fixes: (context, { gate }) =>
    gate
      ? [
          ...relax(context, 'Impossible', ['cap-SETFCAP'], true),
          ...relax(context, 'Narrow', ['seccomp-tailored'], true),
          ...relax(context, 'Wide', ['seccomp-unconfined'], true),
        ]
      : [],
};

const WITHOUT_FIXES: Rule = { ...PAPERS, id: 'plain', check: () => [{ severity: 'info', headline: 'Plain' }] };

async function judged(files: Example = example('')): Promise<Judgement> {
  const [configuration] = await readConfigurations(memoryFiles(files));
  assert.ok(configuration);
  const hosts = [HOSTS['docker-desktop'], HOSTS.podman];
  return judgeBy([NEW, WITHOUT_FIXES], compile)(configuration, { hosts });
}

suite('what the engine does for a rule', () => {
  test('it fills in the rule, the place, the gate, the hosts and the severity', async () => {
    const { findings, configuration } = await judged();
    const { place } = configuration.container.definition;
    const plain = { place, gate: undefined, hosts: [], related: [], details: [] };
    const details = [
      'Do something.',
      'Fails on Docker Desktop.',
      'Error: bwrap: No permissions to create a new namespace, …',
    ];
    assert.deepEqual(findings, [
      { ...plain, rule: 'new', severity: 'hint', headline: 'Codex is here', message: 'Codex is here' },
      {
        rule: 'new',
        severity: 'warning',
        headline: 'Closed on docker-desktop',
        details,
        message: ['Closed on docker-desktop', ...details].join('\n'),
        place,
        gate: 'seccomp-userns',
        hosts: ['docker-desktop'],
        related: [],
      },
      { ...plain, rule: 'plain', severity: 'info', headline: 'Plain', message: 'Plain' },
    ]);
    assert.equal(place.file, FILE);
  });

  test('of the fixes that can be made the first preferred one is it', async () => {
    const { findings, fixesOf } = await judged();
    assert.deepEqual(
      findings.map((finding) => fixesOf(finding).map(({ title, preferred }) => [title, preferred])),
      [
        [],
        [
          ['Narrow', true],
          ['Wide', false],
        ],
        [],
      ],
    );
    assert.deepEqual(fixesOf({ ...findings[0]!, rule: 'unheard-of' }), []);
  });

  test('nothing is said of what fails while the sandbox is switched off', async () => {
    const { findings, isRepairable } = await judged({
      ...example(''),
      '.codex/config.toml': 'sandbox_mode = "danger-full-access"\n',
    });
    assert.deepEqual(
      findings.map(({ severity }) => severity),
      ['hint', 'info'],
    );
    assert.equal(isRepairable(), false);
  });
});

suite('the list of rules', () => {
  test('has a file named by its id for each, and there is no other', () => {
    const files = readdirSync(new URL('../../../../src/rules/', import.meta.url)).filter((name) =>
      name.endsWith('.ts'),
    );
    const named = RULES.map(({ id }) => `${id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())}.ts`);
    assert.deepEqual(files.sort(), [...named, 'index.ts', 'judge.ts'].sort());
  });
});
