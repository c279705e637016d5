import assert from 'node:assert/strict';
import { judged } from '../judged.js';

async function said(json: string, base: string): Promise<{ message: string; fixes: number }> {
  const dockerfile = `FROM ${base}\nRUN apt-get update && apt-get install -y bubblewrap\nRUN useradd -m dev\nUSER dev\n`;
  const files = { '.devcontainer/devcontainer.json': json, '.devcontainer/Dockerfile': dockerfile };
  const { findings, fixesOf } = await judged(files, ['docker-ubuntu']);
  const found = findings.find(({ rule }) => rule.startsWith('setuid-'));
  return { message: found?.message ?? '', fixes: found ? fixesOf(found).length : 0 };
}

suite('a host that needs a privileged bubblewrap', () => {
  test('the finding says what lets it pass, with a fix', async () => {
    const { message, fixes } = await said('{ "build": { "dockerfile": "Dockerfile" } }', 'debian:12');
    assert.match(message, /What lets it pass is a setuid bubblewrap and the capabilities/);
    assert.ok(fixes > 0);
  });

  test('the same stands where a broken file can hold no fix', async () => {
    const { message, fixes } = await said('{ "build": { "dockerfile": "Dockerfile" }, "runArgs": [', 'debian:12');
    assert.match(message, /What lets it pass is a setuid bubblewrap and the capabilities/);
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
});
