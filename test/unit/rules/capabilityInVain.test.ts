import assert from 'node:assert/strict';
import { judged } from '../judged.js';

async function inVain(properties: string, dockerfile = 'FROM debian:12\n'): Promise<boolean> {
  const { findings } = await judged(
    {
      '.devcontainer/devcontainer.json': `{ "build": { "dockerfile": "Dockerfile" }, "remoteUser": "dev", ${properties} }`,
      '.devcontainer/Dockerfile': `${dockerfile}RUN useradd --create-home dev\n`,
    },
    ['docker-desktop', 'docker-linux'],
  );
  return findings.some((f) => f.rule === 'capability-in-vain');
}

suite('rules/capabilityInVain', () => {
  const added = '"capAdd": ["NET_ADMIN"]';

  test('a capability that nothing in the files needs', async () => {
    assert.ok(await inVain(added));
    assert.ok(await inVain(`${added}, "features": { "ghcr.io/devcontainers/features/node:1": {} }`));
  });

  test('what still fails with it is only said where something fails', async () => {
    const said = async (securityOpt: string): Promise<string> => {
      const json = `{ "image": "debian:12", "remoteUser": "dev", "capAdd": ["SYS_ADMIN"], "securityOpt": [${securityOpt}] }`;
      const { findings } = await judged({ '.devcontainer.json': json }, ['docker-desktop', 'docker-linux']);
      return findings.find(({ rule }) => rule === 'capability-in-vain')?.message ?? '';
    };
    assert.match(await said(''), /still fails at pivot_root/);
    const works = await said('"seccomp=unconfined", "apparmor=unconfined"');
    assert.match(works, /^SYS_ADMIN does not help/);
    assert.doesNotMatch(works, /fails/);
  });

  test('not in a privileged container, which has it anyway', async () => {
    assert.ok(!(await inVain(`${added}, "privileged": true`)));
  });

  test('not beside a Feature or on an image that may need it', async () => {
    assert.ok(!(await inVain(`${added}, "features": { "ghcr.io/acme/features/vpn:1": {} }`)));
    assert.ok(!(await inVain(added, 'FROM registry.example.com/team/toolbox:7\n')));
  });

  test('not beside a network scanner', async () => {
    assert.ok(!(await inVain(added, 'FROM debian:12\nRUN apt-get update && apt-get install -y nmap\n')));
  });

  test('not where its removal alone would stop what works', async () => {
    const files = {
      '.devcontainer/devcontainer.json': JSON.stringify({
        build: { dockerfile: 'Dockerfile' },
        remoteUser: 'dev',
        capAdd: ['SYS_ADMIN', 'SYS_PTRACE', 'NET_ADMIN'],
        securityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
      }),
      '.devcontainer/Dockerfile':
        'FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y bubblewrap && chmod u+s /usr/bin/bwrap\nRUN useradd dev\n',
    };
    const { predictions, findings } = await judged(files, ['docker-ubuntu-bwrap-profile']);
    assert.equal(predictions[0]?.outcome, 'works');
    assert.ok(!findings.some(({ rule }) => rule === 'capability-in-vain'));
  });
});
