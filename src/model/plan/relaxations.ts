import { agentHome, type AgentRequest } from '../agent/request.js';
import { packagedBwrap, supportsSetuid } from '../bwrap/bwrap.js';
import { hasCapability } from '../container/capabilities.js';
import { reasonsFor } from '../container/capabilityReasons.js';
import { isRoot, known, type AppArmor, type Container } from '../container/container.js';
import { writable } from '../container/writable.js';
import { GATES, type Gate } from '../gates.js';
import { canBeCopied, copiedBwrap } from './copiedBwrap.js';
import type { Relaxation, RelaxationId } from './relaxation.js';
import { tailoredFor, TAILORED_PROFILE_FILE } from './tailored.js';

/** Whether the files install it and show nothing beside the agent that starts it. */
function removableBwrap({ bwrap, otherSandboxes = [] }: Container): boolean {
  return bwrap.presence.value === 'present' && bwrap.presence.places.length > 0 && otherSandboxes.length === 0;
}

/**
 * Whether the files add capabilities and all that are added can be taken out of them again. A program or a device that the
 * files show to need one is a reason to keep it: its user has to choose, not a plan.
 */
function removableCapabilities(container: Container): boolean {
  const { capAdd } = container;
  return (
    capAdd.length > 0 &&
    capAdd.every(
      ({ value, places }) => value !== undefined && places.length > 0 && reasonsFor(container, value).length === 0,
    )
  );
}

/** Where only a bwrap that holds SYS_ADMIN passes: root with it, or a setuid one with its capabilities. */
const NEEDS_PRIVILEGED_BWRAP: readonly Gate[] = ['userns-allowed', 'loopback', 'uid-map'];

/** Where a profile that the host attaches to a plain bubblewrap by its path lets it pass, if there is one. */
const NEEDS_ATTACHED_PROFILE: readonly Gate[] = ['loopback', 'uid-map'];

/** The profile of that name in AppArmor 4's own package: unconfined but for its name, with `userns,`. */
export const RUNC_PROFILE = 'runc';

function isRunc(profile: AppArmor): boolean {
  return profile.kind === 'named' && profile.name === RUNC_PROFILE;
}

