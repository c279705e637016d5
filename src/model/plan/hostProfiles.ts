/** The AppArmor profiles that an administrator may load on a host; what they are for: hostChange.ts. */

import { PACKAGED_BWRAP_PATH } from '../bwrapPath.js';

/**
 * The profile under which a container keeps AppArmor's protection: its name in `apparmor=…`. Names and texts are released, and on
 * hosts already; what they grant serves any agent.
 */
export const SANDBOX_PROFILE = 'codex-sandbox';

/** The profile that is unconfined but for its name. */
export const USERNS_PROFILE = 'codex-userns';

/**
 * Both profiles compile with apparmor_parser 4.1 (measured; 3.0 of Debian 12 knows neither abi/4.0 nor `userns`). Measured to
 * work: docker-default with `userns, mount, umount, pivot_root,` instead of its `deny mount`, on Debian 13, and
 * `flags=(unconfined) { userns, }`, under an emulation of Ubuntu's restriction as well (test/ground-truth/rows).
 */
export const SANDBOX_PROFILE_TEXT = `# A container in which Codex's sandbox starts: nearly as strict as docker-default, but for what bubblewrap needs.
abi <abi/4.0>,
include <tunables/global>

profile ${SANDBOX_PROFILE} flags=(attach_disconnected,mediate_deleted) {
  include <abstractions/base>

  # What any container needs. Docker's capabilities and its seccomp profile hold as before.
  network,
  capability,
  file,
  signal (receive) peer={unconfined,runc,crun},
  signal (send, receive) peer=${SANDBOX_PROFILE},
  ptrace peer=${SANDBOX_PROFILE},

  # What bubblewrap needs besides: a user namespace, mounts in it and a root directory of its own.
  userns,
  mount,
  umount,
  pivot_root,

  # The host's kernel: its settings, its memory, its devices and its firmware.
  deny @{PROC}/sys/** wl,
  deny @{PROC}/{kcore,kmem,mem,sysrq-trigger} rwklx,
  deny /sys/{block,bus,class,dev,devices,hypervisor,kernel,module,power}/** wkl,
  deny /sys/fs/[^c]*/** wkl,
  deny /sys/{firmware,kernel/security,devices/virtual/powercap}/** rwklx,
}
`;

export const USERNS_PROFILE_TEXT = `# A container without AppArmor's protection, but with a name: the restriction strikes only what is labelled "unconfined".
abi <abi/4.0>,
include <tunables/global>

profile ${USERNS_PROFILE} flags=(unconfined) {
  userns,
}
`;

/**
 * Profiles that attach to bubblewrap by its path, in containers too that are unconfined by AppArmor. Measured with AppArmor 4.1 under an
 * emulation of Ubuntu's restriction, the package's own profile as well as these two (test/ground-truth/rows/apparmor-profiles-more.jsonl).
 */
export const SYSTEM_BWRAP_PROFILE = 'bwrap';
export const BUNDLED_BWRAP_PROFILE = 'codex-bwrap';
export const SYSTEM_BWRAP_TEXT = attachingProfileText(SYSTEM_BWRAP_PROFILE, PACKAGED_BWRAP_PATH);
export const BUNDLED_BWRAP_TEXT = attachingProfileText(BUNDLED_BWRAP_PROFILE, '/**/codex-resources/bwrap');

function attachingProfileText(name: string, path: string): string {
  return `# Lets one program have user namespaces, which the host otherwise restricts; containers need apparmor=unconfined for it.
abi <abi/4.0>,
include <tunables/global>

profile ${name} ${path} flags=(unconfined) {
  userns,
}
`;
}
