import assert from 'node:assert/strict';
import type { Example } from '../../../src/rules/engine/rule.js';
import { seccompProfileOutdated } from '../../../src/rules/seccompProfileOutdated.js';
import { seccompProfileText } from '../../../src/edits/seccompProfileText.js';
import { tailoredProfile } from '../../../src/model/plan/tailored.js';
import { DOCKER_DEFAULT_PROFILE } from '../../../src/model/seccomp/engineProfiles.js';
import { applyAll } from '../appliedEdits.js';
import { CODEX } from '../containers.js';
import { judgedAndAsked } from '../judged.js';

const PROFILE = '.devcontainer/seccomp.json';
const OUTDATED = 'seccomp-profile-outdated';

/** The bad example with another profile, and with bubblewrap 0.13 where it is asked for. */
function files(profile: string): Example {
  return { ...seccompProfileOutdated.bad, [PROFILE]: profile };
}

async function rules(profile: string): Promise<readonly string[]> {
  const { findings } = await judgedAndAsked(files(profile), ['docker-linux']);
  return findings.map(({ rule, severity }) => `${severity} ${rule}`);
}

async function fixed(profile: string): Promise<string | undefined> {
  const before = files(profile);
  const [found] = (await judgedAndAsked(before, ['docker-linux'])).findings;
  assert.equal(found?.rule, OUTDATED);
  const [fix, ...others] = found.fixes;
  assert.deepEqual(others, []);
  assert.equal(fix?.preferred, true);
  assert.deepEqual(
    fix.edits.map(({ file }) => file),
    [PROFILE],
  );
  const after = Object.fromEntries(applyAll(new Map(Object.entries(before)), fix.edits));
  assert.deepEqual((await judgedAndAsked(after, ['docker-linux'])).findings, []);
  return after[PROFILE];
}

const five = seccompProfileText(tailoredProfile(DOCKER_DEFAULT_PROFILE, CODEX, false, 'before-0.13'));
const six = seccompProfileText(tailoredProfile(DOCKER_DEFAULT_PROFILE, CODEX));

suite('a seccomp profile from before bubblewrap 0.13', () => {
  test('one that this program wrote: information, and the fix makes of it what it writes now', async () => {
    assert.deepEqual(await rules(five), [`info ${OUTDATED}`]);
    assert.deepEqual(await rules(six), []);
    assert.equal(await fixed(five), six);
  });

  test('the author’s layout stays, wherever the call belongs', async () => {
    const own = `{\r
\t"defaultAction": "SCMP_ACT_ERRNO",\r
\t"syscalls": [{ "names": ["openat2"], "action": "SCMP_ACT_ALLOW" }, {\r
\t\t"action": "SCMP_ACT_ALLOW",\r
\t\t"names": [\r
\t\t\t"clone",\r
\t\t\t"unshare",\r
\t\t\t"pivot_root",\r
\t\t\t"mount",\r
\t\t\t"umount2"\r
\t\t]\r
\t}]\r
}\r
`;
    assert.equal(await fixed(own), own.replace('\t\t\t"mount",\r\n', '\t\t\t"mount",\r\n\t\t\t"mount_setattr",\r\n'));
    const line =
      '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["pivot_root","unshare","umount2","openat2"],"action":"SCMP_ACT_ALLOW","args":[],"includes":{},"excludes":null},{"names":["clone","mount"],"action":"SCMP_ACT_ALLOW"}]}';
    assert.equal(await fixed(line), line.replace('["pivot_root"', '["pivot_root","mount_setattr"'));
  });

  test('openat2 as well, and both are named', async () => {
    const own =
      '{ "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{ "names": ["clone", "mount", "pivot_root", "umount2", "unshare"], "action": "SCMP_ACT_ALLOW" }] }';
    const [found] = (await judgedAndAsked(files(own), ['docker-linux'])).findings;
    assert.match(found?.message ?? '', /blocks openat2 and mount_setattr\n.*\nBubblewrap 0\.12 needs/);
    assert.equal(await fixed(own), own.replace('"mount", ', '"mount", "mount_setattr", "openat2", '));
  });

  test('where the file has no such rule, or refuses the call in another, it becomes the tailored one', async () => {
    for (const own of [
      '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["mount_setattr"], "action": "SCMP_ACT_ERRNO" }] }',
      '{ "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{ "names": ["openat2", "clone", "mount", "umount2", "unshare"], "action": "SCMP_ACT_ALLOW" }, { "names": ["pivot_root"], "action": "SCMP_ACT_LOG" }] }',
      '{ "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{ "names": ["openat2", "clone", "mount", "umount2", "unshare", "pivot_root"], "action": "SCMP_ACT_ALLOW" }, { "names": ["mount_setattr"], "action": "SCMP_ACT_ERRNO", "errnoRet": 5 }] }',
    ]) {
      assert.ok((await fixed(own))?.startsWith(own.slice(0, own.indexOf('[{'))), own);
    }
  });

  test('none where ENOSYS makes bubblewrap do without, and where it does not get as far', async () => {
    const enosys = five.replace('"defaultErrnoRet": 1', '"defaultErrnoRet": 38');
    assert.notEqual(enosys, five);
    assert.deepEqual(await rules(enosys), []);
    assert.deepEqual(await rules(seccompProfileText(DOCKER_DEFAULT_PROFILE)), ['error seccomp-profile']);
    assert.deepEqual(await rules('{'), ['error seccomp-profile-invalid']);
  });
});
