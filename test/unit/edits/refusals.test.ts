import assert from 'node:assert/strict';
import type { Change } from '../../../src/edits/changes/change.js';
import { compile, refusalOf } from '../../../src/edits/compile.js';
import { readConfigurations } from '../../../src/sources/configuration/readConfiguration.js';
import { judged } from '../judged.js';
import { memoryFiles } from '../memoryFiles.js';

const FILE = '.devcontainer.json';
const COMPOSE = '{ "dockerComposeFile": "c.yml", "service": "app" }';

/** Why the change cannot be made, which no edit then may do. */
async function refusal(files: Readonly<Record<string, string>>, change: Change): Promise<string | undefined> {
  const [configuration] = await readConfigurations(memoryFiles(files), FILE);
  assert.ok(configuration);
  const why = refusalOf([change], configuration);
  assert.equal(compile([change], configuration) === undefined, why !== undefined);
  return why;
}

suite('why a fix cannot be written', () => {
  const cases: (readonly [why: string | undefined, files: Readonly<Record<string, string>>, change: Change])[] = [
    [undefined, { [FILE]: '{ "image": "debian:12" }' }, { kind: 'install-bwrap', setuid: false }],
    [
      '.devcontainer.json has errors that must be corrected first',
      { [FILE]: '{ "image": "debian:12", }, ' },
      { kind: 'remove-privileged' },
    ],
    [
      'SYS_ADMIN in c.yml belongs to a service that this one extends',
      {
        [FILE]: COMPOSE,
        'c.yml': 'services: { app: { extends: base }, base: { image: "debian:12", cap_add: [SYS_ADMIN] } }',
      },
      { kind: 'remove-capability', capability: 'SYS_ADMIN' },
    ],
    [
      'seccomp=x in c.yml is shared with other services',
      {
        [FILE]: COMPOSE,
        'c.yml':
          'x-s: &s ["no-new-privileges:true", "seccomp=x"]\nservices: { app: { image: "debian:12", security_opt: *s }, db: { image: a, security_opt: *s } }',
      },
      { kind: 'remove-security-opt', key: 'seccomp' },
    ],
    [
      'privileged in c.yml belongs to a service that this one extends',
      {
        [FILE]: COMPOSE,
        'c.yml':
          'services: { app: { extends: base }, base: { image: "debian:12", privileged: true }, x: { extends: app } }',
      },
      { kind: 'remove-privileged' },
    ],
    [
      'SYS_PTRACE in .devcontainer.json comes with the image or a published Feature',
      { [FILE]: '{ "image": "debian:12", "features": { "ghcr.io/devcontainers/features/go:1": {} } }' },
      { kind: 'remove-capability', capability: 'SYS_PTRACE' },
    ],
    [
      'privileged in .devcontainer.json comes with the image or a published Feature',
      { [FILE]: '{ "image": "debian:12", "features": { "docker-in-docker": {} } }' },
      { kind: 'remove-privileged' },
    ],
    [
      'SYS_ADMIN is dropped, and the drop wins over an added ALL',
      {
        [FILE]: COMPOSE,
        'c.yml':
          'services: { app: { extends: base, cap_add: [ALL] }, base: { image: "debian:12", cap_drop: [SYS_ADMIN] } }',
      },
      { kind: 'add-capability', capability: 'SYS_ADMIN' },
    ],
    [
      '.devcontainer/seccomp-bwrap.json exists with other content',
      { [FILE]: '{ "image": "debian:12" }', '.devcontainer/seccomp-bwrap.json': '{}' },
      { kind: 'create-file', file: '.devcontainer/seccomp-bwrap.json', text: '{ }' },
    ],
    [
      'the Dockerfile is inside the Compose file (dockerfile_inline)',
      { [FILE]: COMPOSE, 'c.yml': 'services: { app: { build: { dockerfile_inline: "FROM debian:12" } } }' },
      { kind: 'install-bwrap', setuid: false },
    ],
    [
      'several places name the image of the service, or an extended service names it',
      {
        [FILE]: COMPOSE.replace('"c.yml"', '["c.yml", "d.yml"]'),
        'c.yml': 'services: { app: { image: "debian:12" } }',
        'd.yml': 'services: { app: { image: "debian:12" } }',
      },
      { kind: 'install-bwrap', setuid: false },
    ],
  ];
  const copy = { kind: 'copy-bwrap', version: '0.11.2' } as const;
  const lifecycle = (command: unknown, more = {}): Readonly<Record<string, string>> => ({
    [FILE]: JSON.stringify({ image: 'node:22-trixie', remoteUser: 'node', postCreateCommand: command, ...more }),
  });
  const built = (dockerfile: string, more = {}): Readonly<Record<string, string>> => ({
    [FILE]: JSON.stringify({ build: { dockerfile: 'Dockerfile' }, ...more }),
    Dockerfile: dockerfile,
  });
  const NOT_BEHIND = 'no Dockerfile here installs Codex so that its bubblewrap can be copied afterwards';
  const NOT_SHOWN = 'the files do not show an installation of Codex that brings its own bubblewrap';
  const QUOTED = 'the command that installs Codex is in quotes or in a here-document';
  const NO_SUDO = 'the copy needs sudo, and the files do not show that the lifecycle command may use it';
  const NPM = 'npm install -g @openai/codex';
  cases.push(
    [undefined, built(`FROM node:22\nRUN ${NPM}`), copy],
    [NOT_SHOWN, { [FILE]: '{ "image": "debian:12" }' }, copy],
    [NOT_SHOWN, built('FROM debian:12'), copy],
    [NOT_SHOWN, built('FROM debian:12\nCOPY codex /usr/local/bin/'), copy],
    [NOT_SHOWN, lifecycle(`command -v codex || sudo ${NPM}`), copy],
    [NOT_BEHIND, built(`FROM ghcr.io/x/y:1\nRUN ${NPM}`), copy],
    // It would come before what installs a bubblewrap.
    [NOT_BEHIND, built(`FROM node:22\nRUN ${NPM}`, { postCreateCommand: 'apt-get install -y bubblewrap' }), copy],
    // The one on PATH stays the other one.
    [NOT_BEHIND, built(`FROM node:22\nCOPY bwrap /usr/local/bin/\nRUN ${NPM}`), copy],
    [
      NOT_BEHIND,
      { [FILE]: COMPOSE, 'c.yml': `services: { app: { build: { dockerfile_inline: "FROM node:22\\nRUN ${NPM}" } } }` },
      copy,
    ],
    [NOT_BEHIND, { ...lifecycle('./setup.sh'), 'setup.sh': NPM }, copy],
    [NOT_BEHIND, { ...built('FROM node:22', { postCreateCommand: './setup.sh' }), 'setup.sh': NPM }, copy],
    [undefined, lifecycle(NPM, { remoteUser: 'root' }), copy],
    [undefined, lifecycle(`sudo chown node /x && ${NPM}`), copy],
    [NO_SUDO, lifecycle(NPM), copy],
    [NO_SUDO, lifecycle(`pseudo x; ${NPM}`), copy],
    ['the command that installs Codex is a list of words and no shell runs it', lifecycle(NPM.split(' ')), copy],
    [
      'the command that installs Codex is a list of words and no shell runs it',
      lifecycle(['npm', '-gc', 'install', '@openai/codex'], { remoteUser: 'root' }),
      copy,
    ],
    [
      'Codex comes with a VS Code extension, which the editor installs after the container starts',
      built('FROM debian:13', { customizations: { vscode: { extensions: ['openai.chatgpt'] } } }),
      copy,
    ],
    [
      'npm does not install Codex there, so the place of its bubblewrap is unknown',
      lifecycle('sudo pnpm add -g @openai/codex'),
      copy,
    ],
    [QUOTED, lifecycle(`sudo bash -lc "${NPM}"`), copy],
    [QUOTED, lifecycle(`sudo true; sh -c '${NPM}'`), copy],
    [QUOTED, lifecycle(`sudo sh <<EOF\n${NPM}\nEOF`), copy],
    [undefined, lifecycle(`echo "a" 'b' && sudo ${NPM} || echo "no"`), copy],
  );
  const CONDITION = 'the command that installs Codex is negated, or in a condition, a loop or a function';
  const PIPE = 'the output of the command that installs Codex goes into a pipe';
  const ELSEWHERE = 'the place where npm installs Codex is unknown';
  const STOPS = 'the script that installs Codex stops at errors (set -e), and the copy would change that';
  const scripts: readonly (readonly [string | undefined, string])[] = [
    [CONDITION, `if ! ${NPM}; then exit 1; fi`],
    [CONDITION, `if ${NPM}; then echo; fi`],
    [CONDITION, `! ${NPM}`],
    [CONDITION, `echo && ! ${NPM} | cat`],
    [CONDITION, `while ! ${NPM}; do sleep 1; done`],
    [CONDITION, `until ${NPM}; do sleep 1; done`],
    [CONDITION, `if { ${NPM}; }; then echo; fi`],
    [CONDITION, `f() { ${NPM}; }; f || exit 1`],
    [CONDITION, `for p in x @openai/codex; do npm i -g $p; done`],
    [CONDITION, `command -v bwrap || ${NPM}`],
    [PIPE, `${NPM} 2>&1 | tee log`],
    [PIPE, `echo && ${NPM} | tee log; echo`],
    [STOPS, `set -e; ${NPM}`],
    [STOPS, `set -o errexit\n${NPM}`],
    [undefined, `yes | ${NPM}`],
    [undefined, `(cd /x && ${NPM}) > log`],
    [undefined, `{ ${NPM}; } | tee log`],
    [undefined, `time ${NPM} &`],
    [ELSEWHERE, `npm i -g "--prefix=/opt/npm" @openai/codex`],
    [ELSEWHERE, `npm i -g --prefix "$(pwd)" @openai/codex`],
    [ELSEWHERE, `NPM_CONFIG_PREFIX="/opt/npm" npm i -g @openai/codex`],
    [ELSEWHERE, `npm i -g --userconfig '/x y' @openai/codex`],
    [undefined, `npm --prefix=/opt/npm i -g @openai/codex`],
    [NOT_SHOWN, `npm i -g --dry-run @openai/codex`],
  ];
  cases.push(...scripts.map(([why, script]) => [why, lifecycle(script, { remoteUser: 'root' }), copy] as const), [
    STOPS,
    lifecycle(['bash', '-ec', NPM], { remoteUser: 'root' }),
    copy,
  ]);
  for (const [why, files, change] of cases) {
    test(`${why ?? 'it can be written'}: ${JSON.stringify(files)}`, async () => {
      assert.equal(await refusal(files, change), why);
    });
  }

  test('a judgement says why what would help its hosts cannot be written', async () => {
    const inline = 'services: { app: { build: { dockerfile_inline: "FROM debian:12\\nUSER 1000" } } }';
    const judgement = await judged({ [FILE]: COMPOSE, 'c.yml': inline }, ['docker-linux', 'docker-ubuntu']);
    assert.match(judgement.whyNotRepairable() ?? '', /dockerfile_inline/);
    assert.equal((await judged({ [FILE]: '{ "image": "debian:12" }' })).whyNotRepairable(), undefined);
  });
});
