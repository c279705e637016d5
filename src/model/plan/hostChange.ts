import { ERRORS } from '../bwrap/errors.js';
import type { Gate } from '../gates.js';
import { PACKAGED_BWRAP_PATH } from '../bwrapPath.js';
import { isRoot, type Container } from '../container/container.js';
import type { Host } from '../host.js';
import {
  BUNDLED_BWRAP_PROFILE,
  BUNDLED_BWRAP_TEXT,
  SANDBOX_PROFILE,
  SANDBOX_PROFILE_TEXT,
  SYSTEM_BWRAP_PROFILE,
  SYSTEM_BWRAP_TEXT,
  USERNS_PROFILE,
  USERNS_PROFILE_TEXT,
} from './hostProfiles.js';

/** What the administrator of a host can do where nothing in a repository helps, or far less than in a repository. */
export interface HostChange {
  /** As the end of a sentence that begins with "on the host,", or behind "On the host:". */
  readonly summary: string;
  /** What it gives away, a sentence. */
  readonly cost: string;
  /** The file to put on the host; undefined where a package of the host brings it. */
  readonly file: { readonly path: string; readonly text: string } | undefined;
  /** To be run on the host, as root, in this order. */
  readonly commands: readonly string[];
  /** How the repository refers to it; undefined where it need not. */
  readonly reference: string | undefined;
  /** A second way, in the same form. */
  readonly otherwise?: HostChange;
}

type Installation = Pick<HostChange, 'file' | 'commands'>;

function loaded(name: string, text: string): Installation {
  const path = `/etc/apparmor.d/${name}`;
  return { file: { path, text }, commands: [`apparmor_parser -r ${path}`] };
}

function loadedProfile(name: string, text: string): Installation & Pick<HostChange, 'reference'> {
  return {
    ...loaded(name, text),
    reference:
      `"securityOpt": ["apparmor=${name}"] beside the tailored seccomp profile. Hosts without AppArmor ignore it. ` +
      'Hosts with AppArmor on which the profile is not loaded refuse to start the container.',
  };
}

const RESTRICTED: HostChange = {
  summary: `load an AppArmor profile that grants userns (apparmor=${SANDBOX_PROFILE})`,
  cost: "Gives the containers that name it user namespaces and mounts in them. The rest of docker-default's protection stays.",
  ...loadedProfile(SANDBOX_PROFILE, SANDBOX_PROFILE_TEXT),
  otherwise: {
    summary: `load a profile that is unconfined but for its name (apparmor=${USERNS_PROFILE})`,
    cost: 'Gives the containers that name it all that apparmor=unconfined gives, and user namespaces.',
    ...loadedProfile(USERNS_PROFILE, USERNS_PROFILE_TEXT),
  },
};

const OPEN_CONTAINER = '"securityOpt": ["apparmor=unconfined"] beside the tailored seccomp profile';

/**
 * For containers that start the bubblewrap of the image. Ubuntu 24.04 has the profile in the package apparmor-profiles, and Codex's own
 * documentation loads it with these commands (reported).
 */
const SYSTEM_BWRAP: HostChange = {
  summary: 'load the AppArmor profile bwrap-userns-restrict, as Ubuntu 25.04 and later do',
  cost: `Gives ${PACKAGED_BWRAP_PATH} user namespaces on the whole host, also in containers with apparmor=unconfined.`,
  file: undefined,
  commands: [
    'apt-get install -y apparmor-profiles',
    'install -m 0644 /usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/',
    'apparmor_parser -r /etc/apparmor.d/bwrap-userns-restrict',
  ],
  reference: `${OPEN_CONTAINER}. The image needs a bubblewrap before 0.12 at ${PACKAGED_BWRAP_PATH}, not setuid.`,
  otherwise: {
    summary: 'load a profile that does the same, where that package is not available. Never load both',
    cost: `Gives ${PACKAGED_BWRAP_PATH} and what it starts user namespaces on the whole host, also in containers with apparmor=unconfined.`,
    ...loaded(SYSTEM_BWRAP_PROFILE, SYSTEM_BWRAP_TEXT),
    reference: `${OPEN_CONTAINER}.`,
    otherwise: RESTRICTED,
  },
};

