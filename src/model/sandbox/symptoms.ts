import type { Gate } from '../gates.js';

/** What is known of the machine on which an error text appeared; each decides between causes that share a text. */
export interface SymptomFacts {
  /** `Seccomp:` of /proc/self/status: 0 no filter, 2 a filter. */
  readonly seccomp?: number | null | undefined;
  /** /proc/sys/user/max_user_namespaces. */
  readonly maxUserNamespaces?: number | null | undefined;
  /** /proc/sys/kernel/unprivileged_userns_clone. */
  readonly unprivilegedUsernsClone?: number | null | undefined;
  /** Of the user that the text is about, in the container. */
  readonly uid?: number | null | undefined;
}

/** What an error text means. */
export interface Symptom {
  readonly gate: Gate;
  /** Other gates that print the same text and that the facts at hand do not rule out. */
  readonly alternatives: readonly Gate[];
  /** The line that says so. */
  readonly error: string;
  /** Why it happens: sentences. */
  readonly cause: string;
  /** What to do: sentences. */
  readonly remedy: string;
}

/** One known message: bubblewrap's, Codex's, or unshare's, which makes the same system calls. */
interface Message {
  readonly pattern: RegExp;
  readonly gate: Gate;
  readonly cause: string;
  /** A function where it depends on the machine or on the user. */
  readonly remedy: string | ((facts: SymptomFacts) => string);
  /** Counts only when no other line of the text means anything: Codex prints it and goes on. */
  readonly weak?: true;
  /** Another gate that prints the same. */
  readonly shared?: Gate;
}

/** EACCES: AppArmor (or another security module) said no. */
const DENIED = '(?:Permission denied|EACCES)';
/** EPERM: seccomp said no, or a capability is missing. ENOSYS: a seccomp profile that says no in this way. */
const FORBIDDEN = '(?:Operation not permitted|EPERM|Function not implemented|ENOSYS)';

/** bwrap with one call (clone), bwrap with a second user namespace, unshare of util-linux in two versions, unshare of busybox. */
const NEW_NAMESPACE =
  '(?:Creating new namespace failed|unshare user ns|unshare failed|unshare\\(0x[0-9a-f]+\\)(?: failed)?)';

/** Longer lines are no error messages; the cut keeps the time for a hostile text in bounds. */
const LONGEST_LINE = 2000;

const SECCOMP_REMEDY =
  'Give the container a seccomp profile that allows clone, unshare, mount, mount_setattr, umount2 and pivot_root, or start it with --security-opt=seccomp=unconfined.';
const APPARMOR_REMEDY =
  'Start the container with --security-opt=apparmor=unconfined, or with a profile loaded on the host that allows userns, mount, umount and pivot_root. Capabilities do not help.';
const UBUNTU_CAUSE =
  'A new user namespace has no powers here: Ubuntu 23.10 and later (kernel.apparmor_restrict_unprivileged_userns=1) take them away from programs without CAP_SYS_ADMIN that no AppArmor profile covers.';
const UBUNTU_REMEDY =
  'Use a setuid bwrap older than 0.11.2 with SYS_ADMIN, SYS_CHROOT, SETUID, SETGID, SYS_PTRACE and NET_ADMIN added to the container, or run as root with SYS_ADMIN; or have the host load an AppArmor profile with `userns,` for the container, or lift the restriction.';
const SETUID_REMEDY =
  'Remove the setuid bit (chmod u-s on bwrap): user namespaces need none. Or update Codex: 0.130 and later use their own bwrap instead.';

/**
 * Measured: each way out, the first with the dev container CLI; that no capability helps root, and not even privileged another
 * user. Of root under privileged it is concluded: the powers of root end at the user namespace all the same.
 */
const WORKSPACE_CAUSE =
  'The user that Codex runs as may not write to the workspace folder, and bwrap has to create there what is missing of the names that Codex shields (.git, .agents, .codex, .aws). In the sandbox even root may write only where owner, group or mode of the folder let it; bind-mounted on native Linux it belongs to the user of the host.';
const WORKSPACE_REMEDY =
  'No option of the container helps, not even privileged. Run Codex as the user that the folder belongs to: a remoteUser who is not root gets the number of the host’s user, unless updateRemoteUserUID is false. Or give the folder to the user that Codex runs as (chown), or to one of its groups (chgrp, chmod g+w).';

