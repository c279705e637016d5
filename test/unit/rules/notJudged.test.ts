import assert from 'node:assert/strict';
import type { WorkspaceFiles } from '../../../src/sources/workspace/files.js';
import { judged, judgedIn } from '../judged.js';
import { memoryFiles } from '../memoryFiles.js';

const FILE = '.devcontainer/devcontainer.json';
const RELAXED = '"securityOpt": ["seccomp=unconfined", "apparmor=unconfined"]';
const BUILT = { [FILE]: `{ "build": { "dockerfile": "Dockerfile" },\n${RELAXED} }` };

/** The hint as `FILE:LINE`, with those of its related places. */
async function places(texts: Readonly<Record<string, string>>, tooLarge?: string): Promise<readonly string[]> {
  const files = memoryFiles(texts);
  const read: WorkspaceFiles['read'] = async (path) =>
    path === tooLarge ? { kind: 'too-large', bytes: 10_000_000 } : await files.read(path);
  const { findings } = await judgedIn({ ...files, read }, ['docker-desktop']);
  const hints = findings.filter(({ rule }) => rule === 'not-judged');
  assert.equal(hints.length, 1);
  return hints
    .flatMap(({ place, related }) => [place, ...related.map((other) => other.place)])
    .map(({ file, range }) => `${file}:${range.start.line + 1}`);
}

suite('what is not known is said where it is made so', () => {
  test('in the script that a lifecycle command starts', async () => {
    const setup = '#!/bin/sh\nset -e\n\napt-get install -y $(cat packages.txt)\n';
    const json = `{ "image": "debian:12",\n${RELAXED},\n"postCreateCommand": "bash scripts/setup.sh" }`;
    assert.deepEqual(await places({ [FILE]: json, 'scripts/setup.sh': setup }), ['scripts/setup.sh:4']);
  });

  test('in a script that takes too long to be followed, and where one is started that is too large to be read', async () => {
    const json = `{ "image": "debian:12",\n${RELAXED},\n"postCreateCommand": "bash setup.sh" }`;
    const long = 'true\n'.repeat(200_000);
    assert.equal((await places({ [FILE]: json, 'setup.sh': long }))[0], 'setup.sh:1');
    assert.deepEqual(await places({ [FILE]: json, 'setup.sh': long }, 'setup.sh'), [`${FILE}:3`]);
  });

  test('in a RUN instruction', async () => {
    const dockerfile = 'FROM debian:12\nRUN true\nRUN apt-get install -y $(cat packages.txt)\n';
    assert.deepEqual(await places({ ...BUILT, '.devcontainer/Dockerfile': dockerfile }), [
      '.devcontainer/Dockerfile:3',
    ]);
  });

  test('in FROM, where the tag leaves the release open and RUN installs what that release packages', async () => {
    const dockerfile = 'FROM alpine\nRUN true\nRUN apk add bubblewrap\n';
    assert.deepEqual(await places({ ...BUILT, '.devcontainer/Dockerfile': dockerfile }), [
      '.devcontainer/Dockerfile:1',
    ]);
  });

  test('in FROM, where it is a Feature that installs the package', async () => {
    const json = `{ "build": { "dockerfile": "Dockerfile" },\n${RELAXED},\n"features": { "ghcr.io/devcontainers/features/common-utils:2": {} } }`;
    const [place] = await places({ [FILE]: json, '.devcontainer/Dockerfile': 'FROM node:20\n' });
    assert.equal(place, '.devcontainer/Dockerfile:1');
  });

  test('in a Compose file, at each of the values', async () => {
    const compose =
      'services:\n  app:\n    image: debian:12\n    privileged: ${PRIVILEGED}\n    read_only: ${READ_ONLY}\n';
    const json = '{ "dockerComposeFile": "compose.yml",\n"service": "app" }';
    assert.deepEqual(await places({ [FILE]: json, '.devcontainer/compose.yml': compose }), [
      '.devcontainer/compose.yml:4',
      '.devcontainer/compose.yml:5',
    ]);
  });

  test('is information where it decides the outcome on a host that decides, and a hint where that fails anyway', async () => {
    const json = (more: string): string => `{ "image": "debian:12", "postCreateCommand": "bash setup.sh"${more} }`;
    const severity = async (more: string): Promise<string | undefined> => {
      const { findings } = await judged({ [FILE]: json(more), 'setup.sh': 'apt-get install -y $(cat x)\n' });
      return findings.find(({ rule }) => rule === 'not-judged')?.severity;
    };
    assert.equal(await severity(`, ${RELAXED}`), 'info');
    assert.equal(await severity(''), 'hint');
  });

  test('an unknown image that a finding has named as its condition is not named again', async () => {
    const setup = 'apt-get install -y $(cat packages.txt)\n';
    const json = '{ "image": "ghcr.io/acme/dev:1", "remoteUser": "dev", "postCreateCommand": "bash setup.sh" }';
    const { findings } = await judged({ [FILE]: json, 'setup.sh': setup }, ['docker-desktop']);
    assert.ok(findings.some(({ rule, message }) => rule === 'seccomp-profile' && message.includes('ghcr.io/acme/dev')));
    const hints = findings.filter(({ rule }) => rule === 'not-judged');
    assert.deepEqual(
      hints.map(({ place }) => place.file),
      ['setup.sh'],
      'the script is another unknown',
    );
    assert.ok(!hints[0]?.message.includes('ghcr.io/acme/dev'));
  });
});
