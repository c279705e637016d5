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
      /^On the host: load the AppArmor profile bwrap-userns-restrict, .*\.\nOr use a setuid bubblewrap and the capabilities/m,
    );
    assert.ok(fixes > 0);
  });

  test('the same stands where a broken file can hold no fix', async () => {
    const { message, fixes } = await said('{ "build": { "dockerfile": "Dockerfile" }, "runArgs": [', 'debian:12');
    assert.match(
      message,
      /^On the host: load the AppArmor profile bwrap-userns-restrict, .*\.\nOr use a setuid bubblewrap and the capabilities/m,
    );
    assert.equal(fixes, 0);
  });

  test('a base image whose bubblewrap refuses setuid is to be another', async () => {
    const { message, fixes } = await said(
      '{ "build": { "dockerfile": "Dockerfile" }, "securityOpt": ["no-new-privileges"] }',
      'debian:13',
    );
    assert.match(
      message,
      /^Or use an image whose bubblewrap supports setuid .*\nBubblewrap 0\.12\.0 refuses setuid\.$/m,
    );
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
      /^Or use apparmor=runc, a profile of AppArmor 4\.\nHosts with AppArmor 3 then refuse to start the container\.$/m,
    );
    assert.match(found.message, /^On the host: load an AppArmor profile for the bubblewrap that comes with Codex\.$/m);
    assert.deepEqual(
      fixesOf(found).map(({ relaxations, preferred }) => [relaxations, preferred]),
      [[['apparmor-runc'], false]],
    );
  });

  const PLAIN = '{ "build": { "dockerfile": "Dockerfile" } }';

  test('where the release of the image is not known, nothing is said of its bubblewrap', async () => {
    for (const base of ['node:20', 'python:3.12']) {
      const { message, fixes } = await said(PLAIN, base);
      assert.match(
        message,
        /^No edit of these files is known to help\.\nReason: the tag \S+ does not name a distribution\.$/m,
      );
      assert.ok(!/refuses|[Nn]othing helps/.test(message));
      assert.equal(fixes, 0);
    }
  });

  test('where the tag moves, what its bubblewrap does has a condition', async () => {
    const { message } = await said(PLAIN, 'debian:latest');
    assert.match(message, /^If the image is Debian 13, bubblewrap 0\.12\.0 refuses setuid\.$/m);
    const ubuntu = await said(PLAIN, 'ubuntu');
    assert.match(ubuntu.message, /^If the image is Ubuntu 26\.04, or use a setuid bubblewrap/m);
  });

  test('the same of one that is setuid in vain', async () => {
    const json = `{ "build": { "dockerfile": "Dockerfile" }, "capAdd": ["SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE"] }`;
    const refused = async (base: string): Promise<string> => {
      const dockerfile = `FROM ${base}\nRUN apt-get install -y bubblewrap && chmod u+s /usr/bin/bwrap\nUSER dev\n`;
      const files = { '.devcontainer/devcontainer.json': json, '.devcontainer/Dockerfile': dockerfile };
      const { findings } = await judged(files, ['docker-ubuntu']);
      return findings.find(({ rule }) => rule === 'setuid-refused')?.message ?? '';
    };
    assert.match(await refused('debian:13'), /^Bubblewrap 0\.12\.0 refuses to run setuid\.$/m);
    assert.match(await refused('debian'), /^If the image is Debian 13, bubblewrap 0\.12\.0 refuses to run setuid\.$/m);
  });

  test('who runs is not known: the base is not said to be at fault', async () => {
    const { message } = await said(
      '{ "build": { "dockerfile": "Dockerfile" }, "remoteUser": "${localEnv:ME}" }',
      'debian:12',
    );
    assert.match(
      message,
      /^No edit of these files is known to help\.\nReason: \$\{localEnv:ME\} depends on the machine\.$/m,
    );
  });

  test('a setuid bubblewrap of unknown version with all its capabilities is no fault', async () => {
    const dockerfile = 'FROM alpine\nRUN apk add bubblewrap && chmod u+s /usr/bin/bwrap\nUSER dev\n';
    const json = `{ "build": { "dockerfile": "Dockerfile" }, "capAdd": ["SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE"] }`;
    const files = { '.devcontainer/devcontainer.json': json, '.devcontainer/Dockerfile': dockerfile };
    const { findings } = await judged(files, ['docker-desktop']);
    assert.deepEqual(
      findings.filter(({ rule }) => rule.startsWith('setuid-')),
      [],
    );
  });
});
