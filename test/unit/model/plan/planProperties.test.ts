import assert from 'node:assert/strict';
import { setuidWorks } from '../../../../src/model/bwrap/bwrap.js';
import type { AgentRequest } from '../../../../src/model/agent/request.js';
import { isRoot, known, type Container } from '../../../../src/model/container/container.js';
import { predict } from '../../../../src/model/sandbox/predict.js';
import { DEFAULT_HOSTS, HOSTS, type Host, type HostName } from '../../../../src/model/host.js';
import { alternatives, plan, type Plan } from '../../../../src/model/plan/plan.js';
import type { Relaxation } from '../../../../src/model/plan/relaxation.js';
import { relaxation } from '../../../../src/model/plan/relaxations.js';
import { tailoredProfile } from '../../../../src/model/plan/tailored.js';
import { DOCKER_DEFAULT_PROFILE } from '../../../../src/model/seccomp/engineProfiles.js';
import { sampleOf } from '../../cases.js';
import { CODEX, bwrap, containerWith, RELAXATIONS } from '../../containers.js';

const place = { file: 'x', range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } } };

/** The capabilities of OpenAI's secure profile beyond Docker's default set. */
const THREE = ['SYS_ADMIN', 'NET_ADMIN', 'SYS_PTRACE'];

/** What a configuration may say beside its image, user and bubblewrap. */
const CONFIGURATIONS: readonly Partial<Container>[] = [
  {},
  { capDrop: [known('ALL')] },
  { capDrop: [known('SYS_CHROOT')], capAdd: [known('SYS_ADMIN')] },
  { noNewPrivileges: known(true) },
  { readOnlyRoot: known(true) },
  { readOnlyRoot: known(true), tmpfs: [known('/tmp')] },
  { seccomp: known({ kind: 'unconfined' }) },
  {
    apparmor: known({ kind: 'unconfined' }),
    seccomp: known({ kind: 'custom', file: 'x', profile: tailoredProfile(DOCKER_DEFAULT_PROFILE, CODEX) }),
  },
  {
    apparmor: known({ kind: 'named', name: 'powerless' }),
    seccomp: known({
      kind: 'custom',
      file: 'x',
      profile: {
        defaultAction: 'SCMP_ACT_ALLOW',
        syscalls: [{ names: ['unshare', 'pivot_root'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 }],
      },
    }),
  },
  // Podman: added capabilities break the sandbox of a non-root user, and some cannot be taken out again.
  { capAdd: [known('SYS_PTRACE', place)] },
  { capAdd: THREE.map((name) => known(name, place)) },
  { capAdd: [known('ALL', place)], capDrop: [known('SYS_ADMIN'), known('SETUID')] },
  { capAdd: [known('NET_ADMIN', place)], programs: [known('iptables')] },
  { capAdd: [known('NET_RAW', place), known('SYS_PTRACE')], noNewPrivileges: known(true) },
];

/** bubblewrap by distribution: none, the package in the base image or in the Dockerfile, and that one made setuid. */
function bubblewraps(container: Container): readonly Container['bwrap'][] {
  const version = container.distro.value?.version === '13' ? '0.12.0' : '0.8.0';
  const placed = <T>(value: T): { value: T; places: [typeof place] } => ({ value, places: [place] });
  return [
    container.bwrap,
    bwrap(version),
    { ...bwrap(version), presence: placed('present' as const) },
    { ...bwrap(version), presence: placed('present' as const), setuid: placed(true) },
  ];
}

const BASES: readonly Container[] = ['vscode', 'root'].flatMap((user) =>
  ['12', '13'].flatMap((version) =>
    CONFIGURATIONS.flatMap((configuration) => {
      const container = containerWith({
        ...configuration,
        user: known(user),
        distro: known({ id: 'debian', version }),
      });
      return bubblewraps(container).map((found) => ({ ...container, bwrap: found }));
    }),
  ),
);

/** One of each behaviour that needs a bubblewrap of the system; 0.130.0 is of one row with 0.169.0 (CODEX_BEHAVIOURS). */
const VERSIONS: readonly AgentRequest[] = [CODEX, { ...CODEX, version: '0.120.0' }, { ...CODEX, bundledBwrap: false }];

/** The named hosts; where there is AppArmor, a profile is loaded that grants user namespaces without any power in them. */
const ALL_HOSTS: readonly Host[] = Object.values(HOSTS).map((host) =>
  host.apparmor
    ? {
        ...host,
        apparmor: {
          ...host.apparmor,
          loadedProfiles: { ...host.apparmor.loadedProfiles, powerless: 'denies-capabilities' },
        },
      }
    : host,
);

function hostsNamed(...names: readonly HostName[]): readonly Host[] {
  return ALL_HOSTS.filter(({ name }) => names.some((n) => n === name));
}

/** Each host, the default ones, those together of which one forbids what the other needs, and all of them. */
const TARGETS: readonly (readonly Host[])[] = [
  ...ALL_HOSTS.map((host) => [host]),
  hostsNamed(...DEFAULT_HOSTS),
  hostsNamed('docker-ubuntu', 'podman'),
  hostsNamed('docker-no-unprivileged-userns', 'podman-rootful'),
  hostsNamed('docker-desktop', 'podman'),
  ALL_HOSTS.filter(({ name }) => name !== 'docker-no-userns'),
];

/** All but `privileged`, which is asked about for itself. */
const OFFERED = RELAXATIONS.filter((r) => r.id !== 'privileged');

const SETUID = bitsOf(({ id }) => id === 'bwrap-setuid' || id === 'no-new-privileges-removed');
const WIDER = bitsOf((r) => r.neverPlanned === true);

function bitsOf(chosen: (relaxation: Relaxation) => boolean): number {
  return OFFERED.reduce((bits, r, index) => (chosen(r) ? bits | (1 << index) : bits), 0);
}

/** One set of relaxations, applied. */
interface Changed {
  readonly cost: number;
  /** The indices in OFFERED as bits. */
  readonly set: number;
  readonly container: Container;
  readonly key: string;
}

/** Every set of relaxations each of which changes something in its turn, the cheapest first. */
function everyChange(container: Container, wider: boolean): readonly Changed[] {
  return OFFERED.reduce<readonly Omit<Changed, 'key'>[]>(
    (made, r, index) => [
      ...made,
      ...made
        .filter((from) => (wider || !r.neverPlanned) && r.applies(from.container))
        .map((from) => ({
          cost: from.cost + r.cost,
          set: from.set | (1 << index),
          container: r.apply(from.container),
        })),
    ],
    [{ cost: 0, set: 0, container }],
  )
    .map((change) => ({ ...change, key: keyOf(change.container) }))
    .sort((a, b) => a.cost - b.cost);
}

const profiles = new Map<unknown, number>();

/** Equal for containers that no prediction tells apart. */
function keyOf(c: Container): string {
  const seccomp = c.seccomp.value;
  const profile = seccomp?.kind === 'custom' ? seccomp.profile : seccomp?.kind;
  if (!profiles.has(profile)) profiles.set(profile, profiles.size);
  const apparmor = c.apparmor.value;
  const { presence, setuid, version } = c.bwrap;
  const lists = [c.capAdd, c.capDrop, c.tmpfs].map((list) =>
    list
      .map((v) => v.value)
      .toSorted()
      .join(),
  );
  const values = [c.user, presence, setuid, version, c.noNewPrivileges, c.maskedPaths, c.readOnlyRoot, c.privileged];
  return [
    ...values.map((v) => v.value),
    ...lists,
    c.distro.value?.version,
    profiles.get(profile),
    apparmor?.kind === 'named' ? apparmor.name : apparmor?.kind,
  ].join(' ');
}

const workingHosts = VERSIONS.map(() => new Map<string, number>());

/** The indices in ALL_HOSTS of the hosts on which it works, as bits. */
function worksOn(container: Container, version: number, key = keyOf(container)): number {
  const remembered = workingHosts[version]!;
  let bits = remembered.get(key);
  if (bits === undefined) {
    bits = ALL_HOSTS.reduce(
      (all, host, index) =>
        predict(container, host, VERSIONS[version]!).outcome === 'works' ? all | (1 << index) : all,
      0,
    );
    remembered.set(key, bits);
  }
  return bits;
}

function includes(bits: number, others: number): boolean {
  return (bits & others) === others;
}

function setOf({ relaxations }: Plan): number {
  return bitsOf(({ id }) => relaxations.some((r) => r.id === id));
}

function idsOf(set: number): string {
  return OFFERED.filter((_, index) => set & (1 << index))
    .map(({ id }) => id)
    .join();
}

/** What is wrong with the plan and the alternatives to it, by brute force; undefined when nothing is. */
function objection(
  base: Container,
  changes: readonly (Changed & { readonly works: number })[],
  hosts: readonly Host[],
  version: number,
): string | undefined {
  const codex = VERSIONS[version]!;
  const wanted = hosts.reduce((bits, host) => bits | (1 << ALL_HOSTS.indexOf(host)), 0);
  const least: Changed[] = [];
  for (const change of changes) {
    if (includes(change.works, wanted) && !least.some(({ set }) => includes(change.set, set))) least.push(change);
  }
  const found = plan(base, hosts, codex);
  const [first] = least;
  if (!found) {
    if (first) return `no plan, though this is enough: ${idsOf(first.set)}`;
    if (version > 0) return undefined;
    // What systempaths=unconfined alone would open stays closed for root, whom it hands the host.
    const handsHostOver = isRoot(base) !== false && plan({ ...base, maskedPaths: known(false) }, hosts, codex);
    if (handsHostOver) return undefined;
    const privileged = changes.find(({ container }) =>
      includes(worksOn(relaxation('privileged', CODEX).apply(container), version), wanted),
    );
    return privileged && `no plan, though this with privileged is enough: ${idsOf(privileged.set)}`;
  }
  const set = setOf(found);
  if (found.relaxations.some((r) => r.neverPlanned)) return `${idsOf(set)} is wider than anybody needs`;
  if (!least.some((change) => change.set === set)) return `${idsOf(set)} is not enough, or a part of it is`;
  if (first?.cost !== found.cost) return `${idsOf(set)} is dearer than ${idsOf(first?.set ?? 0)}`;
  if (!found.certain) return `${idsOf(set)} is called uncertain`;
  if (version > 0 || base.capDrop.length > 0) return undefined;
  const others = alternatives(base, hosts, codex);
  const expected = found.cost === 0 ? [] : least.filter((change) => !isByAccident(change)).slice(1, 4);
  if (others.map(({ cost }) => cost).join() !== expected.map(({ cost }) => cost).join()) {
    return `alternatives to ${idsOf(set)}: ${others.map((p) => idsOf(setOf(p))).join('; ')}, not ${expected.map((c) => idsOf(c.set)).join('; ')}`;
  }
  const wrong = others.find((p) => setOf(p) === set || !least.some((change) => change.set === setOf(p)));
  return wrong && `alternative to ${idsOf(set)}: ${idsOf(setOf(wrong))}`;
}

/** A bubblewrap that is setuid to no effect but that Codex takes its own instead: nothing to offer to anybody. */
function isByAccident({ set, container }: Changed): boolean {
  return (set & SETUID) !== 0 && setuidWorks(container) !== true;
}

function describe(container: Container): string {
  const { user, distro, bwrap, capAdd, capDrop, noNewPrivileges, readOnlyRoot, tmpfs, seccomp, apparmor } = container;
  const values = [user, distro, bwrap.version, bwrap.setuid, noNewPrivileges, readOnlyRoot].map((v) => v.value);
  const lists = [capAdd, capDrop, tmpfs].map((list) => list.map((v) => v.value));
  return JSON.stringify([...values, ...lists, seccomp.value?.kind, apparmor.value?.kind]);
}

suite('plan: by brute force over every set of relaxations', function () {
  this.timeout(300_000);

  test('on all hosts it is enough, no part of it is, nothing cheaper is, and there is one where anything helps', () => {
    const objections: string[] = [];
    for (const base of sampleOf(BASES, 14)) {
      // Dropped capabilities multiply the sets; what is wider than need be has nothing to do with them.
      const wider = base.capDrop.length === 0;
      const changes = everyChange(base, wider);
      VERSIONS.forEach((codex, version) => {
        // Alternatives are asked for once only; no plan takes what is wider.
        const judged = changes
          .filter(({ set }) => version === 0 || !(set & WIDER))
          .map((change) => ({ ...change, works: worksOn(change.container, version, change.key) }));
        for (const hosts of version === 0 ? TARGETS : TARGETS.slice(0, ALL_HOSTS.length)) {
          const wrong = objection(base, judged, hosts, version);
          const names = hosts.map(({ name }) => name).join();
          const { version: number, bundledBwrap } = codex;
          if (wrong) objections.push(`${names} ${describe(base)} ${number} ${String(bundledBwrap)}: ${wrong}`);
        }
      });
    }
    assert.equal(
      objections.length,
      0,
      `${String(objections.length)}, for instance:\n${objections.slice(0, 12).join('\n')}`,
    );
  });
});
