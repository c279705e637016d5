import { list } from '../../model/wordList.js';
import type { AgentRequest } from '../../model/agent/request.js';
import type { Container } from '../../model/container/container.js';
import type { Gate } from '../../model/gates.js';
import type { Obstacle } from '../../model/plan/obstacles.js';
import { relaxation } from '../../model/plan/relaxations.js';
import type { Configuration } from '../../sources/configuration/configuration.js';
import type { RelaxationId } from '../../model/plan/relaxation.js';

/** Upper-cases the first letter of a sentence. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const DISTRIBUTIONS: Readonly<Record<string, string>> = {
  almalinux: 'AlmaLinux',
  alpine: 'Alpine',
  debian: 'Debian',
  fedora: 'Fedora',
  ubuntu: 'Ubuntu',
};

/** "if the image is Debian 13, " where its tag moves from release to release; else nothing. */
export function ifImageIs({ distro: { value, why } }: Container): string {
  if (value?.version === undefined || why === undefined) return '';
  return `if the image is ${DISTRIBUTIONS[value.id] ?? value.id} ${value.version}, `;
}

/** A condition with what it is about: a report that is sent around has only the condition, without names of the workspace. */
export function conditionOf({ assumption }: Pick<Configuration, 'assumption'>, condition = ''): string {
  const reasons = assumption?.reasons ?? [];
  return reasons.length === 0 ? condition : `${condition} (${reasons.join('; ')})`;
}

/** The error as a quotation for a message: bwrap's long hint, which leads astray, is left out. */
export function quote(error: string): string {
  const [head = error] = error.split(', likely because');
  return head === error ? `“${error}”` : `“${head}, …”`;
}

const OPENING: Partial<Record<Gate, string>> = {
  'seccomp-userns': 'seccomp',
  'pivot-root': 'seccomp',
  apparmor: 'AppArmor',
  'bwrap-available': 'the missing bubblewrap',
  'bwrap-privileges': 'bubblewrap’s privileges',
  'writable-paths': 'the read-only file system',
  'workspace-entries': 'the link in the workspace folder',
};

/**
 * The beginning of the sentence that says when the user sees an error: other gates that are closed before it, on every one
 * of its hosts, hide it. For instance "once seccomp no longer stands in the way, " or nothing.
 */
export function once(obstacles: readonly Obstacle[]): string {
  const hidden = obstacles.every((o) => o.behind.length > 0);
  const names = hidden ? [...new Set(obstacles.flatMap((o) => o.behind).flatMap((gate) => OPENING[gate] ?? []))] : [];
  return names.length === 0
    ? ''
    : `once ${list(names)} no longer ${names.length === 1 ? 'stands' : 'stand'} in the way, `;
}

/** Relaxations as a list for people: "apparmor=unconfined and the capabilities SYS_ADMIN and NET_ADMIN". */
export function describe(ids: readonly RelaxationId[], request: AgentRequest): string {
  const capabilities = ids.flatMap((id) => (id.startsWith('cap-') ? [id.slice('cap-'.length)] : [])).sort();
  const others = ids.filter((id) => !id.startsWith('cap-')).map((id) => relaxation(id, request).title);
  const noun = capabilities.length === 1 ? 'the capability' : 'the capabilities';
  return list(capabilities.length === 0 ? others : [...others, `${noun} ${list(capabilities)}`]);
}
