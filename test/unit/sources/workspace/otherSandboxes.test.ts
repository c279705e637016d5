import assert from 'node:assert/strict';
import type { Example, Fix } from '../../../../src/rules/engine/rule.js';
import type { Asked } from '../../rules/asked.js';
import { judgedAndAsked } from '../../judged.js';

const FILE = '.devcontainer/devcontainer.json';
const ON = '{ "sandbox": { "enabled": true } }\n';

/** Debian 13, whose bubblewrap the repair leaves out unless something else needs it. */
function project(more: Example = {}, packages = 'git bubblewrap', user = 'dev'): Example {
  return {
    [FILE]: `{ "build": { "dockerfile": "Dockerfile" }, "remoteUser": "${user}" }\n`,
    '.devcontainer/Dockerfile': `FROM debian:13\nRUN apt-get update && apt-get install -y ${packages}\nRUN useradd dev\n`,
    ...more,
  };
}

/** Every fix that is offered anywhere. */
function fixes({ findings, repairs, otherWays, onRequest }: Asked): readonly Fix[] {
  return [...findings.flatMap((f) => f.fixes), ...repairs, ...otherWays, ...onRequest.repairs, ...onRequest.otherWays];
}

function removesBwrap({ edits }: Fix): boolean {
  return edits.some(({ file, newText }) => file.endsWith('Dockerfile') && !newText.includes('bubblewrap'));
}

suite('a bubblewrap that another agent’s sandbox starts', () => {
  test('without one the repair leaves it out of the image', async () => {
    const { repairs } = await judgedAndAsked(project());
    assert.ok(repairs.some(removesBwrap));
  });

  for (const [what, files] of Object.entries({
    'Claude Code’s settings': project({ '.claude/settings.json': ON }),
    'settings with comments, a comma too many and a byte order mark': project({
      '.claude/settings.json': '\uFEFF{ // ours\n  "sandbox": { "enabled": true, },\n}\n',
    }),
    'one’s own settings': project({ '.claude/settings.local.json': ON }),
    'one of the two': project({
      '.claude/settings.json': ON,
      '.claude/settings.local.json': '{ "sandbox": { "enabled": false } }',
    }),
    'socat beside it': project({}, 'socat bubblewrap'),
    'flatpak beside it': project({}, 'flatpak bubblewrap'),
    'a command that starts it': project({
      [FILE]:
        '{ "build": { "dockerfile": "Dockerfile" }, "remoteUser": "dev", "postStartCommand": "bwrap --ro-bind / / ./serve" }',
    }),
    'a script that a command starts and that starts it': project({
      [FILE]:
        '{ "build": { "dockerfile": "Dockerfile" }, "remoteUser": "dev", "postStartCommand": "bash tools/serve.sh" }',
      'tools/serve.sh': '#!/bin/sh\nexec bwrap --ro-bind / / ./serve\n',
    }),
    'RUN of it': project({}, 'bubblewrap && bwrap --ro-bind / / true'),
    'an ENTRYPOINT that starts it': project({}, 'bubblewrap\nENTRYPOINT ["bwrap", "--ro-bind", "/", "/", "serve"]'),
    'socat of another command': project({
      [FILE]:
        '{ "build": { "dockerfile": "Dockerfile" }, "remoteUser": "dev", "postCreateCommand": "sudo apt-get install -y socat" }',
    }),
  })) {
    test(`${what}: it stays, and the message says why`, async () => {
      const judgement = await judgedAndAsked(files);
      assert.deepEqual(fixes(judgement).filter(removesBwrap), []);
      assert.ok(judgement.repairs.some(({ edits }) => edits.some(({ newText }) => newText.includes('systempaths'))));
      const masked = judgement.findings.find(({ rule }) => rule === 'masked-proc');
      const stays = /^bubblewrap stays in the image, because .+ needs it\.$/m;
      assert.match(masked?.message ?? '', stays);
      assert.ok(judgement.repairs.every(({ details }) => details.some((line) => stays.test(line))));
      assert.match(masked?.related[0]?.place.file ?? '', /\.claude\/settings|Dockerfile|devcontainer\.json|serve\.sh/);
    });
  }

  test('for root there is no repair then, and the message names the way', async () => {
    const judgement = await judgedAndAsked(project({ '.claude/settings.json': ON }, 'bubblewrap', 'root'));
    assert.deepEqual(fixes(judgement).filter(removesBwrap), []);
    const masked = judgement.findings.find(({ rule }) => rule === 'masked-proc');
    assert.match(masked?.message ?? '', /^Run as another user than root and set systempaths=unconfined, then rebuild/m);
    assert.match(masked?.message ?? '', /because Claude Code's sandbox needs it\.$/m);
  });

  for (const [what, text] of Object.entries({
    'a sandbox that is off': '{ "sandbox": { "enabled": false } }',
    'a word for true': '{ "sandbox": { "enabled": "true" } }',
    'settings without one': '{ "permissions": { "allow": ["Bash(ls)"] } }',
    'no settings': '',
    'a list': '[{ "sandbox": { "enabled": true } }]',
    'half a file': '{ "sandbox":',
    'a thousand brackets': '['.repeat(1000),
  })) {
    test(`${what} changes nothing`, async () => {
      const judgement = await judgedAndAsked(project({ '.claude/settings.json': text }));
      assert.ok(judgement.repairs.some(removesBwrap));
      assert.deepEqual(
        judgement.findings.filter(({ place }) => place.file.startsWith('.claude')),
        [],
      );
    });
  }

  for (const command of ['bwrap --version', 'command -v bwrap', 'bwrap --help']) {
    test(`${command} changes nothing`, async () => {
      const { repairs } = await judgedAndAsked(project({}, `bubblewrap && ${command}`));
      assert.ok(repairs.some(removesBwrap));
    });
  }

  test('what they say of Codex’s sandbox mode is not taken for Codex’s own', async () => {
    const text = '{ "permissions": { "deny": ["Bash(codex -c sandbox_mode=\\"danger-full-access\\")"] } }';
    const { configuration } = await judgedAndAsked(project({ '.claude/settings.json': text }));
    assert.equal(configuration.sandbox, undefined);
  });
});
