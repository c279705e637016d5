/**
 * The messages of bubblewrap, in the order in which they are tried on a line. Wordings differ between versions of bubblewrap and
 * between distributions.
 */

import type { Agent } from '../agent/agent.js';
import { causeOutside, MAYBE_INSIDE, remedyOutside } from '../agent/nestedSandbox.js';
import type { Message, Said, SymptomFacts } from '../agent/symptom.js';
import { DENIED, FORBIDDEN } from './errnoWordings.js';
import { MACHINE_MESSAGES } from './machineMessages.js';
import { newerBwrapMessages } from './newerBwrapMessages.js';

/** bwrap with one call (clone), bwrap with a second user namespace, unshare of util-linux in two versions, unshare of busybox. */
const NEW_NAMESPACE =
  '(?:Creating new namespace failed|unshare user ns|unshare failed|unshare\\(0x[0-9a-f]+\\)(?: failed)?)';

const SECCOMP_REMEDY =
  'Use a seccomp profile that allows clone, unshare, mount, mount_setattr, umount2 and pivot_root. `codex-sandbox-check fix` writes one. Or start the container with --security-opt=seccomp=unconfined, which removes the whole filter.';
const APPARMOR_REMEDY =
  'Disable AppArmor for this container (--security-opt=apparmor=unconfined). Or load a profile on the host that allows userns, mount, umount and pivot_root. Capabilities do not help.';
const UBUNTU_CAUSE =
  'Ubuntu 23.10 and later restrict user namespaces (kernel.apparmor_restrict_unprivileged_userns=1). A program gets one without any power if it has neither SYS_ADMIN nor an AppArmor profile.';
/** The cheap ways come first (docs/how-it-works.md, "The hosts"). */
const UBUNTU_REMEDY =
  'Put a bubblewrap before 0.12 at /usr/bin/bwrap, not setuid, and disable AppArmor for the container (--security-opt=apparmor=unconfined). Ubuntu 25.04 and later have an AppArmor profile for that path. On older Ubuntu hosts, load the profile bwrap-userns-restrict from the package apparmor-profiles. If you cannot change the host, use root with SYS_ADMIN, or a setuid bwrap before 0.11.2. The setuid bwrap needs SYS_ADMIN, SYS_CHROOT, SETUID, SETGID, SYS_PTRACE and NET_ADMIN.';

function sentences(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ');
}

/** Ubuntu's restriction, or an agent's sandbox around this one. */
function restricted(what: string): Said {
  return causeOutside(`${what} ${UBUNTU_CAUSE}`, MAYBE_INSIDE.cause);
}

const MASKED_CAUSE = 'The container masks parts of /proc, so the kernel refuses the sandbox a fresh /proc.';

const OPTION = '--security-opt=systempaths=unconfined (Podman: unmask=/proc/*)';

/**
 * For root, systempaths=unconfined opens settings of the host's kernel (rules/systempathsAsRoot.ts), so the user must be known to be
 * another one. An agent that brings its own bubblewrap works without the package.
 */
function unmasking({ name, bundlesBwrap }: Agent, { uid }: SymptomFacts): string {
  const own = bundlesBwrap
    ? `Copy the bubblewrap that comes with ${name} to /usr/bin/bwrap: Ubuntu 25.04 and later need that copy. Or remove the bubblewrap package, so that ${name} uses its own. Or `
    : '';
  const start = `start the container with ${OPTION}`;
  const last =
    uid === 0
      ? `run ${name} as a user other than root and ${start}.`
      : uid === undefined || uid === null
        ? `${start}, but only if ${name} does not run as root. For root, that option opens settings of the host's kernel.`
        : `${start}.`;
  return own === '' ? last.charAt(0).toUpperCase() + last.slice(1) : own + last;
}

