import assert from 'node:assert/strict';
import type { Container } from '../../../../src/model/container/container.js';
import { readConfigurations } from '../../../../src/sources/configuration/readConfiguration.js';
import { memoryFiles } from '../../memoryFiles.js';

const DOCKERFILE = 'ARG TAG=13\nFROM debian:$TAG\nARG NAME=root\nRUN useradd -m $NAME\nUSER $NAME\n';
const COMPOSE_JSON = '{ "dockerComposeFile": "compose.yml", "service": "app" }';

async function containerOf(files: Readonly<Record<string, string>>): Promise<Container> {
  const [configuration] = await readConfigurations(memoryFiles({ '.devcontainer/Dockerfile': DOCKERFILE, ...files }));
  assert.ok(configuration);
  return configuration.container;
}

function composeWith(args: string): Readonly<Record<string, string>> {
  const compose = `services:\n  app:\n    build:\n      context: .\n      args: ${args}\n`;
  return { '.devcontainer/devcontainer.json': COMPOSE_JSON, '.devcontainer/compose.yml': compose };
}

function jsonWith(args: string): Readonly<Record<string, string>> {
  const json = `{ "build": { "dockerfile": "Dockerfile", "args": ${args} } }`;
  return { '.devcontainer/devcontainer.json': json };
}

suite('build arguments', () => {
  for (const [title, files, image] of [
    ['a map in a Compose file', composeWith('{ NAME: "$USER" }'), composeWith('{ TAG: "${RELEASE}" }')],
    ['a list in a Compose file', composeWith('["NAME=${USER}"]'), composeWith('["TAG=1${MINOR}"]')],
    ['devcontainer.json', jsonWith('{ "NAME": "${localEnv:USER}" }'), jsonWith('{ "TAG": "1${localEnv:MINOR}" }')],
  ] as const) {
    test(`of ${title} that depend on the machine leave open what they decide`, async () => {
      const { user } = await containerOf(files);
      assert.equal(user.value, undefined);
      assert.match(user.why ?? '', /NAME/);
      const { distro } = await containerOf(image);
      assert.equal(distro.value, undefined);
      assert.match(distro.why ?? '', /TAG/);
    });
  }

  for (const [title, files] of [
    ['a Compose file', composeWith('{ NAME: "${WHO:-dev}", TAG: 12 }')],
    ['devcontainer.json', jsonWith('{ "NAME": "${localEnv:WHO:dev}", "TAG": "12" }')],
  ] as const) {
    test(`of ${title} that have a default are known`, async () => {
      const { user, distro } = await containerOf(files);
      assert.equal(user.value, 'dev');
      assert.deepEqual(distro.value, { id: 'debian', version: '12' });
    });
  }
});
