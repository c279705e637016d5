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
    givesAway: 'the guarantee that no setuid program gains privileges',
    cost: 8,
    against: ['bwrap-privileges', ...NEEDS_PRIVILEGED_BWRAP],
    onRequest: true,
    applies: (c) => c.noNewPrivileges.value === true,
    apply: (c) => ({ ...c, noNewPrivileges: known(false) }),
  },
  {
    id: 'apparmor-unconfined',
    title: 'apparmor=unconfined',
    givesAway: 'docker-default’s denials of mounts and of writes below /proc and /sys',
    cost: 20,
    // userns-allowed: a named profile may grant the namespace and refuse it the powers.
    against: ['userns-allowed', 'apparmor'],
    applies: (c) => c.apparmor.value !== undefined && c.apparmor.value.kind !== 'unconfined',
    apply: (c) => ({ ...c, apparmor: known({ kind: 'unconfined' }) }),
  },
  {
    id: 'apparmor-runc',
    title: 'apparmor=runc',
    givesAway:
      'the start of the container on hosts with AppArmor 3 (Debian 12), and docker-default’s denials on the others',
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
    givesAway: 'a helper that runs as root, in the agent’s reach',
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
    givesAway: 'the masks on /proc/kcore, /proc/keys, /sys/firmware and the read-only /proc/sys',
    cost: 30,
    against: ['proc-mount'],
    // As root it hands the host over (rules/systempathsAsRoot.ts), so it must be known that the agent is not root.
    applies: (c) => c.maskedPaths.value !== false && isRoot(c) === false,
    apply: (c) => ({ ...c, maskedPaths: known(false) }),
  },
  {
    id: 'seccomp-unconfined',
    title: 'seccomp=unconfined',
    givesAway: 'the whole system call filter (keyctl, userfaultfd, io_uring, AF_ALG, …)',
    cost: 40,
    against: ['seccomp-userns', 'pivot-root'],
    neverPlanned: true,
    applies: (c) => c.seccomp.value?.kind !== 'unconfined',
    apply: (c) => ({ ...c, seccomp: known({ kind: 'unconfined' }) }),
  },
  {
    id: 'privileged',
    title: 'privileged',
    givesAway: 'everything: root in the container is root on the host',
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

function capability(
  name: string,
  cost: number,
  givesAway: string,
  against: readonly Gate[],
  onRequest?: true,
): Relaxation {
  return {
    id: `cap-${name}`,
    title: `capability ${name}`,
    givesAway,
    cost,
    against,
    ...(onRequest && { onRequest }),
    applies: (c) => hasCapability(c, name) === false,
    apply(c) {
      const kept = { ...c, capDrop: c.capDrop.filter((d) => d.value !== name) };
      // Podman breaks on an addition, not on what is no longer dropped.
      return hasCapability(kept, name) === true ? kept : { ...kept, capAdd: [...c.capAdd, known(name)] };
    },
  };
}

/** Capabilities that a plan may add: those in Docker's default set give nothing away and are only taken out of the dropped ones. */
const CAPABILITIES: readonly Relaxation[] = [
  capability('SETFCAP', 3, '', ['uid-map']),
  capability('SETUID', 3, '', NEEDS_SETUID_BWRAP),
  capability('SETGID', 3, '', NEEDS_SETUID_BWRAP),
  capability('SYS_CHROOT', 3, '', NEEDS_SETUID_BWRAP),
  capability('SYS_PTRACE', 50, 'tracing of every process in the container, for root', NEEDS_SETUID_BWRAP),
  capability('NET_ADMIN', 50, 'the container’s network configuration, for root', NEEDS_SETUID_BWRAP),
  capability(
    'SYS_ADMIN',
    300,
    'nearly all that keeps root in the container from being root on the host',
    NEEDS_SETUID_BWRAP,
    true,
  ),
];

/** What depends on the agent: on its own bubblewrap, its folder and its calls. */
function ofAgent(request: AgentRequest): readonly Relaxation[] {
  const { agent } = request;
  const { name, homeFolder } = agent;
  return [
    {
      id: 'bwrap-copied',
      title: `the bubblewrap of ${name} copied to /usr/bin/bwrap`,
      givesAway: 'updates of bubblewrap from the distribution: only a rebuild renews the copy',
      // Less than to do without one on PATH: hosts whose AppArmor knows bubblewrap by its path let only the copy pass.
      cost: 4,
      against: ['writable-paths', 'bwrap-privileges', 'loopback', 'uid-map', 'proc-mount'],
      applies: (c) => canBeCopied(c, request),
      apply: (c) => ({ ...c, bwrap: copiedBwrap(request) }),
    },
    {
      id: 'bwrap-removed',
      title: `the bubblewrap that comes with ${name} instead of the distribution’s`,
      givesAway: `the distribution’s newer bubblewrap: the one that comes with ${name} may lack its latest fixes`,
      // More than a tmpfs on the agent's folder and the setuid bit together, which give nothing away.
      cost: 5,
      against: ['writable-paths', 'bwrap-available', 'bwrap-privileges', 'pivot-root', 'proc-mount'],
      applies: removableBwrap,
      apply: (c) => ({ ...c, bwrap: { presence: known('absent'), setuid: known(false), version: known('') } }),
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
      givesAway: 'the kernel’s user-namespace attack surface, in this container',
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

/** What a set of relaxations gives away, each thing once, the dearest first; what gives nothing away is not named. */
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
