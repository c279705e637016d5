import fc from 'fast-check';
import type { AgentRequest } from '../../src/model/agent/request.js';
import { known, type Container, type Sourced } from '../../src/model/container/container.js';
import type { SeccompProfile } from '../../src/model/seccomp/profile.js';
import { tailoredProfile } from '../../src/model/plan/tailored.js';
import { DOCKER_DEFAULT_PROFILE, PODMAN_DEFAULT_PROFILE } from '../../src/model/seccomp/engineProfiles.js';
import { containerWith, CODEX } from '../unit/containers.js';
import { IMAGES, imageOf, type Versions } from './generatedImages.js';

/** One container to be judged by the model and by the kernel. */
export interface Generated {
  readonly container: Container;
  readonly codex: AgentRequest;
  /** What `docker run` gets beyond what the model knows of: it must make no difference. */
  readonly more: readonly string[];
}

/** The same values in every run, so that what fails once fails again; GENERATED_SEED=1 draws others. */
const SEED = Number(process.env['GENERATED_SEED'] ?? 20_261_121);
/** Rows from which the covering ones are taken. */
const CANDIDATES = 4000;
/** GENERATED=200 looks at more of them. */
const COUNT = Number(process.env['GENERATED'] ?? 60);

const place = { file: 'Dockerfile', range: { start: { line: 1, character: 0 }, end: { line: 1, character: 1 } } };
const values = (...names: readonly string[]): readonly Sourced<string>[] => names.map((name) => known(name));

const CAPABILITIES: Readonly<Record<string, Pick<Container, 'capAdd' | 'capDrop'>>> = {
  'default capabilities': { capAdd: [], capDrop: [] },
  '+SYS_ADMIN': { capAdd: values('SYS_ADMIN'), capDrop: [] },
  '+NET_ADMIN': { capAdd: values('NET_ADMIN'), capDrop: [] },
  '+three of a setuid bwrap': { capAdd: values('SYS_ADMIN', 'NET_ADMIN', 'SYS_PTRACE'), capDrop: [] },
  '+ALL': { capAdd: values('ALL'), capDrop: [] },
  '+ALL -SETFCAP': { capAdd: values('ALL'), capDrop: values('SETFCAP') },
  '-ALL': { capAdd: [], capDrop: values('ALL') },
  '-ALL +SYS_ADMIN': { capAdd: values('SYS_ADMIN'), capDrop: values('ALL') },
  '-ALL +SETFCAP': { capAdd: values('SETFCAP'), capDrop: values('ALL') },
  '-SETFCAP': { capAdd: [], capDrop: values('SETFCAP') },
  '-SYS_CHROOT +three': { capAdd: values('SYS_ADMIN', 'NET_ADMIN', 'SYS_PTRACE'), capDrop: values('SYS_CHROOT') },
  '-MKNOD -NET_RAW': { capAdd: [], capDrop: values('MKNOD', 'NET_RAW') },
};

const ROOTS = ['writable', 'read-only', 'read-only but /tmp', 'read-only but ~/.codex', 'read-only but both'] as const;

function rootOf(kind: (typeof ROOTS)[number], user: string): Pick<Container, 'readOnlyRoot' | 'tmpfs'> {
  const home = user === 'root' ? '/root' : `/home/${user}`;
  const tmp = values('/tmp');
  const codex = values(`${home}/.codex:mode=1777`);
  const tmpfs = {
    writable: [],
    'read-only': [],
    'read-only but /tmp': tmp,
    'read-only but ~/.codex': codex,
    'read-only but both': [...tmp, ...codex],
  };
  return { readOnlyRoot: known(kind !== 'writable'), tmpfs: tmpfs[kind] };
}

const FIVE = ['clone', 'unshare', 'mount', 'umount2', 'pivot_root'] as const;
const plus = (...rules: SeccompProfile['syscalls']): SeccompProfile => ({
  ...DOCKER_DEFAULT_PROFILE,
  syscalls: [...DOCKER_DEFAULT_PROFILE.syscalls, ...rules],
});
const allow = (...names: readonly string[]): SeccompProfile['syscalls'][number] => ({
  names,
  action: 'SCMP_ACT_ALLOW',
});
/** Everything is allowed but one call, which is refused as the action says. */
const allBut = (names: readonly string[], action: string, more: object = {}): SeccompProfile => ({
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [{ names, action, ...more }],
});

