import assert from 'node:assert/strict';
import { seccompProfileText } from '../../../src/edits/seccompProfileText.js';
import { tailoredProfile } from '../../../src/model/plan/tailored.js';
import { DOCKER_DEFAULT_PROFILE } from '../../../src/model/seccomp/engineProfiles.js';
import { CODEX } from '../containers.js';

suite('the text of a seccomp profile', () => {
  const profile = tailoredProfile(DOCKER_DEFAULT_PROFILE, CODEX);
  const text = seccompProfileText(profile);

  test('is the profile', () => {
    assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(profile)));
  });

  test('begins with a comment and the added rules, which fit on a screen', () => {
    const head = text.split('\n').slice(0, 20).join('\n');
    assert.match(head, /^\{\n {2}"comment": "Docker's default seccomp profile plus /);
    assert.match(head, /\n {6}"names": \["clone", "unshare"\],\n/);
    assert.match(head, /\n {6}"names": \["mount", "mount_setattr", "pivot_root", "umount2"\],\n/);
  });

  test('fills its lines, which are at most a hundred characters long but for comments', () => {
    const long = text.split('\n').filter((line) => line.length > 100 && !line.includes('"comment": '));
    assert.deepEqual(long, []);
    assert.ok(text.split('\n').length < 300);
    assert.match(text, /\n {8}"accept", "accept4", "access", .*,\n/);
  });

  test('keeps strings as they are, line breaks included', () => {
    const odd = { syscalls: [{ names: ['a'], action: 'SCMP_ACT_ALLOW', comment: 'two\n  lines' }] };
    assert.deepEqual(JSON.parse(seccompProfileText(odd)), odd);
  });
});
