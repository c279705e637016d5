import assert from 'node:assert/strict';
import { judged } from '../judged.js';

const DOCKERFILE = 'FROM debian:13\nRUN apt-get update && apt-get install -y bubblewrap\n';
const RELAXED = '"remoteUser": "dev", "securityOpt": ["seccomp=unconfined"]';

async function message(devcontainer: string, dockerfile = DOCKERFILE): Promise<string> {
  const files = {
    '.devcontainer.json': devcontainer,
    Dockerfile: dockerfile,
    'compose.yml': 'services:\n  app:\n    build: .\n',
  };
  const { findings } = await judged(files, ['docker-desktop']);
  return findings.find(({ rule }) => rule === 'masked-proc')?.message ?? '';
}

suite('masked-proc', () => {
  test('says with Compose which one knows systempaths=unconfined', async () => {
    const said = await message(`{ "dockerComposeFile": "compose.yml", "service": "app", ${RELAXED} }`);
    assert.match(said, /^systempaths=unconfined needs Docker Compose 2/m);
  });

  test('says nothing of Compose where there is none', async () => {
    const said = await message(`{ "build": { "dockerfile": "Dockerfile" }, ${RELAXED} }`);
    assert.match(said, /^Or set systempaths=unconfined, then rebuild/m);
    assert.doesNotMatch(said, /Compose/);
  });

  test('the first advice is the recommended fix, also where the copy cannot be written', async () => {
    const extension = '"customizations": { "vscode": { "extensions": ["openai.chatgpt"] } }';
    const files = {
      '.devcontainer.json': `{ "build": { "dockerfile": "Dockerfile" }, ${RELAXED}, ${extension} }`,
      Dockerfile: DOCKERFILE,
    };
    const { findings, fixesOf } = await judged(files, ['docker-desktop']);
    const finding = findings.find(({ rule }) => rule === 'masked-proc');
    assert.ok(finding);
    assert.match(finding.details[0] ?? '', /^Remove bubblewrap/);
    assert.match(fixesOf(finding).find(({ preferred }) => preferred)?.title ?? '', /^Remove bubblewrap/);
  });

  test('has a condition where the tag of the image moves', async () => {
    const json = `{ "build": { "dockerfile": "Dockerfile" }, ${RELAXED} }`;
    assert.doesNotMatch(await message(json), /This holds/);
    const moving = await message(json, DOCKERFILE.replace('debian:13', 'debian'));
    assert.match(moving, /^This holds if the image is Debian 13\.$/m);
  });
});