/** As root, systempaths=unconfined hands the host over (rules/systempathsAsRoot.ts), so it must be known that it is for another user. */
function unmasking({ uid }: SymptomFacts): string {
  const leave = 'Remove the bubblewrap package, so that Codex uses the one that it brings along.';
  const unmask = '--security-opt=systempaths=unconfined (Podman: unmask=/proc/*)';
  if (uid === 0) return `${leave} Or run Codex as a user other than root and start the container with ${unmask}.`;
  return typeof uid === 'number'
    ? `Start the container with ${unmask}, or remove the bubblewrap package so that Codex uses the one that it brings along.`
    : `${leave} Or, only where Codex does not run as root, start the container with ${unmask}. As root that option hands the host over.`;
}

/** In the order in which they are tried on a line. Wordings differ between versions of bubblewrap and between distributions. */
const MESSAGES: readonly Message[] = [
  {
    pattern: /bubblewrap is unavailable|no system bwrap was found|\bbwrap: (?:command )?not found/,
    gate: 'bwrap-available',
    cause: 'There is no bubblewrap: none on PATH that Codex can use, and none beside the Codex executable.',
    remedy: 'Install the bubblewrap package in the image, or install Codex from npm, whose package brings its own.',
  },
  {
    pattern: /bwrap: Unknown option --argv0/,
    gate: 'bwrap-available',
    cause: 'Codex 0.116.0 passes --argv0 to the bwrap on PATH, which knows that option from 0.9 on only.',
    remedy:
      'Update Codex: 0.117.0 and later do without. Or leave the bubblewrap package out of the image, so that Codex starts its own.',
  },
  {
    pattern: /bwrap: capset failed/,
    gate: 'bwrap-privileges',
    cause:
      'bwrap is setuid root, but the container lacks one of the capabilities that it then insists on: SYS_ADMIN, SYS_CHROOT, NET_ADMIN, SETUID, SETGID, SYS_PTRACE.',
    remedy: SETUID_REMEDY,
  },
  {
    pattern: /setuid use of bubblewrap is not supported/,
    gate: 'bwrap-privileges',
    cause: 'bwrap is setuid root, and this build of it (0.11.2 and later) refuses to run so.',
    remedy: SETUID_REMEDY,
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
    pattern: new RegExp(`(?:setting up [ug]id map|/[ug]id_map): .*${FORBIDDEN}`),
    gate: 'uid-map',
    cause:
      'root of the container may not map itself into a user namespace, because the container lacks the capability SETFCAP.',
    remedy: 'Add SETFCAP (--cap-add=SETFCAP), or run Codex as a user who is not root.',
  },
  {
    pattern: /mount proc on (?:\/newroot)?\/proc/,
    gate: 'proc-mount',
    cause:
      "The container's /proc has masked paths, so the kernel refuses a fresh /proc. Codex does without one where bwrap is older than 0.12; from 0.12 on it does not recognise the message.",
    remedy: unmasking,
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
    pattern:
      /(?:error building bubblewrap command|synthetic bubblewrap mount registry .*): .*(?:Read-only file system|os error 30)/,
    gate: 'writable-paths',
    cause: 'The root file system of the container is read-only, and Codex has no temporary folder to write to.',
    remedy: 'Mount a tmpfs on /tmp and on the home folder (--tmpfs), or do not make the container read-only.',
  },
  {
    pattern: /\bError: Read-only file system \(os error 30\)/,
    gate: 'writable-paths',
    cause:
      'The root file system of the container is read-only, and this version of Codex has to write to its home (~/.codex).',
    remedy: 'Mount a tmpfs on /tmp and on the home folder (--tmpfs), or do not make the container read-only.',
  },
  {
    pattern: /execvp .*codex-linux-sandbox: No such file/,
    gate: 'writable-paths',
    cause:
      'Codex could not create its helper links, because its home (~/.codex) cannot be written to or lies below the temporary folder; a bwrap older than 0.9 needs them.',
    remedy:
      'Make the home folder writable for the user that Codex runs as (a tmpfs needs uid=… for a user who is not root), and keep HOME and CODEX_HOME out of /tmp.',
  },
  {
    // Measured with a workspace folder of another user: 0.8 and the bundled one say mkdir (a file: create file at), 0.12 create file.
    pattern: new RegExp(`bwrap: Can't (?:mkdir|create file(?: at)?) .*: ${DENIED}`),
    gate: 'writable-paths',
    cause: WORKSPACE_CAUSE,
    remedy: WORKSPACE_REMEDY,
  },
  {
    pattern: /bwrap: Can't (?:mkdir|create file(?: at)?) .*: Read-only file system/,
    gate: 'writable-paths',
    cause:
      'The workspace folder is mounted read-only, and bwrap has to create in it what Codex shields there (.git, .agents, .codex, .aws) and is missing.',
    remedy: 'Mount the workspace folder so that it can be written to: without `readonly` and `ro`.',
  },
  {
    pattern: /could not create PATH aliases: .*Read-only file system/,
    gate: 'writable-paths',
    weak: true,
    cause: 'The home folder of the container is read-only, so Codex cannot create its helper links.',
    remedy: 'Mount a tmpfs on /tmp and on the home folder (--tmpfs), or do not make the container read-only.',
  },
];