/** What does the same whoever starts bubblewrap. */
const COMMON: readonly Relaxation[] = [
  {
    id: 'bwrap-not-setuid',
    title: 'bubblewrap without setuid',
    givesAway: '',
    cost: 1,
    against: ['bwrap-available', 'bwrap-privileges', ...NEEDS_ATTACHED_PROFILE],
    applies: (c) => c.bwrap.setuid.value === true && c.bwrap.setuid.places.length > 0,
    apply: (c) => ({ ...c, bwrap: { ...c.bwrap, setuid: known(false) } }),
  },
  {
    id: 'capabilities-removed',
    title: 'the added capabilities removed',
    givesAway: '',
    cost: 2,
    against: ['bwrap-privileges'],
    applies: removableCapabilities,
    apply: (c) => ({ ...c, capAdd: [] }),
  },
  {
    id: 'bwrap-installed',
    title: 'bubblewrap from the distribution',
    givesAway: '',
    cost: 2,
    against: ['bwrap-available', ...NEEDS_ATTACHED_PROFILE],
    applies: (c) => c.bwrap.presence.value === 'absent' && c.distro.value !== undefined,
    apply: (c) => ({ ...c, bwrap: installed(c, false) }),
  },
  {
    id: 'tmpfs-tmp',
    title: 'a tmpfs on /tmp',
    givesAway: '',
    cost: 2,
    against: ['writable-paths'],
    applies: (c) => c.readOnlyRoot.value === true && !writable(c, '/tmp'),
    apply: (c) => ({ ...c, tmpfs: [...c.tmpfs, known('/tmp')] }),
  },
  {
    id: 'no-new-privileges-removed',
    title: 'no-new-privileges removed',
    givesAway: 'lets setuid programs gain privileges',
    cost: 8,
    against: ['bwrap-privileges', ...NEEDS_PRIVILEGED_BWRAP],
    onRequest: true,
    applies: (c) => c.noNewPrivileges.value === true,
    apply: (c) => ({ ...c, noNewPrivileges: known(false) }),
  },
  {
    id: 'apparmor-unconfined',
    title: 'apparmor=unconfined',
    givesAway: "disables Docker's AppArmor profile for this container",
    cost: 20,
    // userns-allowed: a named profile may grant the namespace and refuse it the powers.
    against: ['userns-allowed', 'apparmor'],
    // A profile that the author named is a hardening of this container.
    onRequest: (c) => c.apparmor.value?.kind === 'named',
    applies: (c) => c.apparmor.value !== undefined && c.apparmor.value.kind !== 'unconfined',
    apply: (c) => ({ ...c, apparmor: known({ kind: 'unconfined' }) }),
  },
  {
    id: 'apparmor-runc',
    title: 'apparmor=runc',
    givesAway: 'needs the AppArmor profile runc on the host: Debian 12 has none and refuses to start the container',
    // More than apparmor=unconfined and a plain bubblewrap, which every host starts.
    cost: 26,
    // The restriction strikes only what is labelled `unconfined`, so it passes that as well (measured under an emulation).
    against: ['userns-allowed', 'apparmor', ...NEEDS_ATTACHED_PROFILE],
    onRequest: true,
    startsOn: ({ apparmor }) => !apparmor || Object.hasOwn(apparmor.loadedProfiles, RUNC_PROFILE),
    // With apparmor=unconfined the container starts on every host, which is not to be taken away from it.
    isFor: ({ apparmor }) => apparmor.value?.kind !== 'unconfined',
    applies: (c) => c.apparmor.value !== undefined && !isRunc(c.apparmor.value),
    apply: (c) => ({ ...c, apparmor: known({ kind: 'named', name: RUNC_PROFILE }) }),
  },
  {
    id: 'bwrap-setuid',
    title: 'a setuid bubblewrap',
    givesAway: 'adds a program that runs as root, within reach of the agent',
    cost: 25,
    // bwrap-privileges: of the capabilities that Podman hands on, a setuid bwrap with its own takes no notice (measured).
    against: ['bwrap-available', 'bwrap-privileges', ...NEEDS_PRIVILEGED_BWRAP],
    onRequest: true,
    // To root, and under no-new-privileges, the bit is nothing.
    applies: (c) =>
      isRoot(c) !== true &&
      c.noNewPrivileges.value !== true &&
      c.distro.value !== undefined &&
      supportsSetuid(versionAfterInstall(c)) === true &&
      c.bwrap.setuid.value === false,
    apply: (c) => ({ ...c, bwrap: installed(c, true) }),
  },
  {
    id: 'systempaths-unconfined',
    title: 'systempaths=unconfined',
    givesAway: 'removes the masks of /proc and /sys in this container',
    cost: 30,
    against: ['proc-mount'],
    // As root it hands the host over (rules/systempathsAsRoot.ts), so it must be known that the agent is not root.
    applies: (c) => c.maskedPaths.value !== false && isRoot(c) === false && c.user.why === undefined,
    apply: (c) => ({ ...c, maskedPaths: known(false) }),
  },
  {
    id: 'seccomp-unconfined',
    title: 'seccomp=unconfined',
    givesAway: "disables Docker's system-call filter (seccomp) for this container",
    cost: 40,
    against: ['seccomp-userns', 'pivot-root'],
    neverPlanned: true,
    applies: (c) => c.seccomp.value?.kind !== 'unconfined',
    apply: (c) => ({ ...c, seccomp: known({ kind: 'unconfined' }) }),
  },
  {
    id: 'privileged',
    title: 'privileged',
    givesAway: 'makes root in the container root on the host',
    cost: 10_000,
    against: GATES,
    neverPlanned: true,
    onRequest: true,
    applies: (c) => c.privileged.value !== true,
    apply: (c) => ({ ...c, privileged: known(true) }),
  },
];

/** A setuid bwrap without its capabilities is none that an agent can use: bwrap-available, where no other is there. */
const NEEDS_SETUID_BWRAP: readonly Gate[] = ['bwrap-available', 'bwrap-privileges', ...NEEDS_PRIVILEGED_BWRAP];

function capability(name: string, cost: number, givesAway: string, against: readonly Gate[]): Relaxation {
  return {
    id: `cap-${name}`,
    title: `capability ${name}`,
    givesAway,
    cost,
    against,
    // It gives root more power, or lifts a cap-drop.
    onRequest: true,
    applies: (c) => hasCapability(c, name) === false,
    apply(c) {
      const kept = { ...c, capDrop: c.capDrop.filter((d) => d.value !== name) };
      // Podman breaks on an addition, not on what is no longer dropped.
      return hasCapability(kept, name) === true ? kept : { ...kept, capAdd: [...c.capAdd, known(name)] };
    },
  };
}

