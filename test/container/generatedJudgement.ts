import { boundingSet } from '../../src/model/container/capabilities.js';
import { type Container, known } from '../../src/model/container/container.js';
import { ERRORS } from '../../src/model/bwrap/errors.js';
import { predict } from '../../src/model/sandbox/predict.js';
import { HOSTS } from '../../src/model/host.js';
import { plan } from '../../src/model/plan/plan.js';
import type { Relaxation, RelaxationId } from '../../src/model/plan/relaxation.js';
import type { SeccompProfile } from '../../src/model/seccomp/profile.js';
import { DOCKER_DEFAULT_PROFILE } from '../../src/model/seccomp/engineProfiles.js';
import { diagnose } from '../../src/model/sandbox/symptoms.js';
import { allowsCall } from '../unit/allowsCall.js';
import type { Generated } from './generatedContainers.js';
import type { Laboratory, Measured } from './generatedRun.js';
import { BWRAP_CALLS, RELAXATIONS } from '../unit/containers.js';

/** What came of one container: how much was checked, and a line for each thing that the model says and the kernel does not. */
export interface Judgement {
  readonly checks: number;
  readonly planned: 'nothing' | 'something' | 'impossible';
  readonly disagreements: readonly string[];
}

/** The machine that the suite needs: Docker without AppArmor. */
const HOST = HOSTS['docker-desktop'];

/** Compares all that the model says of a container with what Codex does. */
export async function judge(generated: Generated, laboratory: Laboratory): Promise<Judgement> {
  const { container, codex, more } = generated;
  const disagreements: string[] = [];
  let checks = 0;
  const expect = (what: string, holds: boolean, seen: string): void => {
    checks += 1;
    if (!holds) disagreements.push(`${what}; seen: ${seen}`);
  };
  /** Measures a container, and checks what is predicted for it. */
  const measure = async (what: string, variant: Container): Promise<Measured> => {
    const measured = await laboratory.measure(variant, codex, more);
    const { outcome, gate, error } = predict(variant, HOST, codex);
    const seen = `${measured.outcome} ${measured.error}`;
    expect(`${what}: predicted ${outcome} ${error ?? ''}`, agrees(measured, outcome, error), seen);
    // Of a bwrap that seccomp has killed there is no text to be understood.
    if (measured.outcome === 'fails' && measured.error !== ERRORS.killed) {
      const found = diagnose(measured.error, measured.facts)?.gate;
      expect(`${what}: predicted gate ${String(gate)}`, found === gate, `${String(found)}: ${measured.error}`);
    }
    return measured;
  };

  await measure('as it is', container);
  const planned = plan(container, [HOST], codex);
  if (!planned) {
    for (const [what, variant] of mostRelaxed(container)) {
      const { outcome, error } = await measure(what, variant);
      expect(`${what}: there is no plan, so it fails`, outcome === 'fails', `${outcome} ${error}`);
    }
    return { checks, disagreements, planned: 'impossible' };
  }

  const { relaxations } = planned;
  const ids = relaxations.map(({ id }) => id).join(' + ');
  const after = await measure(`with ${ids}`, apply(container, relaxations));
  expect(`with ${ids}: works`, after.outcome === 'works', `${after.outcome} ${after.error}`);
  expect(`with ${ids}: is a sandbox`, isSandbox(after), JSON.stringify(after));
  for (const [what, variant] of takenBack(container, relaxations)) {
    const title = `with ${ids}, without ${what}`;
    const { outcome, error } = await measure(title, variant);
    expect(`${title}: fails`, outcome === 'fails', `${outcome} ${error}`);
  }
  return { checks, disagreements, planned: relaxations.length > 0 ? 'something' : 'nothing' };
}

/** Codex puts some messages between lines of its own. */
function agrees(measured: Measured, outcome: string, error: string | undefined): boolean {
  return measured.outcome === outcome && (outcome === 'works' || measured.error.split('\n').includes(error ?? ''));
}

/** It can write to the workspace and to nothing else, though without the sandbox it could. */
function isSandbox({ inside, outsideIsWritable }: Measured): boolean {
  return outsideIsWritable && inside.includes('WRITES') && !inside.includes('ESCAPES');
}

function apply(container: Container, relaxations: readonly Relaxation[]): Container {
  return relaxations.reduce((changed, r) => r.apply(changed), container);
}

type Variants = readonly (readonly [what: string, variant: Container])[];

/** The container under all of the plan but one thing, for each thing that it relaxes. */
function takenBack(container: Container, relaxations: readonly Relaxation[]): Variants {
  const single = relaxations.map((taken) => {
    const others = relaxations.filter((r) => r !== taken);
    return [taken.id, apply(container, others)] as const;
  });
  return [...single, ...(relaxations.some(({ id }) => id === 'seccomp-tailored') ? calls(container, relaxations) : [])];
}

/** The same for each system call that the tailored profile allows and the one before it does not. */
function calls(container: Container, relaxations: readonly Relaxation[]): Variants {
  const after = apply(container, relaxations);
  const tailored = profileOf(after);
  const before = profileOf(container) ?? DOCKER_DEFAULT_PROFILE;
  if (!tailored) return [];
  const capabilities = boundingSet(after);
  return Object.values(BWRAP_CALLS)
    .filter((call) => allowsCall(tailored, call, capabilities) && !allowsCall(before, call, capabilities))
    .map(({ name }) => {
      const profile = withCallOf(tailored, before, name);
      const seccomp = known({ kind: 'custom' as const, file: 'seccomp.json', profile });
      return [`the system call ${name}`, { ...after, seccomp }];
    });
}

function profileOf({ seccomp }: Container): SeccompProfile | undefined {
  return seccomp.value?.kind === 'custom' ? seccomp.value.profile : undefined;
}

/** The profile with one system call treated as another profile treats it. */
function withCallOf(profile: SeccompProfile, other: SeccompProfile, name: string): SeccompProfile {
  const rest = profile.syscalls.map((rule) => ({ ...rule, names: rule.names?.filter((n) => n !== name) ?? [] }));
  const rules = other.syscalls.filter((rule) => rule.names?.includes(name)).map((rule) => ({ ...rule, names: [name] }));
  return { ...profile, syscalls: [...rest.filter(({ names }) => names.length > 0), ...rules] };
}

/** Everything at once that a plan could do, once with each thing that can be done about bubblewrap, but for `privileged`. */
function mostRelaxed(container: Container): Variants {
  const ids: readonly (RelaxationId | undefined)[] = [
    undefined,
    ...RELAXATIONS.map(({ id }) => id).filter((id) => id.startsWith('bwrap-')),
  ];
  return ids.flatMap((id) =>
    [true, false].map((withCapabilities) => {
      const set = RELAXATIONS.filter(
        (r) =>
          r.id === id ||
          !(r.id.startsWith('bwrap-') || r.id === 'privileged' || (!withCapabilities && r.id.startsWith('cap-'))),
      );
      const what = `with all relaxations, with ${id ?? 'bwrap as it is'}, ${withCapabilities ? 'with' : 'without'} capabilities`;
      return [what, set.reduce((c, r) => (r.applies(c) ? r.apply(c) : c), container)] as const;
    }),
  );
}
