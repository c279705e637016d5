import { CODEX } from '../model/agents/codex/agent.js';
import { PACKAGED_BWRAP_PATH } from '../model/bwrapPath.js';
import type { AttachedProfiles, Host, LoadedProfile } from '../model/host.js';
import {
  BUNDLED_BWRAP_PROFILE,
  SANDBOX_PROFILE,
  SYSTEM_BWRAP_PROFILE,
  USERNS_PROFILE,
} from '../model/plan/hostProfiles.js';

/** AppArmor profiles of a machine, as far as they can be seen. */
export interface SeenProfiles {
  /** The kernel lists them, but only for root. Otherwise the files in /etc/apparmor.d count. */
  readonly loaded: boolean;
  readonly names: readonly string[];
}

/** The file of Ubuntu's profile for bubblewrap; the profile in it is named bwrap. */
export const UBUNTU_PROFILE = 'bwrap-userns-restrict';

/** Files of /etc/apparmor.d that tell something about bubblewrap; those of this project bear their profile's name. */
export const TELLING_FILES: readonly string[] = [
  UBUNTU_PROFILE,
  'runc',
  SYSTEM_BWRAP_PROFILE,
  BUNDLED_BWRAP_PROFILE,
  SANDBOX_PROFILE,
  USERNS_PROFILE,
];

/** The names in /sys/kernel/security/apparmor/profiles, which has one `NAME (MODE)` a line. */
export function profileNames(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => /^(.+) \([a-z]+\)$/.exec(line.trim())?.[1] ?? []);
}

/** What is known of profiles by their names (test/ground-truth/rows; the two of this project: plan/hostProfiles.ts). */
const KNOWN: Readonly<Record<string, LoadedProfile>> = {
  runc: 'allows',
  [SANDBOX_PROFILE]: 'allows',
  [USERNS_PROFILE]: 'allows',
  unprivileged_userns: 'denies-capabilities',
};

/** What the profiles of a machine do for bubblewrap; of what cannot be seen nothing is known. */
export function profilesOf(
  seen: SeenProfiles | undefined,
): Pick<NonNullable<Host['apparmor']>, 'attachedTo' | 'loadedProfiles'> {
  if (!seen) return { attachedTo: undefined, loadedProfiles: {} };
  const { names } = seen;
  const attachedTo: AttachedProfiles = [
    ...(names.includes(UBUNTU_PROFILE) || names.includes(SYSTEM_BWRAP_PROFILE) ? [PACKAGED_BWRAP_PATH] : []),
    ...(names.includes(BUNDLED_BWRAP_PROFILE) ? [CODEX.bundledBwrapPath] : []),
  ];
  const known = Object.entries(KNOWN).filter(([name]) => names.includes(name));
  return { attachedTo, loadedProfiles: Object.fromEntries(known) };
}
