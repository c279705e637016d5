import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

const ENTRY = `
  import { HOSTS } from './src/model/host.js';
  import { judge } from './src/rules/judge.js';
  import { readConfigurations } from './src/sources/configuration/readConfiguration.js';

  const texts = {
    '.devcontainer.json': '{ "dockerComposeFile": "compose.yml", "service": "app" }',
    'compose.yml': 'x: &x [SYS_ADMIN]\\nservices:\\n  app: {image: "debian:\${TAG:-12}", cap_add: *x, privileged: "yes"}\\n',
    '.devcontainer/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" }, "remoteUser": "vscode" }',
    '.devcontainer/Dockerfile': 'FROM debian:13\\nRUN apt-get update && apt-get install -y bubblewrap\\n',
    '.codex/config.toml': '[sandbox_workspace_write]\\nnetwork_access = true\\n',
  };
  const files = {
    read: async (path) => (path in texts ? { kind: 'text', text: texts[path] } : { kind: 'missing' }),
    folders: async () => [],
  };
  globalThis.result = readConfigurations(files).then(([configuration, { container, problems }]) => {
    const { findings, repairs, request } = judge(configuration, { hosts: [HOSTS['docker-desktop']] });
    const compose = [problems.length, container.distro.value.version, container.capAdd[0].value, container.privileged.value];
    return JSON.stringify([findings.map((f) => f.rule), repairs().fixes().length, request.network, compose]);
  });
`;

suite('the core in a browser', () => {
  test('judges without anything of Node', async function () {
    const { outputFiles } = await build({
      stdin: { contents: ENTRY, resolveDir: root, loader: 'ts' },
      bundle: true,
      write: false,
      platform: 'browser',
      target: 'es2022',
      format: 'iife',
      mainFields: ['module', 'main'],
      inject: [`${root}src/sources/text/bufferInBrowser.ts`],
    });
    // What a web worker has and JavaScript itself has not; neither process, Buffer, global nor require.
    const context = createContext({ setTimeout, clearTimeout, TextDecoder, TextEncoder, URL, console });
    runInContext(outputFiles[0]!.text, context);
    const result = JSON.parse(await (context as { result: Promise<string> }).result) as unknown;
    assert.deepEqual(result, [['seccomp-profile', 'masked-proc'], 1, 'full', [0, '12', 'SYS_ADMIN', true]]);
  });
});