const USERNS_SWITCHED_OFF = {
  gate: 'userns-allowed',
  cause:
    'The kernel does not allow user namespaces to programs without CAP_SYS_ADMIN (Debian: kernel.unprivileged_userns_clone=0).',
  remedy: 'Set kernel.unprivileged_userns_clone=1 on the host (sysctl); inside the container it cannot be set.',
} as const;

/**
 * Seccomp and the kernel's own switch print the same. No filter: it is the switch. A filter, and the switch is on: it is
 * the filter. Otherwise both are possible, and the filter, which nearly every container has, comes first.
 */
function decideShared(message: Message, shared: Gate, error: string, facts: SymptomFacts): Symptom {
  if (facts.seccomp === 0) return { ...USERNS_SWITCHED_OFF, alternatives: [], error };
  const onlySeccomp = facts.seccomp === 2 && facts.unprivilegedUsernsClone !== 0;
  const remedy = remedyOf(message, facts);
  const also =
    facts.unprivilegedUsernsClone === 0
      ? ' Moreover the host has kernel.unprivileged_userns_clone=0, which forbids them as well.'
      : '';
  return {
    gate: message.gate,
    alternatives: onlySeccomp ? [] : [shared],
    error,
    cause: message.cause + also,
    remedy: also ? `${remedy} ${USERNS_SWITCHED_OFF.remedy}` : remedy,
  };
}

function remedyOf({ remedy }: Message, facts: SymptomFacts): string {
  return typeof remedy === 'string' ? remedy : remedy(facts);
}

/** Codex tries again without /proc when bwrap prints `on /newroot/proc`, so that line alone decides nothing. */
function isRecoverable(line: string): boolean {
  return line.includes("Can't mount proc on /newroot/proc");
}

/**
 * Every gate that an error text speaks of, in the order of its lines; each once. The text may be any log that holds the
 * messages of bubblewrap, Codex or unshare: prefixes, colours and other lines do not matter.
 */
export function diagnoseAll(text: string, facts: SymptomFacts = {}): readonly Symptom[] {
  const found: { readonly message: Message; readonly symptom: Symptom; readonly weak: boolean }[] = [];
  for (const raw of text.split(/\r\n|\r|\n/)) {
    const line = raw.slice(0, LONGEST_LINE).replaceAll(/[’‘]/g, "'").trim();
    const message = MESSAGES.find((m) => m.pattern.test(line));
    if (!message || found.some((f) => f.message === message)) continue;
    const symptom = message.shared
      ? decideShared(message, message.shared, line, facts)
      : { gate: message.gate, alternatives: [], error: line, cause: message.cause, remedy: remedyOf(message, facts) };
    found.push({ message, symptom, weak: message.weak === true || isRecoverable(line) });
  }
  return [...found.filter((f) => !f.weak), ...found.filter((f) => f.weak)].map((f) => f.symptom);
}

/** What an error text means; undefined when it holds no known message. The first message that stopped the sandbox counts. */
export function diagnose(text: string, facts: SymptomFacts = {}): Symptom | undefined {
  return diagnoseAll(text, facts)[0];
}
