import assert from 'node:assert/strict';
import type { Change } from '../../../src/edits/changes/change.js';
import { compile } from '../../../src/edits/compile.js';
import { applyAll } from '../appliedEdits.js';
import { judged } from '../judged.js';

const CODEX = 'RUN npm install -g @openai/codex\n';
const COPY: Change = { kind: 'copy-bwrap', version: '0.11.2' };
const REMOVE: Change = { kind: 'remove-bwrap' };

async function compiled(change: Change, instructions: string) {
  const files = {
    '.devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }',
    Dockerfile: `FROM node:22-bookworm\n${instructions}${CODEX}`,
  };
  const { configuration } = await judged(files);
  const result = compile([change], configuration);
  assert.ok(result);
  return { ...result, text: applyAll(configuration.texts, result.edits).get('Dockerfile') ?? '' };
}

suite('what goes with a bubblewrap is named', () => {
  const INSTALL = 'RUN apt-get update && apt-get install -y bubblewrap\n';
  const SETUID = 'RUN chmod u+s /usr/bin/bwrap\n';

  test('by a copy: the package', async () => {
    const { details, removes } = await compiled(COPY, INSTALL);
    assert.deepEqual(details, [
      'Copies the bubblewrap of Codex to /usr/bin/bwrap (Dockerfile).',
      'Removes the installation of the package bubblewrap (Dockerfile).',
    ]);
    assert.ok(removes.includes('package bubblewrap'), removes.join());
  });

  test('by a copy: the package and the setuid bit', async () => {
    const { details, removes, text } = await compiled(COPY, INSTALL + SETUID);
    assert.deepEqual(details, [
      'Copies the bubblewrap of Codex to /usr/bin/bwrap (Dockerfile).',
      'Removes the installation of the package bubblewrap (Dockerfile).',
      'Removes the setuid bit of bubblewrap (Dockerfile).',
    ]);
    assert.ok(removes.includes('package bubblewrap') && removes.includes('setuid bubblewrap'), removes.join());
    assert.doesNotMatch(text, /chmod/);
  });

  test('by a copy where no package is: nothing more', async () => {
    const { details, removes } = await compiled(COPY, '');
    assert.deepEqual(details, ['Copies the bubblewrap of Codex to /usr/bin/bwrap (Dockerfile).']);
    assert.deepEqual(removes, []);
  });

  test('by a removal: the setuid bit, or another chmod', async () => {
    const removal = 'Removes bubblewrap from the image (Dockerfile).';
    assert.deepEqual((await compiled(REMOVE, INSTALL + SETUID)).details, [
      removal,
      'Removes the setuid bit of bubblewrap (Dockerfile).',
    ]);
    assert.deepEqual((await compiled(REMOVE, `${INSTALL}RUN chmod 0755 /usr/bin/bwrap\n`)).details, [
      removal,
      'Removes the chmod of bubblewrap (Dockerfile).',
    ]);
    assert.deepEqual((await compiled(REMOVE, INSTALL)).details, [removal]);
  });

  test('other commands of the same RUN stay', async () => {
    const others = ['which bwrap && bwrap --version', 'apt-get upgrade -y', 'echo done'];
    for (const other of others) {
      for (const change of [COPY, REMOVE]) {
        const { text } = await compiled(change, `RUN apt-get update && apt-get install -y bubblewrap && ${other}\n`);
        assert.ok(text.includes(other), text);
        assert.doesNotMatch(text, /install -y bubblewrap/);
      }
    }
  });
});
