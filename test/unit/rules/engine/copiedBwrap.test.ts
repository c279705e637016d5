import assert from 'node:assert/strict';
import type { Fix } from '../../../../src/rules/engine/rule.js';
import { applyAll } from '../../appliedEdits.js';
import { judged } from '../../judged.js';

const FILE = '.devcontainer/devcontainer.json';
const DOCKERFILE = '.devcontainer/Dockerfile';
const NPM = 'npm install -g @openai/codex';

type Files = Readonly<Record<string, string>>;

/** A container that only the masked /proc stops. */
function container(what: object): string {
  return JSON.stringify({ securityOpt: ['seccomp=unconfined'], ...what });
}

function built(user: string, dockerfile: string): Files {
  return { [FILE]: container({ build: { dockerfile: 'Dockerfile' }, remoteUser: user }), [DOCKERFILE]: dockerfile };
}

/** The repair for Docker Desktop, and what comes of it. */
async function repaired(files: Files): Promise<{ fix: Fix; after: Files; outcomes: readonly string[] }> {
  const before = await judged(files, ['docker-desktop']);
  assert.deepEqual(
    before.predictions.map(({ gate }) => gate),
    ['proc-mount'],
  );
  const fix = before.repairs().fixes().at(-1);
  assert.ok(fix, 'there is a repair');
  const after = Object.fromEntries(applyAll(new Map(Object.entries(files)), fix.edits));
  const { predictions, findings } = await judged(after, ['docker-desktop']);
  assert.deepEqual(
    findings.filter(({ severity }) => severity === 'error' || severity === 'warning').map(({ rule }) => rule),
    [],
  );
  return { fix, after, outcomes: predictions.map(({ outcome }) => outcome) };
}

suite('a copy of Codex’s own bubblewrap instead of 0.12', () => {
  for (const user of ['root', 'vscode']) {
    test(`${user}: the Dockerfile that installs both leaves the package out and copies`, async () => {
      const text = `FROM debian:13\nRUN apt-get update && apt-get install -y npm bubblewrap\nRUN ${NPM}\nRUN useradd vscode\n`;
      const { fix, after, outcomes } = await repaired(built(user, text));
      assert.deepEqual([fix.relaxations, outcomes], [['bwrap-copied'], ['works']]);
      assert.doesNotMatch(after[DOCKERFILE] ?? '', /bubblewrap/);
      assert.match(after[DOCKERFILE] ?? '', /codex\nRUN install -m 755 .*codex-resources\/bwrap.* \/usr\/bin\/bwrap\n/);
    });
  }

  test('a package that a lifecycle command installs is overwritten by the command that installs Codex', async () => {
    const files = {
      [FILE]: container({ image: 'debian:13', onCreateCommand: `apt-get install -y npm bubblewrap && ${NPM}` }),
    };
    const { fix, outcomes } = await repaired(files);
    assert.deepEqual([fix.relaxations, outcomes], [['bwrap-copied'], ['works']]);
  });

  test('where no line can take the copy, another way is found', async () => {
    const command = `/x/apt-get install -y npm && ${NPM}`;
    const text = 'FROM debian:13\nRUN apt-get install -y bubblewrap\n';
    const files = {
      ...built('dev', text),
      [FILE]: container({ build: { dockerfile: 'Dockerfile' }, remoteUser: 'dev', onCreateCommand: command }),
    };
    const { fix, outcomes } = await repaired(files);
    assert.deepEqual([fix.relaxations, outcomes], [['bwrap-removed'], ['works']]);
  });

  test('the bubblewrap that another agent needs is not replaced', async () => {
    const text = `FROM debian:13\nRUN apt-get install -y npm bubblewrap socat\nRUN ${NPM}\n`;
    const { fix, outcomes } = await repaired(built('dev', text));
    assert.deepEqual([fix.relaxations, outcomes], [['systempaths-unconfined'], ['works']]);
  });
});