/** Capabilities that a plan may add: those in Docker's default set give nothing away and are only removed from the dropped ones. */
const CAPABILITIES: readonly Relaxation[] = [
  capability('SETFCAP', 3, '', ['uid-map']),
  capability('SETUID', 3, '', NEEDS_SETUID_BWRAP),
  capability('SETGID', 3, '', NEEDS_SETUID_BWRAP),
  capability('SYS_CHROOT', 3, '', NEEDS_SETUID_BWRAP),
  capability('SYS_PTRACE', 50, 'lets root trace every process in the container', NEEDS_SETUID_BWRAP),
  capability('NET_ADMIN', 50, "lets root change the container's network configuration", NEEDS_SETUID_BWRAP),
  capability('SYS_ADMIN', 300, 'makes root in the container nearly root on the host', NEEDS_SETUID_BWRAP),
];

/** What depends on the agent: on its own bubblewrap, its folder and its calls. */
function ofAgent(request: AgentRequest): readonly Relaxation[] {
  const { agent } = request;
  const { name, homeFolder } = agent;
  return [
    {
      id: 'bwrap-copied',
      title: `the bubblewrap of ${name} copied to /usr/bin/bwrap`,
      givesAway: "replaces the distribution's updates of bubblewrap: only a rebuild renews the copy",
      // Less than to do without one on PATH: hosts whose AppArmor knows bubblewrap by its path let only the copy pass.
      cost: 4,
      against: ['writable-paths', 'bwrap-privileges', 'loopback', 'uid-map', 'proc-mount'],
      applies: (c) => canBeCopied(c, request),
      apply: (c) => ({ ...c, bwrap: copiedBwrap(request) }),
    },
    {
      id: 'bwrap-removed',
      title: `the bubblewrap that comes with ${name} instead of the distribution's`,
      givesAway: `uses the bubblewrap that comes with ${name}, which may lack the distribution's latest fixes`,
      // More than a tmpfs on the agent's folder and the setuid bit together, which give nothing away.
      cost: 5,
      against: ['writable-paths', 'bwrap-available', 'bwrap-privileges', 'pivot-root', 'proc-mount'],
      applies: removableBwrap,
      apply: (c) => ({
        ...c,
        bwrap: c.bwrap.beneath ?? { presence: known('absent'), setuid: known(false), version: known('') },
      }),
    },
    {
      id: 'tmpfs-codex-home',
      title: `a tmpfs on ~/${homeFolder}`,
      givesAway: '',
      cost: 3,
      against: ['writable-paths'],
      applies: (c) => c.readOnlyRoot.value === true && c.user.value !== undefined && !writable(c, agentHome(agent, c)),
      apply: (c) => ({ ...c, tmpfs: [...c.tmpfs, known(`${agentHome(agent, c)}:mode=1777`)] }),
    },
    {
      id: 'seccomp-tailored',
      title: 'a tailored seccomp profile',
      givesAway: 'lets programs in this container create user namespaces',
      cost: 10,
      against: ['seccomp-userns', 'pivot-root'],
      applies: (c) => c.seccomp.value !== undefined && c.seccomp.value.kind !== 'unconfined',
      apply: (c) => ({
        ...c,
        seccomp: known({ kind: 'custom', file: TAILORED_PROFILE_FILE, profile: tailoredFor(c, request) }),
      }),
    },
  ];
}

const relaxationsByRequest = new WeakMap<AgentRequest, readonly Relaxation[]>();

/** All relaxations for what an agent asks, the cheapest first. */
export function relaxationsFor(request: AgentRequest): readonly Relaxation[] {
  const made =
    relaxationsByRequest.get(request) ??
    [...ofAgent(request), ...COMMON, ...CAPABILITIES].sort((a, b) => a.cost - b.cost);
  relaxationsByRequest.set(request, made);
  return made;
}

/** The relaxation of that id. @throws Error when there is none. */
export function relaxation(id: RelaxationId, request: AgentRequest): Relaxation {
  const found = relaxationsFor(request).find((r) => r.id === id);
  if (!found) throw new Error(`no relaxation ${id}`);
  return found;
}

/** The prices of a set of relaxations, each once, the dearest first; what has none is not named. */
export function givenAway(ids: readonly RelaxationId[], request: AgentRequest): readonly string[] {
  return relaxationsFor(request)
    .filter((r) => ids.includes(r.id) && r.givesAway !== '')
    .map((r) => r.givesAway)
    .reverse();
}

/** The version of bubblewrap that is there, else of the one that the distribution's packages would install. */
export function versionAfterInstall(container: Container): string | undefined {
  const { presence, version } = container.bwrap;
  const { value: distro } = container.distro;
  return presence.value === 'present' ? version.value : distro && packagedBwrap(distro.id, distro.version);
}

function installed(container: Container, setuid: boolean): Container['bwrap'] {
  return {
    presence: known('present'),
    setuid: known(setuid),
    version: { value: versionAfterInstall(container), places: [] },
  };
}
