import assert from 'node:assert/strict';
import type { Codex } from '../../../src/model/codex.js';
import { known, type Container } from '../../../src/model/container.js';
import { predict } from '../../../src/model/gates.js';
import { DEFAULT_HOSTS, HOSTS, type Host } from '../../../src/model/host.js';
import { plan } from '../../../src/model/plan.js';
import { RELAXATIONS, type Relaxation } from '../../../src/model/relaxations.js';
import { tailoredProfile } from '../../../src/model/seccomp.js';
import { DOCKER_DEFAULT_PROFILE } from '../../../src/model/seccompProfiles.js';
import { bwrap, CODEX, containerWith } from '../containers.js';

const place = { file: 'x', range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } } };

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
    seccomp: known({ kind: 'custom', file: 'x', profile: tailoredProfile(DOCKER_DEFAULT_PROFILE) }),
  },
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
const VERSIONS: readonly Codex[] = ['0.120.0', '0.169.0'].map((version) => ({ ...CODEX, version }));
const BARE: Codex = { ...CODEX, bundledBwrap: false };

const PLANNED = RELAXATIONS.filter((r) => !r.neverPlanned);

interface Changed {
  readonly cost: number;
  readonly container: Container;
  readonly ids: readonly string[];
}

const START: Omit<Changed, 'container'> = { cost: 0, ids: [] };

function changed(from: Changed, relaxation: Relaxation): Changed {
  return {
    cost: from.cost + relaxation.cost,
    container: relaxation.apply(from.container),
    ids: [...from.ids, relaxation.id],
  };
}

/** Every order of every set: relaxations of bubblewrap build on one another. */
function orders(from: Changed, relaxations: readonly Relaxation[]): readonly Changed[] {
  return [
    from,
    ...relaxations
      .filter((r) => r.applies(from.container))
      .flatMap((r) =>
        orders(
          changed(from, r),
          relaxations.filter((other) => other !== r),
        ),
      ),
  ];
}

/** Every set, in one order: relaxations of different things do not depend on each other. */
function subsets(from: Changed, relaxations: readonly Relaxation[]): readonly Changed[] {
  return relaxations.reduce<readonly Changed[]>(
    (made, r) => [...made, ...made.filter((m) => r.applies(m.container)).map((m) => changed(m, r))],
    [from],
  );
}

function isAboutBwrap(relaxation: Relaxation): boolean {
  return relaxation.id.startsWith('bwrap-');
}

const changesOf = new WeakMap<Container, readonly Changed[]>();

/** Every container that planned relaxations can make of this one, the cheapest first. */
function everyChange(container: Container): readonly Changed[] {
  const remembered = changesOf.get(container);
  if (remembered) return remembered;
  const bwraps = new Map<string, Changed>();
  for (const made of orders({ ...START, container }, PLANNED.filter(isAboutBwrap)).toSorted(
    (a, b) => a.cost - b.cost,
  )) {
    const key = JSON.stringify(made.container.bwrap);
    if (!bwraps.has(key)) bwraps.set(key, made);
  }
  const others = PLANNED.filter((r) => !isAboutBwrap(r));
  const changes = [...bwraps.values()].flatMap((from) => subsets(from, others)).sort((a, b) => a.cost - b.cost);
  changesOf.set(container, changes);
  return changes;
}

function works(container: Container, hosts: readonly Host[], codex: Codex): boolean {
  return hosts.every((host) => predict(container, host, codex).outcome === 'works');
}

/** What is wrong with the plan of a container, by brute force; undefined when nothing is. */
function objection(
  container: Container,
  changes: readonly Changed[],
  hosts: readonly Host[],
  codex: Codex,
): string | undefined {
  const found = plan(container, hosts, codex);
  const sufficient = changes.find((change) => works(change.container, hosts, codex));
  if (!found) return sufficient && `no plan, though this is enough: ${sufficient.ids.join()}`;
  const ids = found.relaxations.map((r) => r.id).join();
  if (found.relaxations.some((r) => r.neverPlanned)) return `${ids} is wider than anybody needs`;
  const parts = subsets({ ...START, container }, found.relaxations);
  const least = parts.filter((part) => works(part.container, hosts, codex));
  if (!least.some((part) => part.ids.length === found.relaxations.length)) return `${ids} is not enough`;
  const part = least.find(({ ids }) => ids.length < found.relaxations.length);
  if (part) return `of ${ids} this is enough: ${part.ids.join()}`;
  if (sufficient?.cost !== found.cost) return `${ids} is dearer than ${sufficient?.ids.join() ?? 'nothing'}`;
  return undefined;
}

function describe(container: Container): string {
  const { user, distro, bwrap, capAdd, capDrop, noNewPrivileges, readOnlyRoot, tmpfs, seccomp, apparmor } = container;
  const values = [user, distro, bwrap.version, bwrap.setuid, noNewPrivileges, readOnlyRoot].map((v) => v.value);
  const lists = [capAdd, capDrop, tmpfs].map((list) => list.map((v) => v.value));
  return JSON.stringify([...values, ...lists, seccomp.value?.kind, apparmor.value?.kind]);
}

function assertNoObjection(objections: readonly string[]): void {
  assert.equal(
    objections.length,
    0,
    `${String(objections.length)} plans, for instance:\n${objections.slice(0, 8).join('\n')}`,
  );
}

suite('plan: by brute force over every set of relaxations', function () {
  this.timeout(60_000);

  for (const hosts of [...Object.values(HOSTS).map((host) => [host]), DEFAULT_HOSTS.map((name) => HOSTS[name])]) {
    const names = hosts.map((host) => host.name).join(', ');
    test(`${names}: it is enough, no part of it is, nothing cheaper is, and there is one where anything helps`, () => {
      const objections: string[] = [];
      for (const base of BASES) {
        // Podman: added capabilities break the sandbox. What helps is to take them away (rule podman-added-capabilities),
        // which is no relaxation; a setuid bubblewrap with yet more capabilities would be one, and no plan takes it.
        if (base.capAdd.length > 0 && hosts.some((host) => host.ambientCapabilities)) continue;
        const changes = everyChange(base);
        for (const codex of hosts.length > 1 ? [CODEX] : [...VERSIONS, BARE]) {
          const wrong = objection(base, changes, hosts, codex);
          if (wrong) objections.push(`${describe(base)} ${codex.version}: ${wrong}`);
        }
      }
      assertNoObjection(objections);
    });
  }
});
