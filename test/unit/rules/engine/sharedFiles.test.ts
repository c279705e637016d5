import assert from 'node:assert/strict';
import { concernOf } from '../../../../src/rules/engine/sharedFiles.js';
import { judgedAll } from '../../judged.js';

/** One that restricts user namespaces, which is said where bubblewrap is installed. */
const HOSTS = ['docker-desktop', 'docker-linux', 'docker-ubuntu'] as const;

const DOCKERFILE = '.devcontainer/Dockerfile';
const SHARED = `FROM debian:12
RUN apt-get update && apt-get install -y bubblewrap
RUN useradd -m dev
`;

function configuration(more: string): string {
  return `{ "build": { "dockerfile": "../Dockerfile" }, "remoteUser": "dev"${more} }`;
}

/** By file of the configuration, what is said of the findings in the Dockerfile. */
async function said(files: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string | undefined>>> {
  const judgements = await judgedAll(files, HOSTS);
  return Object.fromEntries(
    judgements.flatMap((judgement) =>
      judgement.findings
        .filter(({ place }) => place.file === DOCKERFILE)
        .map((finding) => [
          `${judgement.configuration.file} ${finding.rule}`,
          concernOf(finding, judgements)?.sentence,
        ]),
    ),
  );
}

suite('a finding in a file that several configurations use', () => {
  const [a, b] = ['.devcontainer/a/devcontainer.json', '.devcontainer/b/devcontainer.json'];

  test('names all of them where it is the same for all', async () => {
    const files = { [DOCKERFILE]: SHARED, [a]: configuration(''), [b]: configuration('') };
    const sentence = `This concerns ${a} and ${b}.`;
    assert.deepEqual(await said(files), { [`${a} setuid-missing`]: sentence, [`${b} setuid-missing`]: sentence });
  });

  test('names those that are free of it', async () => {
    const files = {
      [DOCKERFILE]: SHARED,
      [a]: configuration(''),
      [b]: configuration(', "remoteUser": "root", "privileged": true'),
    };
    assert.deepEqual(await said(files), {
      [`${a} setuid-missing`]: `This concerns ${a}. It does not concern ${b}.`,
    });
  });

  test('is told apart where it says something else for another', async () => {
    const files = {
      [DOCKERFILE]: SHARED,
      [a]: configuration(''),
      [b]: configuration(', "securityOpt": ["seccomp=unconfined"]'),
    };
    assert.deepEqual(await said(files), {
      [`${a} setuid-missing`]: `This concerns ${a}.`,
      [`${b} setuid-missing`]: `This concerns ${b}.`,
    });
  });

  test('needs no names where only one configuration uses the file, even if another one looked at it', async () => {
    const files = {
      [DOCKERFILE]: SHARED,
      [a]: configuration(''),
      // Its edits might make a Dockerfile there, so it is read.
      '.devcontainer/devcontainer.json': '{ "image": "debian:12" }',
    };
    assert.deepEqual(await said(files), { [`${a} setuid-missing`]: undefined });
  });

  test('is never said of a configuration itself', async () => {
    const files = { [DOCKERFILE]: SHARED, [a]: configuration(''), [b]: configuration('') };
    const judgements = await judgedAll(files);
    const own = judgements.flatMap(({ findings }) => findings.filter(({ place }) => place.file !== DOCKERFILE));
    assert.ok(own.length > 0);
    for (const finding of own) assert.equal(concernOf(finding, judgements), undefined);
  });
});
