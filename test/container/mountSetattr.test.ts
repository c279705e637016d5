import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DOCKER_DEFAULT_PROFILE } from '../../src/model/seccomp/engineProfiles.js';
import { tailoredProfile, type Serves } from '../../src/model/plan/tailored.js';
import { ensureBaseImages } from './baseImages.js';
import { docker } from './docker.js';
import { CODEX } from '../unit/containers.js';

/** Its number is the same on every architecture. No size is given, so the kernel says EINVAL where seccomp lets it ask at all. */
const CALL = 'my $r = syscall(442, -1, my $path = "", 0, my $attributes = "", 0); print $! + 0';
const EPERM = '1';
const EINVAL = '22';

/**
 * Bubblewrap 0.13 makes this call, and no stable Debian has one. With 0.13.1 of Debian unstable the sandbox was seen to start
 * under the profile of six calls and to fail at this one under the five, for root and for uid 1000.
 */
suite('mount_setattr under the tailored profile', () => {
  let folder = '';
  suiteSetup(async () => {
    await ensureBaseImages();
    folder = mkdtempSync(join(tmpdir(), 'mount-setattr-'));
  });
  suiteTeardown(() => rm(folder, { recursive: true, force: true }));

  for (const user of ['root', '1000'] as const) {
    for (const [serves, errno] of [
      ['all', EINVAL],
      ['before-0.13', EPERM],
    ] as const satisfies readonly (readonly [Serves, string])[]) {
      test(`for ${user}, a profile for ${serves}: errno ${errno}`, async () => {
        const profile = join(folder, `${user}-${serves}.json`);
        writeFileSync(profile, JSON.stringify(tailoredProfile(DOCKER_DEFAULT_PROFILE, CODEX, user === 'root', serves)));
        const options = ['--rm', '--network=none', `--user=${user}`, '--security-opt', `seccomp=${profile}`];
        assert.equal(await docker('run', ...options, 'debian:12', 'perl', '-e', CALL), errno);
      });
    }
  }
});
