import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  allActions,
  at,
  exists,
  open,
  problem,
  problems,
  remove,
  restore,
  rules,
  rulesBecome,
  snapshot,
  type,
  until,
  write,
} from './support.js';

const A = '.devcontainer/a/devcontainer.json';
const B = '.devcontainer/b/devcontainer.json';
const SHARED = 'docker/dev.Dockerfile';
const PACKAGE = 'packages/core/.devcontainer/devcontainer.json';

/** Its bubblewrap needs an unmasked /proc: a finding in the Dockerfile itself. */
const DOCKERFILE = `FROM debian:13
RUN apt-get update && apt-get install -y bubblewrap
RUN useradd -m dev
`;

function building(dockerfile: string, more = ''): string {
  return `{\n  "build": { "dockerfile": "${dockerfile}" },\n  "remoteUser": "dev"${more}\n}\n`;
}

suite('Discovery', () => {
  let files: ReadonlyMap<string, string>;

  suiteSetup(async () => {
    files = await snapshot();
  });

  teardown(async () => {
    await restore(files);
    for (const folder of ['packages', 'docker', 'tools']) if (await exists(folder)) await remove(folder);
  });

  test('a Dockerfile that two configurations share has one finding, which names both', async () => {
    await write(SHARED, DOCKERFILE);
    await write(A, building('../../docker/dev.Dockerfile'));
    await write(B, building('../../docker/dev.Dockerfile'));
    const about = await until('one finding for both', () => {
      const [only, another] = problems(SHARED);
      return another === undefined && only?.message.includes(`This concerns ${A} and ${B}.`) === true
        ? only
        : undefined;
    });
    const related = about.relatedInformation?.map(({ location }) => location.uri.toString()) ?? [];
    for (const file of [A, B]) assert(related.includes(at(file).toString()), `${file} is related`);
  });

  test('of two fixes of the same name each says whose it is, and the same fix is offered once', async () => {
    await write(SHARED, DOCKERFILE);
    await write(A, building('../../docker/dev.Dockerfile'));
    await write(B, building('../../docker/dev.Dockerfile'));
    const proc = await problem(SHARED, 'masked-proc');
    const titles = await until('the fixes of both', async () => {
      const actions = await allActions(SHARED, proc.range, vscode.CodeActionKind.QuickFix);
      const found = actions.map(({ title }) => title).filter((title) => /^Remove bubblewrap|^Unmask/.test(title));
      return found.length >= 3 ? found : undefined;
    });
    assert.equal(titles.filter((title) => title.startsWith('Remove bubblewrap')).length, 1, titles.join('\n'));
    for (const name of ['a', 'b']) {
      assert(
        titles.some((title) => title.startsWith('Unmask') && title.endsWith(`, ${name})`)),
        titles.join('\n'),
      );
    }
  });

  test('a configuration that is free of it is named as such', async () => {
    await write(SHARED, DOCKERFILE);
    await write(A, building('../../docker/dev.Dockerfile'));
    await write(
      B,
      building('../../docker/dev.Dockerfile').replace('"dev"', '"root"').replace('{', '{ "privileged": true,'),
    );
    await until('the configuration without', () =>
      problems(SHARED).some(({ message }) => message.includes(`This concerns ${A}. It does not concern ${B}.`)),
    );
  });

  test('a package of a monorepo is judged as a workspace folder of its own, with what it uses of the whole', async () => {
    await write(SHARED, DOCKERFILE);
    await write(PACKAGE, building('../../../docker/dev.Dockerfile'));
    await rulesBecome(PACKAGE, ['seccomp-profile', 'apparmor-profile', 'ubuntu-userns']);
    await rulesBecome(SHARED, ['masked-proc']);
  });

  test('unsaved text in a file above a package counts for it', async () => {
    await write(SHARED, DOCKERFILE);
    await write(PACKAGE, building('../../../docker/dev.Dockerfile'));
    await rulesBecome(SHARED, ['masked-proc']);
    const document = await open(SHARED);
    await type(document, document.getText().replace('debian:13', 'debian:12'));
    await rulesBecome(SHARED, []);
    assert(document.isDirty);
  });

  test('a package that goes is forgotten', async () => {
    await write(PACKAGE, '{ "image": "debian:12" }\n');
    await until('a finding in the package', () => rules(PACKAGE).includes('seccomp-profile'));
    await remove('packages');
    await until('nothing said about it any more', () => problems(PACKAGE).length === 0);
  });

  test('a file that was missing is noticed when it comes: Dockerfile, local Feature, seccomp profile, script', async () => {
    await write(
      A,
      building('Dockerfile.dev', ',\n  "features": { "./lint": {} },\n  "postCreateCommand": "bash tools/setup.sh"'),
    );
    await until('two files missed', () => rules(A).filter((rule) => rule === 'unreadable-file').length === 2);
    await write(
      '.devcontainer/a/lint/devcontainer-feature.json',
      '{ "id": "lint", "securityOpt": ["seccomp=.devcontainer/a/s.json"] }',
    );
    await until('one file missed', () => rules(A).filter((rule) => rule === 'unreadable-file').length === 1);
    await write('.devcontainer/a/Dockerfile.dev', 'FROM debian:13\nRUN useradd -m dev\n');
    await until('the profile missed', () =>
      rules('.devcontainer/a/lint/devcontainer-feature.json').includes('seccomp-profile-invalid'),
    );
    await write('.devcontainer/a/s.json', '{ "defaultAction": "SCMP_ACT_ALLOW" }\n');
    await rulesBecome(A, ['apparmor-profile', 'ubuntu-userns']);
    await write('tools/setup.sh', 'sudo apt-get install -y bubblewrap\n');
    await rulesBecome('tools/setup.sh', ['masked-proc']);
  });
});
