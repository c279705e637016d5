import assert from 'node:assert/strict';
import { readArguments } from '../../../src/cli/arguments.js';
import { fix } from '../../../src/cli/fix.js';
import type { HostName } from '../../../src/model/host.js';
import { nodeFiles } from '../../../src/sources/workspace/nodeFiles.js';
import type { Container } from '../../../src/model/container/container.js';
import { readConfigurations } from '../../../src/sources/configuration/readConfiguration.js';
import { hardeningLost, powersGained } from '../powers.js';
import { temporaryFolder } from './temporaryFolder.js';

const FILE = '.devcontainer/devcontainer.json';

/** What only somebody who asks for it gets; a profile that a host may lack is among it. */
function givenSince(before: Container, after: Container): readonly string[] {
  const { value } = after.apparmor;
  const isNew = value?.kind === 'named' && before.apparmor.value?.kind !== 'named';
  return [
    ...powersGained(before, after),
    ...hardeningLost(before, after),
    ...(isNew ? [`AppArmor profile ${value.name}`] : []),
  ];
}

suite('hosts that a repository chooses are no permission of the user', () => {
  const CASES: readonly { readonly hosts: readonly HostName[]; readonly runArgs: readonly string[] }[] = [
    { hosts: ['docker-no-unprivileged-userns'], runArgs: [] },
    {
      hosts: ['docker-desktop', 'docker-linux'],
      runArgs: ['--cap-drop=SETFCAP', '--security-opt=seccomp=unconfined'],
    },
    {
      hosts: ['docker-linux'],
      runArgs: ['--security-opt=apparmor=docker-default', '--security-opt=seccomp=unconfined'],
    },
    { hosts: ['docker-ubuntu'], runArgs: [] },
  ];

  for (const { hosts, runArgs } of CASES) {
    test(`${hosts.join()} with ${runArgs.join(' ') || 'no option'}: \`fix --write\` names the hosts to ask for`, async () => {
      const folder = temporaryFolder({
        [FILE]: JSON.stringify({
          image: 'debian:12',
          postCreateCommand: 'codex',
          runArgs,
          customizations: { 'codex-sandbox-check': { hosts } },
        }),
      });
      const container = async (): Promise<Container> => {
        const [configuration] = await readConfigurations(nodeFiles(folder.path));
        assert.ok(configuration);
        return configuration.container;
      };
      const run = async (...options: readonly string[]): Promise<string> => {
        let err = '';
        const command = readArguments(['fix', '--write', ...options, '.']);
        assert.ok(command.name === 'fix');
        await fix(command, {
          out: () => undefined,
          err: (text) => (err += text),
          input: () => Promise.resolve(''),
          interruption: () => ({ signal: new AbortController().signal, release: () => undefined }),
          cwd: folder.path,
          terminal: false,
          env: {},
        });
        return err;
      };
      try {
        const before = await container();
        const said = (await run()).replace(/\s+/g, ' ');
        assert.deepEqual(givenSince(before, await container()), []);
        assert.deepEqual(said.match(/--host \S+(?=\.)/g), [`--host ${hosts.join()}`], said);

        await run('--host', hosts.join());
        assert.notDeepEqual(givenSince(before, await container()), []);
      } finally {
        folder.remove();
      }
    });
  }
});
