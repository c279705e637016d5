import { causeOutside, START_OUTSIDE } from '../agent/nestedSandbox.js';
import type { Message } from '../agent/symptom.js';
import { DENIED, FORBIDDEN } from './errnoWordings.js';

/** What bubblewrap prints because of the machine below the container, not because of a gate: tried before the general texts. */
export const MACHINE_MESSAGES: readonly Message[] = [
  {
    // Measured with bubblewrap 0.8 started in the sandbox of Codex 0.169. No container refuses such a socket by itself.
    pattern: new RegExp(`loopback: Failed to create NETLINK_ROUTE socket: .*${FORBIDDEN}`),
    gate: 'loopback',
    cause: causeOutside(
      "A filter blocks network sockets, as an agent's sandbox does: one agent started another in its sandbox.",
    ),
    remedy: START_OUTSIDE,
  },
  {
    // docker-default denies the first mount already (measured), so this is not its text.
    pattern: new RegExp(`Can't mount devpts on (?:/newroot)?/dev/pts: .*${DENIED}`),
    gate: null,
    reported: 'openai/codex #33065 (Fedora)',
    cause:
      "SELinux on the host blocks the mount of /dev/pts. Docker's AppArmor profile does not print this: it blocks an earlier mount.",
    remedy:
      'Run `ausearch -m AVC -ts recent` on the host to see what is denied. Start the container with --security-opt=label=disable, or allow the mount in the SELinux policy.',
  },
  {
    // Measured with the root of this machine unmounted, for root and with a user namespace; pivot_root(2).
    pattern: /pivot_root: Invalid argument/,
    gate: 'pivot-root',
    cause:
      'The root file system is the one that the kernel starts with (rootfs), and pivot_root cannot leave it. Unraid and some Firecracker machines use it.',
    remedy:
      'Boot the machine from a root file system that is mounted over rootfs, or run the agent on another machine. If `findmnt /` shows no rootfs, look for a seccomp profile that answers with EINVAL.',
  },
  {
    // Measured with an empty file system over /proc/sys.
    pattern: /Can't read \/proc\/sys\/kernel\/overflow[ug]id/,
    gate: null,
    cause:
      '/proc/sys is hidden here, and bubblewrap reads it first. This was reported for Termux, systemd services with ProcSubset=pid and old versions of gVisor (openai/codex #36399).',
    remedy:
      'Run the agent where /proc/sys/kernel/overflowuid can be read. For a systemd service, remove ProcSubset=pid.',
  },
];
