import { isRoot, type Container } from '../../src/model/container/container.js';

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
