import assert from 'node:assert/strict';
import type { Judgement } from '../../../src/rules/judge.js';
import { judged } from '../judged.js';

function running(...args: readonly string[]): Readonly<Record<string, string>> {
  return { '.devcontainer.json': JSON.stringify({ image: 'debian:12', runArgs: args }) };
}

function outcomes({ predictions }: Judgement): readonly string[] {
  return predictions.map((p) => `${p.host} ${p.outcome}`);
}

suite('a container with an option that only Podman takes', () => {
  const options = {
    '--userns=keep-id': ['--userns=keep-id'],
    '--userns keep-id with ids': ['--userns', 'keep-id:uid=1000,gid=1000'],
    'an unmasked path': ['--security-opt', 'unmask=/sys/fs/cgroup'],
  };
  for (const [name, args] of Object.entries(options)) {
    test(`${name}: Docker creates none, and that is all that is said of it`, async () => {
      const found = await judged(running(...args), ['docker-desktop', 'docker-linux']);
      assert.deepEqual(outcomes(found), ['docker-desktop unknown', 'docker-linux unknown']);
      assert.deepEqual(
        found.findings.map((f) => `${f.severity} ${f.rule} ${f.hosts.join(' ')}`),
        ['info not-judged docker-desktop docker-linux'],
      );
      assert.match(found.findings[0]?.message ?? '', /^Docker cannot create this container: .*\nAdd Podman /);
      assert.deepEqual([found.repairs().fixes(), found.repairs().otherWays(), found.obstacles], [[], [], []]);
    });
  }

  test('it is judged for Podman beside Docker', async () => {
    const found = await judged(running('--userns=keep-id'), ['docker-linux', 'podman', 'podman-rootful']);
    assert.deepEqual(outcomes(found), ['docker-linux unknown', 'podman works', 'podman-rootful fails']);
    assert.deepEqual(found.findings.map((f) => `${f.rule} ${f.hosts.join(' ')}`).sort(), [
      'apparmor-profile podman-rootful',
      'not-judged docker-linux',
    ]);
    assert.ok(
      found
        .repairs()
        .fixes()
        .every((r) => !r.title.includes('docker')),
    );
  });

  test('for Podman alone nothing is said of Docker', async () => {
    assert.deepEqual((await judged(running('--userns=keep-id'), ['podman'])).findings, []);
  });

  const taken = {
    host: ['--userns=host'],
    'a variable': ['--userns=${localEnv:MODE}'],
    'the last one': ['--userns=keep-id', '--userns=host'],
  };
  for (const [name, args] of Object.entries(taken)) {
    test(`Docker takes ${name}`, async () => {
      assert.deepEqual(outcomes(await judged(running(...args), ['docker-desktop'])), ['docker-desktop fails']);
    });
  }

  test('Docker’s daemon takes userns_mode of Compose', async () => {
    const found = await judged(
      {
        '.devcontainer.json': '{ "dockerComposeFile": "compose.yaml", "service": "app", "workspaceFolder": "/w" }',
        'compose.yaml': 'services:\n  app:\n    image: debian:12\n    userns_mode: keep-id\n',
      },
      ['docker-desktop'],
    );
    assert.deepEqual(outcomes(found), ['docker-desktop fails']);
  });
});
