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
  'Give the container a seccomp profile that allows clone, unshare, mount, mount_setattr, umount2 and pivot_root, or start it with --security-opt=seccomp=unconfined.';
const APPARMOR_REMEDY =
  'Start the container with --security-opt=apparmor=unconfined, or with a profile loaded on the host that allows userns, mount, umount and pivot_root. Capabilities do not help.';
const UBUNTU_CAUSE =
  'Ubuntu 23.10 and later restrict user namespaces (kernel.apparmor_restrict_unprivileged_userns=1): a program without CAP_SYS_ADMIN that no AppArmor profile covers gets one without powers.';
/** The cheap ways come first (docs/how-it-works.md, "The hosts"). */
const UBUNTU_REMEDY =
  'Put a plain bubblewrap before 0.12 at /usr/bin/bwrap, not setuid, and start the container with --security-opt=apparmor=unconfined. Ubuntu 25.04 and later have an AppArmor profile for that path. On older Ubuntu hosts, load the profile bwrap-userns-restrict of the package apparmor-profiles. The last way, for hosts that nobody administers: root with SYS_ADMIN, or a setuid bwrap older than 0.11.2 with SYS_ADMIN, SYS_CHROOT, SETUID, SETGID, SYS_PTRACE and NET_ADMIN.';

function sentences(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ');
}

/** Ubuntu's restriction, or the sandbox of an agent around this one. */
function restricted(what: string): Said {
  return causeOutside(`${what} ${UBUNTU_CAUSE}`, MAYBE_INSIDE.cause);
}

const OPTION = '--security-opt=systempaths=unconfined (Podman: unmask=/proc/*)';

/**
 * As root, systempaths=unconfined hands the host over (rules/systempathsAsRoot.ts), so it must be known that it is for another
 * user. An agent that brings a bubblewrap along goes on without the package.
 */
function unmasking({ name, bundlesBwrap }: Agent, { uid }: SymptomFacts): string {
  const own = bundlesBwrap
    ? `Copy the bubblewrap that comes with ${name} to /usr/bin/bwrap. Or remove the bubblewrap package, so that ${name} uses its own: hosts with Ubuntu 25.04 and later need the copy. Or`
    : '';
  const start = `start the container with ${OPTION}`;
  if (typeof uid === 'number' && uid !== 0) return own ? `${own} ${start}.` : `Start the container with ${OPTION}.`;
  const first = own || 'One way is left:';
  return uid === 0
    ? `${first} run ${name} as a user other than root and ${start}.`
    : `${first}${own && ','} only where ${name} does not run as root, ${start}. As root that option hands the host over.`;
}

/**
 * As bubblewrap before 0.12 words it. An agent that tries again without /proc goes on then, so the line by itself stops nothing
 * (measured with Codex 0.169 and bubblewrap 0.8: the command runs). Codex looks for these three errors
 * (openai/codex codex-rs/linux-sandbox).
 */
function procRetried(procCause: string | undefined): Message {
  return {
    pattern: new RegExp(`Can't mount proc on /newroot/proc: .*(?:${DENIED}|${FORBIDDEN}|Invalid argument)`),
    gate: 'proc-mount',
    weak: true,
    cause: sentences("The container's /proc has masked paths, so the kernel refuses a fresh /proc.", procCause),
    remedy:
      'Nothing has to change for this line: the sandbox starts without a fresh /proc. If commands fail, look for another error.',
  };
}

/** What bubblewrap prints while it sets a sandbox up, and unshare with it, and what that means where this agent started it. */
export function bwrapMessages(agent: Agent): readonly Message[] {
  const { name, newestVersion, symptoms } = agent;
  const demands = agent.demands(newestVersion);
  const setuidRemedy = sentences(
    'Remove the setuid bit (chmod u-s on bwrap): user namespaces need none.',
    symptoms.setuidRemedy,
  );
  return [
    ...newerBwrapMessages(agent),
    ...MACHINE_MESSAGES,
    {
      pattern: /\bbwrap: (?:command )?not found/,
      gate: 'bwrap-available',
      cause: 'There is no bubblewrap on PATH.',
      remedy: 'Install the bubblewrap package in the image.',
    },
    {
      pattern: /bwrap: capset failed/,
      gate: 'bwrap-privileges',
      cause:
        'bwrap is setuid root, but the container lacks one of the capabilities that it then insists on: SYS_ADMIN, SYS_CHROOT, NET_ADMIN, SETUID, SETGID, SYS_PTRACE.',
      remedy: setuidRemedy,
    },
    {
      pattern: /setuid use of bubblewrap is not supported/,
      gate: 'bwrap-privileges',
      cause: 'bwrap is setuid root, and this build of it (0.11.2 and later) refuses to run so.',
      remedy: setuidRemedy,
    },
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
      cause: restricted('bwrap may not set up the network of its own network namespace.'),
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
      cause:
        'root of the container may not map itself into a user namespace, because the container lacks the capability SETFCAP.',
      remedy: `Add SETFCAP (--cap-add=SETFCAP), or run ${name} as a user who is not root.`,
    },
    ...(demands.proc === 'insists' ? [] : [procRetried(symptoms.procCause)]),
    {
      pattern: /mount proc on (?:\/newroot)?\/proc/,
      gate: 'proc-mount',
      cause: sentences(
        "The container's /proc has masked paths, so the kernel refuses a fresh /proc.",
        symptoms.procCause,
      ),
      remedy: (facts) => unmasking(agent, facts),
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
  ];
}

/**
 * What bubblewrap prints where it has to create in the workspace folder what the agent shields. Measured: each way out, the first
 * with the dev container CLI; that no capability helps root, and not even privileged another user. Of root under privileged it is
 * concluded: the powers of root end at the user namespace all the same.
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
      cause: `The user that ${name} runs as may not write to the workspace folder, and bwrap has to create there what is missing of the names that ${name} shields${shields}. In the sandbox even root may write only where owner, group or mode of the folder let it; bind-mounted on native Linux it belongs to the user of the host.`,
      remedy: `No option of the container helps, not even privileged. Run ${name} as the user that the folder belongs to: a remoteUser who is not root gets the number of the host’s user, unless updateRemoteUserUID is false. Or give the folder to the user that ${name} runs as (chown), or to one of its groups (chgrp, chmod g+w).`,
    },
    {
      pattern: /bwrap: Can't (?:mkdir|create file(?: at)?) .*: Read-only file system/,
      gate: 'writable-paths',
      cause: `The workspace folder is mounted read-only, and bwrap has to create in it what ${name} shields there${shields} and is missing.`,
      remedy: 'Mount the workspace folder so that it can be written to: without `readonly` and `ro`.',
    },
  ];
}
