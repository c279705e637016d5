import assert from 'node:assert/strict';
import type { Container } from '../../../src/model/container.js';
import { readConfigurations } from '../../../src/sources/workspace.js';
import { memoryFiles } from '../memoryFiles.js';

const TEMPLATE = `{
  "id": "t",
  "options": {
    "release": { "type": "string", "proposals": ["bookworm"], "default": "bookworm" },
    "minimal": { "type": "boolean", "default": false },
    "open": { "type": "string" },
  },
}`;

async function containerOf(devcontainer: string, files: Readonly<Record<string, string>> = {}): Promise<Container> {
  const all = { 'devcontainer-template.json': TEMPLATE, ...files, '.devcontainer.json': devcontainer };
  const [configuration] = await readConfigurations(memoryFiles(all));
  assert.ok(configuration);
  return configuration.container;
}

suite('the source of a template', () => {
  test('has the defaults of its options', async () => {
    const { distro, definition } = await containerOf('{ "image": "debian:${templateOption:release}-slim" }');
    assert.deepEqual(distro.value, { id: 'debian', version: '12' });
    assert.ok(definition.kind === 'image');
    assert.equal(definition.image, 'debian:bookworm-slim');
  });

  test('may choose its Dockerfile, its target and its build arguments by options', async () => {
    const build = `{ "build": {
      "dockerfile": "\${templateOption: release }.Dockerfile",
      "target": "t-\${templateOption:minimal}",
      "args": { "RELEASE": "\${templateOption:release}" }
    } }`;
    const dockerfile = 'ARG RELEASE\nFROM debian:13 AS other\nFROM debian:$RELEASE AS t-false\nFROM other\n';
    const { distro, definition } = await containerOf(build, { 'bookworm.Dockerfile': dockerfile });
    assert.deepEqual(distro.value, { id: 'debian', version: '12' });
    assert.ok(definition.kind === 'dockerfile');
    assert.equal(definition.target, 't-false');
  });

  test('leaves open what has no default, and what no template declares', async () => {
    for (const option of ['open', 'undeclared']) {
      const { distro } = await containerOf(`{ "image": "debian:\${templateOption:${option}}" }`);
      assert.equal(distro.value?.version, undefined, option);
    }
    const { distro } = await containerOf('{ "image": "debian:${templateOption:release}" }', {
      'devcontainer-template.json': 'no JSON',
    });
    assert.equal(distro.value?.version, undefined);
  });
});
