import assert from 'node:assert/strict';
import type { Container } from '../../../../src/model/container/container.js';
import type { Place } from '../../../../src/model/place.js';
import type { Configuration } from '../../../../src/sources/configuration/configuration.js';
import { linesOf } from '../../../../src/sources/text/lines.js';
import { readConfigurations } from '../../../../src/sources/configuration/readConfiguration.js';
import { memoryFiles } from '../../memoryFiles.js';

const TEMPLATE = `{
  "id": "t",
  "options": {
    "release": { "type": "string", "proposals": ["bookworm"], "default": "bookworm" },
    "minimal": { "type": "boolean", "default": false },
    "open": { "type": "string" },
  },
}`;

type Files = Readonly<Record<string, string>>;

async function containerOf(devcontainer: string, files: Files = {}): Promise<Container> {
  const all = { 'devcontainer-template.json': TEMPLATE, ...files, '.devcontainer.json': devcontainer };
  return (await configurationOf(all)).container;
}

async function configurationOf(files: Files): Promise<Configuration> {
  const [configuration] = await readConfigurations(memoryFiles(files));
  assert.ok(configuration);
  return configuration;
}

/** What stands at a place, as it is written. */
function textAt(place: Place | undefined, files: Files): string {
  assert.ok(place);
  const text = files[place.file] ?? '';
  const lines = linesOf(text, place.file);
  return text.slice(lines.offset(place.range.start), lines.offset(place.range.end));
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

  test('has the defaults in its Dockerfile too, and each place where it is written', async () => {
    const files = {
      'devcontainer-template.json': TEMPLATE,
      '.devcontainer/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }',
      '.devcontainer/Dockerfile':
        'ARG RELEASE="${templateOption:release}"\r\nFROM debian:${RELEASE}-slim AS a\r\n' +
        'FROM debian:${templateOption:release} AS ${templateOption:minimal}\r\nRUN echo ${templateOption:release} && apt-get install -y bubblewrap\r\nUSER ${templateOption:release}\r\n',
    };
    const { container, problems, texts } = await configurationOf(files);
    assert.deepEqual(problems, []);
    assert.deepEqual(container.distro.value, { id: 'debian', version: '12' });
    assert.equal(textAt(container.distro.places[0], files), 'debian:${templateOption:release}');
    assert.equal(textAt(container.bwrap.presence.places[0], files), 'bubblewrap');
    assert.equal(container.user.value, 'bookworm');
    assert.equal(textAt(container.user.places[0], files), 'USER ${templateOption:release}');
    // Edits start from what is written, and a change of the template changes the container.
    assert.equal(texts.get('.devcontainer/Dockerfile'), files['.devcontainer/Dockerfile']);
    assert.ok(texts.has('devcontainer-template.json'));
    const image = await containerOf('{ "build": { "dockerfile": "D" } }', {
      D: 'ARG RELEASE=${templateOption:release}\nFROM debian:${RELEASE}\n',
    });
    assert.deepEqual(image.distro.value, { id: 'debian', version: '12' });
  });

  test('has the defaults in its Compose files too', async () => {
    const files = {
      '.devcontainer/devcontainer-template.json': TEMPLATE,
      '.devcontainer/devcontainer.json': '{ "dockerComposeFile": "${templateOption:release}.yml", "service": "app" }',
      '.devcontainer/bookworm.yml':
        'services:\n  app:\n    image: debian:${templateOption:release}\n    security_opt: [ "label=${templateOption:release}", seccomp=unconfined ]\n    privileged: ${templateOption:minimal}\n',
    };
    const { container, problems } = await configurationOf(files);
    assert.deepEqual(problems, []);
    assert.deepEqual(container.distro.value, { id: 'debian', version: '12' });
    assert.equal(container.privileged.value, false);
    assert.equal(textAt(container.privileged.places[0], files), 'privileged: ${templateOption:minimal}');
    assert.equal(textAt(container.seccomp.places[0], files), 'seccomp=unconfined');
  });

  test('of its Compose files leaves open what has no default', async () => {
    const files = {
      'devcontainer-template.json': TEMPLATE,
      '.devcontainer.json': '{ "dockerComposeFile": "compose.yml", "service": "app" }',
      'compose.yml': 'services:\n  app:\n    image: debian:12\n    security_opt: ["seccomp=${templateOption:open}"]\n',
    };
    const { container, problems } = await configurationOf(files);
    assert.deepEqual(problems, []);
    assert.equal(container.seccomp.value, undefined);
  });
});