/** For containers that start the bubblewrap that comes with Codex: nothing in them has to change for it. */
const BUNDLED_BWRAP: HostChange = {
  summary: 'load an AppArmor profile for the bubblewrap that comes with Codex',
  cost: 'Gives every program of that path user namespaces on the whole host, also in containers with apparmor=unconfined.',
  ...loaded(BUNDLED_BWRAP_PROFILE, BUNDLED_BWRAP_TEXT),
  reference: `${OPEN_CONTAINER}.`,
  otherwise: RESTRICTED,
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
  'Lets every user of the host create user namespaces, and every container whose seccomp profile allows it.',
);

const NO_USERNS = sysctl(
  'user.max_user_namespaces=15000',
  '60-user-namespaces.conf',
  'Allows user namespaces again, as far as the other settings of the host, AppArmor and seccomp allow them.',
);

/**
 * What to change on a host on which the sandbox of this container fails at that gate with that error; undefined where the host is not
 * the cause.
 */
export function hostChangeFor(host: Host, gate: Gate, error: string, container: Container): HostChange | undefined {
  switch (gate) {
    case 'userns-allowed':
      if (!host.anyUserns) return NO_USERNS;
      return host.unprivilegedUserns ? undefined : NO_UNPRIVILEGED_USERNS;
    case 'loopback':
    case 'uid-map':
      return host.apparmor?.restrictsUnprivilegedUserns && error !== ERRORS.uidMap
        ? profileFor(host.apparmor.attachedTo ?? [], container)
        : undefined;
    default:
      return undefined;
  }
}

function profileFor(attachedTo: readonly string[], container: Container): HostChange {
  const { bwrap, noNewPrivileges } = container;
  // A setuid one is not taken where it cannot work (docs/how-it-works.md, "Which bubblewrap Codex starts"): to root the bit is nothing.
  const isSetuid = bwrap.setuid.value === true && isRoot(container) !== true && noNewPrivileges.value !== true;
  if (bwrap.presence.value === 'absent' || isSetuid) return BUNDLED_BWRAP;
  // Loaded, and of no help here: bubblewrap is elsewhere.
  return attachedTo.includes(PACKAGED_BWRAP_PATH) ? RESTRICTED : SYSTEM_BWRAP;
}

/** The changes as a rule's page shows them, for hosts that restrict user namespaces and for those that have none. */
export const HOST_CHANGES = {
  systemBwrap: SYSTEM_BWRAP,
  bundledBwrap: BUNDLED_BWRAP,
  restricted: RESTRICTED,
  noUnprivilegedUserns: NO_UNPRIVILEGED_USERNS,
  noUserns: NO_USERNS,
} as const;

/** How many ways of a host change are shown as text: the rule's page has them all. */
const MOST_WAYS = 2;

/** A host change as text, one line an element: what, the file, the commands, the reference, the price. */
export function hostChangeLines(change: HostChange, most = MOST_WAYS): readonly string[] {
  const { summary, cost, file, commands, reference, otherwise } = change;
  return [
    `On the host: ${summary}. ${cost}`,
    ...(file ? [`  ${file.path}:`, ...file.text.trimEnd().split('\n').map(indented)] : []),
    file ? '  then, as root:' : '  as root:',
    ...commands.map(indented),
    ...(reference === undefined ? [] : [`  and in devcontainer.json: ${reference}`]),
    ...(otherwise && most > 1 ? ['Or, where that is not enough:', ...hostChangeLines(otherwise, most - 1)] : []),
  ];
}

/** The same as Markdown, for the rules' pages: one way. */
export function hostChangeMarkdown(change: HostChange): string {
  const { summary, cost, file, commands, reference } = change;
  return [
    `On the host: ${summary}. ${cost}`,
    ...(file ? [`\`${file.path}\`:`, `\`\`\`\n${file.text.trimEnd()}\n\`\`\``] : []),
    `${file ? 'Then, as' : 'As'} root:`,
    `\`\`\`sh\n${commands.join('\n')}\n\`\`\``,
    ...(reference === undefined ? [] : [`In devcontainer.json: ${reference}`]),
  ].join('\n\n');
}

/** All ways of a host change as Markdown, the first that is to be tried first. */
export function hostChangesMarkdown(change: HostChange): string {
  const { otherwise } = change;
  return [hostChangeMarkdown(change), ...(otherwise ? ['Or:', hostChangesMarkdown(otherwise)] : [])].join('\n\n');
}

function indented(line: string): string {
  return line === '' ? '' : `    ${line}`;
}
