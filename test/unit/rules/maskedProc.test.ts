import assert from 'node:assert/strict';
import { applyAll } from '../appliedEdits.js';
import { judged, judgedAndAsked } from '../judged.js';

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

  const USERS: readonly (readonly [string, string, string])[] = [
    ['remoteUser', '${localEnv:USER:node}', 'node'],
    ['containerUser', '${localEnv:USER:node}', 'node'],
    ['user', '${DEV_USER:-node}', 'node'],
    ['user', '"${UID:-1000}:${GID:-1000}"', '1000:1000'],
  ];
  for (const [property, written, user] of USERS) {
    test(`${property} ${written} may be root elsewhere: nothing unmasks /proc for it`, async () => {
      const options = '"securityOpt": ["seccomp=unconfined"]';
      const ofService = property === 'user';
      const { configuration, findings, repairs, otherWays, onRequest } = await judgedAndAsked(
        {
          '.devcontainer.json': ofService
            ? `{ "dockerComposeFile": "compose.yml", "service": "app", ${options} }`
            : `{ "build": { "dockerfile": "Dockerfile" }, "${property}": "${written}", ${options} }`,
          Dockerfile: DOCKERFILE,
          'compose.yml': `services:\n  app:\n    build: .\n${ofService ? `    user: ${written}\n` : ''}`,
        },
        ['docker-desktop'],
      );
      assert.equal(configuration.container.user.value, user);
      const [finding] = findings.filter(({ rule }) => rule === 'masked-proc');
      assert.match(finding?.message ?? '', /^Or name the user without a variable and set systempaths=unconfined/m);
      const ways = [...repairs, ...otherWays, ...onRequest.repairs, ...onRequest.otherWays, ...(finding?.fixes ?? [])];
      assert.ok(ways.length > 0);
      for (const way of ways) assert.ok(!way.relaxations.includes('systempaths-unconfined'), way.title);
    });
  }

  suite('an image of which it is not known whether it has bubblewrap', () => {
    const files = (properties: string) => ({
      '.devcontainer.json': `{ "dockerFile": "Dockerfile", ${properties} }`,
      Dockerfile: DOCKERFILE.replace('debian:13', 'mcr.microsoft.com/devcontainers/typescript-node:22'),
    });

    test('what surely works goes before the removal of the package', async () => {
      const { repairs } = await judgedAndAsked(
        files('"customizations": { "vscode": { "extensions": ["openai.chatgpt"] } }'),
      );
      assert.ok(repairs.length > 0);
      for (const { relaxations } of repairs) assert.ok(!relaxations.includes('bwrap-removed'));
    });

    test('where nothing else helps, the removal does not promise that Codex works', async () => {
      const { configuration, repairs } = await judgedAndAsked(files('"remoteUser": "root"'));
      assert.ok(repairs.length > 0);
      for (const { title, relaxations, edits } of repairs) {
        assert.ok(relaxations.includes('bwrap-removed'));
        assert.equal(title, 'Fix the known problems (1 unknown remains)');
        const after = await judged(Object.fromEntries(applyAll(configuration.texts, edits)), ['docker-desktop']);
        assert.deepEqual(
          after.predictions.map(({ outcome }) => outcome),
          ['unknown'],
        );
      }
    });
  });

  test('has a condition where the tag of the image moves', async () => {
    const json = `{ "build": { "dockerfile": "Dockerfile" }, ${RELAXED} }`;
    assert.doesNotMatch(await message(json), /This holds/);
    const moving = await message(json, DOCKERFILE.replace('debian:13', 'debian'));
    assert.match(moving, /^This holds if the image is Debian 13\.$/m);
  });
});
