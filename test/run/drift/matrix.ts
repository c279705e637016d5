import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tailoredProfile } from '../../../src/model/plan/tailored.js';
import { DOCKER_DEFAULT_PROFILE } from '../../../src/model/seccomp/engineProfiles.js';
import type { AgentRequest } from '../../../src/model/agent/request.js';
import type { SeccompProfile } from '../../../src/model/seccomp/profile.js';

/** One container of the matrix. */
export interface Setting {
  readonly title: string;
  readonly user: 'root' | '1000';
  /** As rows of test/ground-truth/rows say them. */
  readonly rowArgs: readonly string[];
  /** As Docker takes them. */
  readonly args: readonly string[];
}

/** AppArmor is another matter, and hosts without it ignore this. */
const WITHOUT_APPARMOR = '--security-opt=apparmor=unconfined';

/** The title of the container in which bubblewrap is watched: nothing keeps it from what it wants. */
export const WATCHED = 'seccomp=unconfined, unmasked, 1000';

/** Profiles by the name that rows give them. */
export function profilesFor(request: AgentRequest): Readonly<Record<string, SeccompProfile>> {
  return {
    '<tailored>': tailoredProfile(DOCKER_DEFAULT_PROFILE, request, false, 'before-0.13'),
    '<tailored+mount_setattr>': tailoredProfile(DOCKER_DEFAULT_PROFILE, request),
  };
}

/** Writes the profiles where `settings` expects them. */
export function writeProfiles(request: AgentRequest, folder: string): void {
  for (const [name, profile] of Object.entries(profilesFor(request))) {
    writeFileSync(profileFile(folder, name), JSON.stringify(profile));
  }
}

function profileFile(folder: string, name: string): string {
  return join(folder, `${name.replace(/\W/g, '')}.json`);
}

/**
 * The containers that Codex's sandbox is started in: each profile with and without masks of /proc, for root and another user.
 * @param folder where the profiles are
 */
export function settings(request: AgentRequest, folder: string): readonly Setting[] {
  const profiles = Object.keys(profilesFor(request));
  return [undefined, ...profiles, 'unconfined'].flatMap((seccomp) =>
    ['masked', 'unmasked'].flatMap((masks) =>
      (['root', '1000'] as const).map((user) => {
        const unmasked = masks === 'unmasked' ? ['--security-opt=systempaths=unconfined'] : [];
        const options = (value: string | undefined): readonly string[] =>
          value === undefined ? unmasked : [`--security-opt=seccomp=${value}`, ...unmasked];
        const isFile = seccomp !== undefined && profiles.includes(seccomp);
        return {
          title: `${seccomp === undefined ? 'no profile named' : `seccomp=${seccomp}`}, ${masks}, ${user}`,
          user,
          rowArgs: options(seccomp),
          args: [WITHOUT_APPARMOR, ...options(isFile ? profileFile(folder, seccomp) : seccomp)],
        };
      }),
    ),
  );
}
