import { isRoot, type Container } from '../../src/model/container/container.js';
import { boundingSet, hasCapability } from '../../src/model/container/capabilities.js';
import { BWRAP_CALL_NAMES, NEWER_BWRAP_CALLS, USUAL_BWRAP_CALLS } from '../../src/model/bwrap/calls.js';
import { answerTo } from '../../src/model/seccomp/answers.js';
import { namesOf, type SeccompProfile } from '../../src/model/seccomp/profile.js';

/** What nobody gets who has not asked for it by name: nothing that is done unasked may make this list longer. */
export function powersOf(container: Container): readonly string[] {
  const { privileged, capAdd, bwrap, noNewPrivileges, maskedPaths } = container;
  // What replaces privileged is less than it.
  if (privileged.value === true) return ['privileged'];
  return [
    ...(capAdd.some(({ value }) => value === 'SYS_ADMIN' || value === 'ALL') ? ['SYS_ADMIN'] : []),
    ...(bwrap.setuid.value === true ? ['a setuid bubblewrap'] : []),
    ...(noNewPrivileges.value === true ? [] : ['new privileges']),
    ...(maskedPaths.value === false && isRoot(container) !== false ? ['systempaths=unconfined for root'] : []),
  ];
}

/** The powers that a container has beyond those that it had. */
export function powersGained(before: Container, after: Container): readonly string[] {
  const had = powersOf(before);
  return had.includes('privileged') ? [] : powersOf(after).filter((power) => !had.includes(power));
}

/** What its author has hardened in a container, and is no longer so: nothing that is done unasked may. */
export function hardeningLost(before: Container, after: Container): readonly string[] {
  const dropped = before.capDrop.flatMap(({ value }) => value ?? []);
  const kept = after.capDrop.map(({ value }) => value);
  const [was, is] = [before.apparmor.value, after.apparmor.value];
  return [
    ...(before.noNewPrivileges.value === true && after.noNewPrivileges.value !== true ? ['no-new-privileges'] : []),
    ...dropped.filter((name) => !kept.includes(name)).map((name) => `cap-drop ${name}`),
    ...[...boundingSet(after)]
      .filter((name) => before.privileged.value !== true && hasCapability(before, name) === false)
      .map((name) => `lack of ${name}`),
    ...(was?.kind === 'named' && !(is?.kind === 'named' && is.name === was.name)
      ? [`AppArmor profile ${was.name}`]
      : []),
    ...seccompLost(before, after),
  ];
}

/** What bubblewrap needs: it may be allowed in a profile, and nothing else. */
const BUBBLEWRAP: readonly string[] = [...BWRAP_CALL_NAMES, ...NEWER_BWRAP_CALLS, ...USUAL_BWRAP_CALLS];

function seccompLost(before: Container, after: Container): readonly string[] {
  const [was, is] = [before.seccomp.value, after.seccomp.value];
  if (was?.kind !== 'custom' || !was.profile) return [];
  if (is?.kind !== 'custom' || is.file !== was.file || !is.profile) return [`seccomp profile ${was.file}`];
  const [old, now] = [was.profile, is.profile];
  const isOpened = (name: string): boolean =>
    answerTo(old, { name }, new Set()).allowed !== true && answerTo(now, { name }, new Set()).allowed === true;
  return callsIn(old, now)
    .filter((name) => !BUBBLEWRAP.includes(name) && isOpened(name))
    .map((name) => `refusal of ${name}`);
}

function callsIn(...profiles: readonly SeccompProfile[]): readonly string[] {
  return [...new Set(profiles.flatMap(({ syscalls }) => syscalls.flatMap(namesOf)))];
}