const PROFILES: Readonly<Record<string, SeccompProfile>> = {
  'a copy of Docker’s profile': DOCKER_DEFAULT_PROFILE,
  'Podman’s profile': PODMAN_DEFAULT_PROFILE,
  'the tailored profile': tailoredProfile(DOCKER_DEFAULT_PROFILE, CODEX),
  ...Object.fromEntries(
    FIVE.map((name) => [`a profile without ${name}`, plus(allow(...FIVE.filter((other) => other !== name)))]),
  ),
  'a profile without mount and pivot_root': plus(allow('clone', 'unshare', 'umount2')),
  'a profile that denies mount': allBut(['mount'], 'SCMP_ACT_ERRNO', { errnoRet: 1 }),
  'a profile that denies pivot_root with ENOSYS': allBut(['pivot_root'], 'SCMP_ACT_ERRNO', { errnoRet: 38 }),
  'a profile that denies unshare': allBut(['unshare'], 'SCMP_ACT_ERRNO'),
  'a profile that kills at umount2': allBut(['umount2'], 'SCMP_ACT_KILL_PROCESS'),
  'a profile that allows five but mount with ENOSYS': plus(
    { names: ['mount'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 },
    allow(...FIVE),
  ),
};

function seccompOf(name: string): Container['seccomp'] {
  if (name === 'default' || name === 'unconfined') return known({ kind: name });
  return known({ kind: 'custom', file: 'seccomp.json', profile: PROFILES[name] });
}

/** Codex's versions with each behaviour that starts bubblewrap (src/model/agents/codex/versions.ts). */
export const VERSIONS = ['0.115.0', '0.120.0', '0.130.0', '0.169.0'] as const;

const row = fc
  .record({
    image: fc.constantFrom(...IMAGES),
    user: fc.constantFrom('root', 'vscode'),
    capabilities: fc.constantFrom(...Object.keys(CAPABILITIES)),
    privileged: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    noNewPrivileges: fc.boolean(),
    root: fc.constantFrom(...ROOTS),
    seccomp: fc.oneof(
      fc.constantFrom('default', 'unconfined'),
      fc.constantFrom('default', 'unconfined', ...Object.keys(PROFILES)),
    ),
    maskedPaths: fc.boolean(),
    network: fc.constantFrom('bridge', 'none', 'host'),
    version: fc.constantFrom(...VERSIONS),
    codexNetwork: fc.constantFrom('restricted' as const, 'full' as const),
    bundledBwrap: fc.boolean(),
  })
  // A machine that is a guest itself does not start containers with all capabilities as root; a custom profile under
  // --privileged is not judged at all (sandbox/kernel.ts).
  .filter(({ user, privileged, capabilities }) => user !== 'root' || !(privileged || capabilities.startsWith('+ALL')))
  .filter(({ privileged, seccomp }) => !privileged || seccomp === 'default' || seccomp === 'unconfined');

type Row = typeof row extends fc.Arbitrary<infer T> ? T : never;

/** Every two values of a row, each pair as one text. */
function pairs(candidate: Row): readonly string[] {
  const parts = Object.entries(candidate).map(([key, value]) => `${key}=${value}`);
  return parts.flatMap((part, at) => parts.slice(at + 1).map((other) => `${part}&${other}`));
}

/**
 * So many rows of which each adds as many pairs of values as it can to those before it: two options that go wrong only
 * together are found with few containers.
 */
function covering(count: number): readonly Row[] {
  const open = fc.sample(row, { seed: SEED, numRuns: CANDIDATES }).map((value) => ({ value, pairs: pairs(value) }));
  const covered = new Set<string>();
  return Array.from({ length: count }, () => {
    const gains = open.map((candidate) => candidate.pairs.filter((pair) => !covered.has(pair)).length);
    const [best] = open.splice(gains.indexOf(Math.max(...gains)), 1);
    if (!best) throw new Error(`There are no ${count} rows.`);
    for (const pair of best.pairs) covered.add(pair);
    return best.value;
  });
}

/** The containers that are measured, without what is known only once the images are there. */
export const GENERATED: readonly Row[] = covering(COUNT);

/** A row for people. */
export function describe(row: Row): string {
  const { image, user, capabilities, privileged, root, maskedPaths, noNewPrivileges, seccomp } = row;
  const { version, network, codexNetwork, bundledBwrap } = row;
  return [
    `Codex ${version}${bundledBwrap ? '' : ' alone'} with ${codexNetwork} network`,
    `${image} as ${user}`,
    capabilities,
    `${seccomp} seccomp`,
    ...(privileged ? ['privileged'] : []),
    ...(noNewPrivileges ? ['no-new-privileges'] : []),
    ...(root === 'writable' ? [] : [root]),
    ...(maskedPaths ? [] : ['systempaths']),
    `network ${network}`,
  ].join(', ');
}

/**
 * The container that a row stands for.
 * @param versions what `bwrap --version` says in the images
 */
export function resolve(row: Row, versions: Versions): Generated {
  const { image, user, capabilities, privileged, root, maskedPaths, noNewPrivileges, seccomp } = row;
  const { version, network, codexNetwork, bundledBwrap } = row;
  return {
    codex: { agent: CODEX.agent, version, network: codexNetwork, bundledBwrap },
    more: [`--network=${network}`],
    container: containerWith({
      ...imageOf(image, versions, place),
      ...CAPABILITIES[capabilities],
      ...rootOf(root, user),
      user: known(user),
      privileged: known(privileged),
      noNewPrivileges: known(noNewPrivileges),
      maskedPaths: known(maskedPaths),
      seccomp: seccompOf(seccomp),
    }),
  };
}
