import assert from 'node:assert/strict';
import { judged } from '../judged.js';

async function said(json: string, base: string): Promise<{ message: string; fixes: number }> {
  const dockerfile = `FROM ${base}\nRUN apt-get update && apt-get install -y bubblewrap\nRUN useradd -m dev\nUSER dev\n`;
  const files = { '.devcontainer/devcontainer.json': json, '.devcontainer/Dockerfile': dockerfile };
  const { findings, fixesOf } = await judged(files, ['docker-linux', 'docker-ubuntu']);
  const found = findings.find(({ rule }) => rule.startsWith('setuid-'));
  return { message: found?.message ?? '', fixes: found ? fixesOf(found).length : 0 };
}

suite('a host that needs a privileged bubblewrap', () => {
  test('the finding says what lets it pass, with a fix', async () => {
    const { message, fixes } = await said('{ "build": { "dockerfile": "Dockerfile" } }', 'debian:12');
    assert.match(
      message,
      /On the host, load the profile bwrap-userns-restrict, .*\. If nobody administers it, what lets it pass is a setuid bubblewrap and the capabilities/,
    );
    assert.ok(fixes > 0);
  });

  test('the same stands where a broken file can hold no fix', async () => {
    const { message, fixes } = await said('{ "build": { "dockerfile": "Dockerfile" }, "runArgs": [', 'debian:12');
    assert.match(
      message,
      /On the host, load the profile bwrap-userns-restrict, .*\. If nobody administers it, what lets it pass is a setuid bubblewrap and the capabilities/,
    );
    assert.equal(fixes, 0);
  });

  test('a base image whose bubblewrap refuses setuid is to be another', async () => {
    const { message, fixes } = await said(
      '{ "build": { "dockerfile": "Dockerfile" }, "securityOpt": ["no-new-privileges"] }',
      'debian:13',
    );
    assert.match(message, /Nothing helps on this base image: take one whose bubblewrap still runs setuid/);
    assert.equal(fixes, 0);
  });

  test('where every host that is named has the profile runc, that is what lets it pass', async () => {
    const dockerfile = 'FROM debian:12\nRUN useradd -m dev\nUSER dev\n';
    const files = {
      '.devcontainer/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }',
      '.devcontainer/Dockerfile': dockerfile,
    };
    const { findings, fixesOf } = await judged(files, ['docker-ubuntu']);
    const found = findings.find(({ rule }) => rule === 'setuid-missing');
    assert.ok(found);
    assert.match(
      found.message,
      /what lets it pass is apparmor=runc, a profile of AppArmor 4: hosts with AppArmor 3 refuse/,
    );
    assert.match(found.message, /On the host, load an AppArmor profile for the bubblewrap that comes with Codex\./);
    assert.deepEqual(
      fixesOf(found).map(({ relaxations, preferred }) => [relaxations, preferred]),
      [[['apparmor-runc'], false]],
    );
  });
});
