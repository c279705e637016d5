import { ERRORS } from '../bwrap/errors.js';
import type { Gate } from '../gates.js';
import type { Host } from '../host.js';

/** What the administrator of a host can do where nothing in a repository helps, or far less than in a repository. */
export interface HostChange {
  /** As the end of a sentence that begins with "on the host,". */
  readonly summary: string;
  /** What it gives away, a sentence. */
  readonly cost: string;
  /** The file to put on the host. */
  readonly file: { readonly path: string; readonly text: string };
  /** To be run on the host, as root, in this order. */
  readonly commands: readonly string[];
  /** How the repository refers to it; undefined where it need not. */
  readonly reference: string | undefined;
  /** A second way, in the same form. */
  readonly otherwise?: HostChange;
}

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
const SANDBOX_PROFILE_TEXT = `# A container in which Codex's sandbox starts: nearly as strict as docker-default, but for what bubblewrap needs.
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

const USERNS_PROFILE_TEXT = `# A container without AppArmor's protection, but with a name: the restriction strikes only what is labelled "unconfined".
abi <abi/4.0>,
include <tunables/global>

profile ${USERNS_PROFILE} flags=(unconfined) {
  userns,
}
`;

function loadedProfile(name: string, text: string): Pick<HostChange, 'file' | 'commands' | 'reference'> {
  const path = `/etc/apparmor.d/${name}`;
  return {
    file: { path, text },
    commands: [`apparmor_parser -r ${path}`],
    reference:
      `"securityOpt": ["apparmor=${name}"] beside the tailored seccomp profile. Hosts without AppArmor ignore it; ` +
      'hosts with AppArmor on which the profile is not loaded refuse to start the container.',
  };
}

const RESTRICTED: HostChange = {
  summary: `load an AppArmor profile that grants userns (apparmor=${SANDBOX_PROFILE})`,
  cost: 'Gives the containers that name it user namespaces and mounts in them; the rest of docker-default’s protection stays in kind.',
  ...loadedProfile(SANDBOX_PROFILE, SANDBOX_PROFILE_TEXT),
  otherwise: {
    summary: `load a profile that is unconfined but for its name (apparmor=${USERNS_PROFILE})`,
    cost: 'Gives the containers that name it all that apparmor=unconfined gives, and user namespaces.',
    ...loadedProfile(USERNS_PROFILE, USERNS_PROFILE_TEXT),
  },
};

function sysctl(setting: string, file: string, cost: string): HostChange {
  const path = `/etc/sysctl.d/${file}`;
  return {
    summary: `set the sysctl ${setting}`,
    cost,
    file: { path, text: `${setting}\n` },
    commands: [`sysctl -p ${path}`],
    reference: undefined,
  };
}

const NO_UNPRIVILEGED_USERNS = sysctl(
  'kernel.unprivileged_userns_clone=1',
  '60-unprivileged-userns.conf',
  'Opens the kernel’s user-namespace attack surface to every user and every container of the host that seccomp lets at it.',
);

const NO_USERNS = sysctl(
  'user.max_user_namespaces=15000',
  '60-user-namespaces.conf',
  'Opens the kernel’s user-namespace attack surface to whoever kernel.unprivileged_userns_clone, AppArmor and seccomp leave it to.',
);

/** What to change on a host on which the sandbox fails at that gate with that error; undefined where the host is not the cause. */
export function hostChangeFor(host: Host, gate: Gate, error: string): HostChange | undefined {
  switch (gate) {
    case 'userns-allowed':
      if (!host.anyUserns) return NO_USERNS;
      return host.unprivilegedUserns ? undefined : NO_UNPRIVILEGED_USERNS;
    case 'loopback':
    case 'uid-map':
      return host.apparmor?.restrictsUnprivilegedUserns && error !== ERRORS.uidMap ? RESTRICTED : undefined;
    default:
      return undefined;
  }
}

/** The changes as a rule's page shows them, for hosts that restrict user namespaces and for those that have none. */
export const HOST_CHANGES = {
  restricted: RESTRICTED,
  noUnprivilegedUserns: NO_UNPRIVILEGED_USERNS,
  noUserns: NO_USERNS,
} as const;

/** A host change as text, one line an element: what, the file, the commands, the reference, the price. */
export function hostChangeLines(change: HostChange): readonly string[] {
  const { summary, cost, file, commands, reference, otherwise } = change;
  return [
    `On the host, ${summary}. ${cost}`,
    `  ${file.path}:`,
    ...file.text.trimEnd().split('\n').map(indented),
    '  then, as root:',
    ...commands.map(indented),
    ...(reference === undefined ? [] : [`  and in devcontainer.json: ${reference}`]),
    ...(otherwise ? ['Or, where that is not enough:', ...hostChangeLines(otherwise)] : []),
  ];
}

/** The same as Markdown, for the rules' pages. */
export function hostChangeMarkdown(change: HostChange): string {
  const { summary, cost, file, commands, reference, otherwise } = change;
  return [
    `On the host, ${summary}. ${cost}`,
    `\`${file.path}\`:`,
    `\`\`\`\n${file.text.trimEnd()}\n\`\`\``,
    `Then, as root: ${commands.map((command) => `\`${command}\``).join(', ')}.`,
    ...(reference === undefined ? [] : [`In devcontainer.json: ${reference}`]),
    ...(otherwise ? ['Or:', hostChangeMarkdown(otherwise)] : []),
  ].join('\n\n');
}

function indented(line: string): string {
  return line === '' ? '' : `    ${line}`;
}
