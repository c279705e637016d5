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

  test('has an entry a line, the added ones last', () => {
    assert.ok(text.split('\n').length < 100);
    assert.match(text, /\n {4}\{ "names": \[ "mount", "mount_setattr", "pivot_root", "umount2" \], .*\n {2}\]\n\}\n$/);
  });

  test('keeps strings as they are, line breaks included', () => {
    const odd = { syscalls: [{ names: ['a'], action: 'SCMP_ACT_ALLOW', comment: 'two\n  lines' }] };
    assert.deepEqual(JSON.parse(seccompProfileText(odd)), odd);
  });
});