/**
 * The wording of bubblewrap before 0.12. An agent that tries again without /proc then continues, so the line alone stops nothing
 * (measured with Codex 0.169 and bubblewrap 0.8: the command runs). Codex looks for these three errors
 * (openai/codex codex-rs/linux-sandbox).
 */
function procRetried(procCause: string | undefined): Message {
  return {
    pattern: new RegExp(`Can't mount proc on /newroot/proc: .*(?:${DENIED}|${FORBIDDEN}|Invalid argument)`),
    gate: 'proc-mount',
    weak: true,
    cause: sentences(MASKED_CAUSE, procCause),
    remedy:
      'You can ignore this line: the sandbox starts without a fresh /proc. If commands fail, look for another error.',
  };
}

/** What bubblewrap, or unshare, prints while it sets up a sandbox, and what that means if this agent started it. */
export function bwrapMessages(agent: Agent): readonly Message[] {
  const { name, newestVersion, symptoms } = agent;
  const demands = agent.demands(newestVersion);
  const setuidRemedy = sentences(
    'Remove the setuid bit (chmod u-s on bwrap): user namespaces do not need it.',
    symptoms.setuidRemedy,
  );
  return [
    ...newerBwrapMessages(agent),
    ...MACHINE_MESSAGES,
    {
      pattern: /\bbwrap: (?:command )?not found/,
      gate: 'bwrap-available',
      cause: 'bubblewrap is not installed, or it is not on PATH.',
      remedy: 'Install the bubblewrap package in the image.',
    },
    {
      pattern: /bwrap: capset failed/,
      gate: 'bwrap-privileges',
      cause:
        'bwrap is setuid root and then needs SYS_ADMIN, SYS_CHROOT, NET_ADMIN, SETUID, SETGID and SYS_PTRACE. The container lacks at least one of these capabilities.',
      remedy: setuidRemedy,
    },
    {
      pattern: /setuid use of bubblewrap is not supported/,
      gate: 'bwrap-privileges',
      cause: 'bwrap is setuid root, and this build (0.11.2 and later) refuses to run setuid.',
      remedy: setuidRemedy,
    },
    {
      pattern: /Unexpected capabilities but not setuid/,
      gate: 'bwrap-privileges',
      cause:
        'bwrap was started with capabilities that it does not expect. Podman gives a user other than root the capabilities of --cap-add.',
      remedy: 'Remove every --cap-add (capAdd) from the container. Under Podman the sandbox needs none.',
    },
    {
      pattern: new RegExp(`${NEW_NAMESPACE}: .*(?:ENOSPC|No space left on device|nesting depth)`),
      gate: 'userns-allowed',
      cause: 'The kernel allows no more user namespaces: user.max_user_namespaces is 0, or all are in use.',
      remedy: 'Raise user.max_user_namespaces on the host (sysctl). The container and the repository cannot change it.',
    },
    {
      pattern: new RegExp(`${NEW_NAMESPACE}: .*${DENIED}`),
      gate: 'apparmor',
      cause: "The container's AppArmor profile (docker-default) blocks new user namespaces.",
      remedy: APPARMOR_REMEDY,
    },
    {
      pattern: new RegExp(`No permissions to create (?:a )?new namespace|${NEW_NAMESPACE}: .*${FORBIDDEN}`),
      gate: 'seccomp-userns',
      shared: 'userns-allowed',
      cause:
        "The container's system-call filter (seccomp) blocks new user namespaces. Docker's default profile allows them only with the capability SYS_ADMIN.",
      remedy: SECCOMP_REMEDY,
    },
    {
      pattern: /Bad system call|the kernel does not support user namespaces/,
      gate: 'seccomp-userns',
      cause: "The container's system-call filter (seccomp) ends bubblewrap, or misleads it, at a call that it needs.",
      remedy: SECCOMP_REMEDY,
    },
    {
      pattern: new RegExp(`loopback: .*(?:${DENIED}|${FORBIDDEN})`),
      gate: 'loopback',
      cause: restricted('bwrap may not set up the network inside the sandbox.'),
      remedy: remedyOutside(UBUNTU_REMEDY, MAYBE_INSIDE.remedy),
    },
    {
      pattern: new RegExp(`(?:setting up [ug]id map|/[ug]id_map): .*${DENIED}`),
      gate: 'uid-map',
      cause: restricted('bwrap may not write the user map of its user namespace.'),
      remedy: remedyOutside(UBUNTU_REMEDY, MAYBE_INSIDE.remedy),
    },
    {
      pattern: new RegExp(`(?:setting up [ug]id map|/[ug]id_map): .*${FORBIDDEN}`),
      gate: 'uid-map',
      cause: 'root may not map itself into a user namespace, because the container lacks the capability SETFCAP.',
      remedy: `Add SETFCAP (--cap-add=SETFCAP), or run ${name} as a user other than root.`,
    },
    ...(demands.proc === 'insists' ? [] : [procRetried(symptoms.procCause)]),
    {
      pattern: /mount proc on (?:\/newroot)?\/proc/,
      gate: 'proc-mount',
      cause: sentences(MASKED_CAUSE, symptoms.procCause),
      remedy: (facts) => unmasking(agent, facts),
    },
    {
      pattern: new RegExp(
        `(?:Failed to make / slave|pivot_root|cannot change root filesystem propagation|Failed to mount|Can't (?:bind )?mount|mount: ).*${DENIED}`,
      ),
      gate: 'apparmor',
      cause:
        "The container's AppArmor profile (docker-default) blocks the mounts that build the sandbox's file system.",
      remedy: APPARMOR_REMEDY,
    },
    {
      pattern: new RegExp(
        `(?:Failed to make / slave|pivot_root|un?mount old root|cannot change root filesystem propagation|Failed to mount|Can't (?:bind )?mount|mount: ).*${FORBIDDEN}`,
      ),
      gate: 'pivot-root',
      cause:
        "The container's system-call filter (seccomp) blocks pivot_root (or mount, mount_setattr, umount2). Docker's default profile blocks pivot_root whatever the capabilities.",
      remedy: SECCOMP_REMEDY,
    },
  ];
}

