import assert from 'node:assert/strict';
import { readConfigurations } from '../../../../src/sources/configuration/readConfiguration.js';
import { memoryFiles } from '../../memoryFiles.js';

const FILE = '.devcontainer/devcontainer.json';

async function evidence(texts: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const [configuration] = await readConfigurations(memoryFiles(texts));
  assert.ok(configuration);
  return configuration.evidence.map(({ kind, place: { file, range } }) => {
    const line = range.start.line + 1;
    return `${kind} ${file}:${line}`;
  });
}

function image(rest: string): Readonly<Record<string, string>> {
  return { [FILE]: `{\n"image": "debian:12",\n${rest}\n}` };
}

function dockerfile(text: string): Readonly<Record<string, string>> {
  return {
    [FILE]: '{ "build": { "dockerfile": "Dockerfile" } }',
    '.devcontainer/Dockerfile': `FROM debian:12\n${text}\n`,
  };
}

function compose(text: string): Readonly<Record<string, string>> {
  return {
    [FILE]: '{ "dockerComposeFile": "compose.yaml", "service": "app" }',
    '.devcontainer/compose.yaml': `services:\n  app:\n    image: debian:12\n${text}\n`,
  };
}

suite('evidence of Codex', () => {
  const named: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
    [
      "OpenAI's extension",
      image('"customizations": { "vscode": { "extensions": ["OpenAI.ChatGPT"] } }'),
      `extension ${FILE}:3`,
    ],
    [
      'another extension that is named after Codex',
      image('"customizations": { "vscode": { "extensions": ["someone.codex-tools"] } }'),
      `extension ${FILE}:3`,
    ],
    [
      'an extension of a local Feature',
      {
        ...image('"features": { "./editor": {} }'),
        '.devcontainer/editor/devcontainer-feature.json': `{ "id": "editor", "version": "1.0.0",
"customizations": { "vscode": { "extensions": ["openai.chatgpt"] } } }`,
      },
      'extension .devcontainer/editor/devcontainer-feature.json:2',
    ],
    [
      'a Feature',
      image('"features": { "ghcr.io/jsburckhardt/devcontainer-features/codex:1": {} }'),
      `feature ${FILE}:3`,
    ],
    ['a Feature that nobody knows', image('"features": { "ghcr.io/a/b/codex-cli": {} }'), `feature ${FILE}:3`],
    ['a local Feature', image('"features": { "./codex": {} }'), `feature ${FILE}:3`],
    [
      'a lifecycle command that installs it',
      image('"postCreateCommand": "npm i -g @openai/codex"'),
      `package ${FILE}:3`,
    ],
    ['a local installation', image('"postCreateCommand": "npm i -D @openai/codex"'), `package ${FILE}:3`],
    ['a lifecycle command that runs it', image('"postAttachCommand": "cd x && codex login"'), `lifecycle ${FILE}:3`],
    ['npx', image('"postStartCommand": ["npx", "-y", "@openai/codex", "exec"]'), `lifecycle ${FILE}:3`],
    ['its folder in a command on the host', image('"initializeCommand": "mkdir -p ~/.codex"'), `config ${FILE}:3`],
    [
      'a script that a lifecycle command starts',
      { ...image('"postCreateCommand": "bash setup.sh"'), 'setup.sh': '# first\nexport CODEX_HOME=/data\n' },
      'variable setup.sh:2',
    ],
    ['a mount', image('"mounts": ["source=${localEnv:HOME}/.codex,target=/root/.codex,type=bind"]'), `mount ${FILE}:3`],
    ['a mount as an object', image('"mounts": [{ "type": "volume", "target": "/root/.codex" }]'), `mount ${FILE}:3`],
    ['a volume in runArgs', image('"runArgs": ["-v", "a:/root/.codex"]'), `mount ${FILE}:3`],
    ['a variable', image('"remoteEnv": { "CODEX_HOME": "/data" }'), `variable ${FILE}:3`],
    ['its folder in a variable', image('"containerEnv": { "A": "/root/.codex" }'), `variable ${FILE}:3`],
    ['a variable in runArgs', image('"runArgs": ["--env", "CODEX_HOME=/x"]'), `variable ${FILE}:3`],
    ['RUN', dockerfile('RUN apt-get update && npm install -g @openai/codex'), 'package .devcontainer/Dockerfile:2'],
    ['a redirection', dockerfile('RUN echo a > /root/.codex/config.toml'), 'config .devcontainer/Dockerfile:2'],
    ['ENV', dockerfile('ENV A=b CODEX_HOME=/x'), 'variable .devcontainer/Dockerfile:2'],
    ['COPY', dockerfile('COPY config.toml /root/.codex/'), 'config .devcontainer/Dockerfile:2'],
    ['CMD', dockerfile('CMD ["codex", "exec"]'), 'command .devcontainer/Dockerfile:2'],
    ['a volume of Compose', compose('    volumes: ["a:/root/.codex"]'), 'mount .devcontainer/compose.yaml:4'],
    ['a variable of Compose', compose('    environment:\n      CODEX_HOME:'), 'variable .devcontainer/compose.yaml:5'],
    ['a command of Compose', compose('    command: sh -c "codex exec x"'), 'command .devcontainer/compose.yaml:4'],
    [
      'a command of Compose that installs it',
      compose('    entrypoint: ["sh", "-c"]\n    command: ["npm i -g @openai/codex && sleep inf"]'),
      'package .devcontainer/compose.yaml:5',
    ],
    [
      'configuration of Codex',
      { ...image('"init": true'), '.codex/config.toml': 'model = "x"\n' },
      'config .codex/config.toml:1',
    ],
    ['a folder of Codex', { ...image('"init": true'), '.codex/prompts/a.md': '' }, 'config .codex:1'],
    [
      'a script of package.json',
      { ...image('"init": true'), 'package.json': '{ "scripts": {\n"ai": "npx @openai/codex" } }' },
      'command package.json:2',
    ],
    [
      'a peer dependency',
      { ...image('"init": true'), 'package.json': '{ "peerDependencies": {\n"@openai/codex": "1" } }' },
      'package package.json:2',
    ],
    ['npx with its short name', image('"postCreateCommand": "npx -y codex@latest login"'), `lifecycle ${FILE}:3`],
    ['mise', dockerfile('RUN mise use -g codex'), 'package .devcontainer/Dockerfile:2'],
    ['corepack', dockerfile('RUN corepack pnpm i -g @openai/codex'), 'package .devcontainer/Dockerfile:2'],
    [
      'a dependency',
      { ...image('"init": true'), 'package.json': '{ "devDependencies": {\n"@openai/codex": "1" } }' },
      'package package.json:2',
    ],
  ];
  for (const [what, texts, expected] of named) {
    test(`is ${what}`, async () => {
      assert.deepEqual(await evidence(texts), [expected]);
    });
  }

  const unnamed: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['an AGENTS.md', { ...image('"init": true'), 'AGENTS.md': '# Codex\n' }],
    ['a comment', dockerfile('# codex runs here\nRUN echo hello # codex')],
    ['words that are printed', image('"postCreateCommand": "echo codex"')],
    ['a path that only resembles it', image('"mounts": ["source=codex-data,target=/codex-data,type=volume"]')],
    ['a removal of its folder', image('"postCreateCommand": "rm -rf ~/.codex"')],
    ['another package that npx runs', image('"postCreateCommand": "npx create-x codex"')],
    ['a removal', image('"postCreateCommand": "npm uninstall @openai/codex"')],
    [
      'an extension that is left out',
      image('"customizations": { "vscode": { "extensions": ["openai.chatgpt", "-openai.chatgpt"] } }'),
    ],
    ['the name of a stage that is not built', dockerfile('RUN codex --version\nFROM debian:12')],
    ['another package', { ...image('"init": true'), 'package.json': '{ "dependencies": { "codex": "1" } }' }],
  ];
  for (const [what, texts] of unnamed) {
    test(`is not ${what}`, async () => {
      assert.deepEqual(await evidence(texts), []);
    });
  }
});
