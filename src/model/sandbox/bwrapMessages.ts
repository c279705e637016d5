import type { Message } from '../agent/symptom.js';

/** EACCES: AppArmor (or another security module) said no. */
export const DENIED = '(?:Permission denied|EACCES)';
/** EPERM: seccomp said no, or a capability is missing. ENOSYS: a seccomp profile that says no in this way. */
export const FORBIDDEN = '(?:Operation not permitted|EPERM|Function not implemented|ENOSYS)';

/** bwrap with one call (clone), bwrap with a second user namespace, unshare of util-linux in two versions, unshare of busybox. */
const NEW_NAMESPACE =
  '(?:Creating new namespace failed|unshare user ns|unshare failed|unshare\\(0x[0-9a-f]+\\)(?: failed)?)';

const SECCOMP_REMEDY =
  'Give the container a seccomp profile that allows clone, unshare, mount, mount_setattr, umount2 and pivot_root, or start it with --security-opt=seccomp=unconfined.';
const APPARMOR_REMEDY =
  'Start the container with --security-opt=apparmor=unconfined, or with a profile loaded on the host that allows userns, mount, umount and pivot_root. Capabilities do not help.';
const UBUNTU_CAUSE =
  'A new user namespace has no powers here: Ubuntu 23.10 and later (kernel.apparmor_restrict_unprivileged_userns=1) take them away from programs without CAP_SYS_ADMIN that no AppArmor profile covers.';
const UBUNTU_REMEDY =
  'Use a setuid bwrap older than 0.11.2 with SYS_ADMIN, SYS_CHROOT, SETUID, SETGID, SYS_PTRACE and NET_ADMIN added to the container, or run as root with SYS_ADMIN; or have the host load an AppArmor profile with `userns,` for the container, or lift the restriction.';

/**
 * What means the same whoever starts bubblewrap, in the order in which they are tried on a line. Wordings differ between
 * versions of bubblewrap and between distributions.
 */
export const BWRAP_MESSAGES: readonly Message[] = [
  {
    pattern: /Unexpected capabilities but not setuid/,
    gate: 'bwrap-privileges',
    cause:
      'bwrap was started with capabilities that it did not expect. Podman gives a non-root user those of --cap-add.',
    remedy: 'Remove every --cap-add (capAdd) from the container: under Podman the sandbox needs none.',
  },
  {
    pattern: new RegExp(`${NEW_NAMESPACE}: .*(?:ENOSPC|No space left on device|nesting depth)`),
    gate: 'userns-allowed',
    cause: 'The kernel gives out no more user namespaces: user.max_user_namespaces is 0 or used up.',
    remedy: 'Raise user.max_user_namespaces on the host (sysctl): nothing in the container or the repository can.',
  },
  {
    pattern: new RegExp(`${NEW_NAMESPACE}: .*${DENIED}`),
    gate: 'apparmor',
    cause: "The container's AppArmor profile (docker-default) denies new user namespaces.",
    remedy: APPARMOR_REMEDY,
  },
  {
    pattern: new RegExp(`No permissions to create (?:a )?new namespace|${NEW_NAMESPACE}: .*${FORBIDDEN}`),
    gate: 'seccomp-userns',
    shared: 'userns-allowed',
    cause:
      "The container's seccomp profile does not allow new user namespaces. Docker's default profile allows them only with CAP_SYS_ADMIN.",
    remedy: SECCOMP_REMEDY,
  },
  {
    pattern: /Bad system call|the kernel does not support user namespaces/,
    gate: 'seccomp-userns',
    cause: "The container's seccomp profile ends or misleads bubblewrap at a system call that it needs.",
    remedy: SECCOMP_REMEDY,
  },
  {
    pattern: new RegExp(`loopback: .*(?:${DENIED}|${FORBIDDEN})`),
    gate: 'loopback',
    cause: `bwrap may not set up the network of its own network namespace. ${UBUNTU_CAUSE}`,
    remedy: UBUNTU_REMEDY,
  },
  {
    pattern: new RegExp(`(?:setting up [ug]id map|/[ug]id_map): .*${DENIED}`),
    gate: 'uid-map',
    cause: `bwrap may not write the user map of its user namespace. ${UBUNTU_CAUSE}`,
    remedy: UBUNTU_REMEDY,
  },
  {
    pattern: new RegExp(
      `(?:Failed to make / slave|pivot_root|cannot change root filesystem propagation|Failed to mount|Can't (?:bind )?mount|mount: ).*${DENIED}`,
    ),
    gate: 'apparmor',
    cause:
      "The container's AppArmor profile (docker-default) denies the mounts with which bwrap builds its view of the file system.",
    remedy: APPARMOR_REMEDY,
  },
  {
    pattern: new RegExp(
      `(?:Failed to make / slave|pivot_root|un?mount old root|cannot change root filesystem propagation|Failed to mount|Can't (?:bind )?mount|mount: ).*${FORBIDDEN}`,
    ),
    gate: 'pivot-root',
    cause:
      "The container's seccomp profile does not allow pivot_root (or mount, mount_setattr, umount2). Docker's default profile never allows pivot_root, with no capability.",
    remedy: SECCOMP_REMEDY,
  },
  {
    pattern: /\bbwrap: (?:command )?not found/,
    gate: 'bwrap-available',
    cause: 'There is no bubblewrap on PATH.',
    remedy: 'Install the bubblewrap package in the image.',
  },
];