/**
 * What bubblewrap prints if it cannot create the entries that the agent protects in the workspace folder. Measured: each remedy, the
 * first with the dev container CLI; no capability helps root, and not even privileged helps another user. That privileged does not
 * help root is a conclusion: the powers of root end at the user namespace there too.
 */
export function workspaceMessages(agent: Agent): readonly Message[] {
  const { name, newestVersion } = agent;
  const { names } = agent.demands(newestVersion).shields;
  const shields = names.length === 0 ? '' : ` (${names.join(', ')})`;
  return [
    {
      // Measured with a workspace folder of another user: 0.8 and the bundled one say mkdir (a file: create file at), 0.12 create file.
      pattern: new RegExp(`bwrap: Can't (?:mkdir|create file(?: at)?) .*: ${DENIED}`),
      gate: 'writable-paths',
      cause: `${name}'s user may not write to the workspace folder. bwrap must create the protected entries that are missing there${shields}. In the sandbox even root needs the permission of the folder's owner, group or mode. A folder that native Linux bind-mounts belongs to the user of the host.`,
      remedy: `No option of the container helps, not even privileged. Run ${name} as the owner of the folder: a remoteUser other than root gets the number of the host's user, unless updateRemoteUserUID is false. Or give the folder to ${name}'s user (chown) or to one of its groups (chgrp, chmod g+w).`,
    },
    {
      pattern: /bwrap: Can't (?:mkdir|create file(?: at)?) .*: Read-only file system/,
      gate: 'writable-paths',
      cause: `The workspace folder is mounted read-only, but bwrap must create the protected entries that are missing there${shields}.`,
      remedy: 'Mount the workspace folder so that it is writable: without `readonly` and `ro`.',
    },
  ];
}
