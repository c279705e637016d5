import { fitting, MAX_TITLE } from '../../model/headline.js';
import { displayNames } from '../../model/host.js';
import type { Plan } from '../../model/plan/plan.js';
import type { Relaxation, RelaxationId } from '../../model/plan/relaxation.js';
import { relaxation } from '../../model/plan/relaxations.js';
import type { AgentRequest } from '../../model/agent/request.js';
import { list } from '../../model/wordList.js';
import type { RuleContext } from './rule.js';
import { areForReview } from './unasked.js';
import { describe } from './wording.js';

/** "Docker Desktop and Ubuntu 24.04 hosts": what people call hosts, in a sentence. */
export function hostsOf(names: readonly string[]): string {
  return list(displayNames(names).map((name) => (/^Ubuntu( [\d.]+)?$/.test(name) ? `${name} hosts` : name)));
}

/** "1 change", "2 unknowns". */
export function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/**
 * The title of a repair that nobody has to ask for.
 * @param hosts the names of its hosts
 * @param others those that it does not help
 */
export function repairTitle(
  agent: string,
  changes: number,
  hosts: readonly string[],
  others: readonly string[],
): string {
  const size = `(${counted(changes, 'change')})`;
  if (others.length === 0) return `Make ${agent} work here ${size}`;
  return fitting(
    MAX_TITLE,
    `Make ${agent} work on ${hostsOf(hosts)} ${size}`,
    `Make ${agent} work except on ${hostsOf(others)} ${size}`,
    `Make ${agent} work on ${counted(hosts.length, 'host')} ${size}`,
  );
}

/** The title of a repair after which something is still not known, or not to be changed by edits. */
export function partialTitle(remaining: number, what: 'unknown' | 'problem'): string {
  return `Fix the known problems (${counted(remaining, what)} ${remaining === 1 ? 'remains' : 'remain'})`;
}

/**
 * The title of a repair on request.
 * @param bought the names of the hosts that only this one helps
 * @param also whether another repair helps others
 */
export function requestTitle(p: Plan, context: RuleContext, bought: readonly string[], also: boolean): string {
  const word = also ? 'Also on' : 'On';
  const all = prices(p.relaxations, context);
  const [first = ''] = all;
  return fitting(
    MAX_TITLE,
    `${word} ${hostsOf(bought)} (${all.join(', ')})`,
    `${word} ${hostsOf(bought)} (${first})`,
    `${word} ${counted(bought.length, 'host')} (${first})`,
  );
}

/** What a repair on request costs, the heaviest first, in a few words each. */
function prices(relaxations: readonly Relaxation[], context: RuleContext): readonly string[] {
  const ids: readonly RelaxationId[] = relaxations.map(({ id }) => id).filter((id) => areForReview(context, [id]));
  const capabilities = ids.filter((id) => id.startsWith('cap-')).map((id) => id.slice('cap-'.length));
  const added = [
    // What SYS_ADMIN needs beside it weighs nothing compared with it.
    ...(capabilities.includes('SYS_ADMIN') ? ['SYS_ADMIN'] : capabilities),
    ...(ids.includes('bwrap-setuid') ? ['setuid'] : []),
  ];
  return [
    ...(added.length === 0 ? [] : [`adds ${list(added)}`]),
    ...(ids.includes('no-new-privileges-removed') ? ['removes no-new-privileges'] : []),
    ...(ids.includes('seccomp-tailored') ? ['replaces the seccomp profile'] : []),
    ...(ids.includes('apparmor-unconfined') ? ['disables AppArmor'] : []),
    ...(ids.includes('apparmor-runc') ? ['needs AppArmor 4'] : []),
  ];
}

/** The title of what a command on the host completes. */
export function hostTitle(bought: readonly string[], also: boolean): string {
  const on = `${also ? 'Also on' : 'On'} ${hostsOf(bought)}`;
  return fitting(MAX_TITLE, `${on} (with a command on the host)`, `${on} (host command)`);
}

/** "Use seccomp=unconfined instead": another way to what a repair does. */
export function otherWayTitle(
  ids: readonly RelaxationId[],
  repaired: readonly RelaxationId[],
  request: AgentRequest,
): string {
  const [dearest, ...others] = ids
    .filter((id) => !repaired.includes(id))
    .map((id) => relaxation(id, request))
    .sort((a, b) => b.cost - a.cost);
  const name = dearest ? shortName(dearest) : 'fewer changes';
  return fitting(
    MAX_TITLE,
    `Use ${list([name, ...others.map(shortName)])} instead`,
    `Use ${name} and ${counted(others.length, 'more change')} instead`,
    `Use ${name} instead`,
  );
}

function shortName({ id, title }: Relaxation): string {
  return id.startsWith('cap-') ? id.slice('cap-'.length) : (title.split(' instead of ')[0] ?? title);
}

/** "Use apparmor=runc", "Add the capability SYS_ADMIN", as far as a title has room. @param otherwise where it has none */
export function useTitle(ids: readonly RelaxationId[], request: AgentRequest, otherwise: string): string {
  const verb = ids.every((id) => id.startsWith('cap-')) ? 'Add' : 'Use';
  return fitting(MAX_TITLE, `${verb} ${describe(ids, request)}`, otherwise);
}
