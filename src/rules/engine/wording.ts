import { displayNames } from '../../model/host.js';
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

/** Lines that say under which condition something holds, and why that is open: a report has only the condition, without names. */
export function conditionLines(
  { assumption }: Pick<Configuration, 'assumption'>,
  condition: string,
): readonly string[] {
  return [`This holds ${condition}.`, ...(assumption?.reasons ?? []).map(reasonLine)];
}

/** The line for a reason why something is not known (Sourced.why). */
export function reasonLine(why: string): string {
  return `Reason: ${why}.`;
}

/** The error without bwrap's long hint, which leads astray. */
function withoutHint(error: string): string {
  const [head = error] = error.split(', likely because');
  return head === error ? error : `${head}, …`;
}

const PROBLEMS: Partial<Record<Gate, string>> = {
  'seccomp-userns': 'the seccomp problem',
  'pivot-root': 'the seccomp problem',
  apparmor: 'the AppArmor problem',
  'bwrap-available': 'the bubblewrap problem',
  'bwrap-privileges': 'the bubblewrap problem',
  'writable-paths': 'the read-only file system',
  'workspace-entries': 'the workspace link',
};

/**
 * The line with the error that people see. Other gates that are closed before it on every one of its hosts hide it: it is seen only
 * after these are fixed.
 */
export function errorLine(obstacles: readonly Obstacle[], error: string): string {
  const hidden = obstacles.every((o) => o.behind.length > 0);
  const names = hidden ? [...new Set(obstacles.flatMap((o) => o.behind).flatMap((gate) => PROBLEMS[gate] ?? []))] : [];
  return names.length === 0
    ? `Error: ${withoutHint(error).replace(/^Error: /, '')}`
    : `After ${list(names)} ${names.length === 1 ? 'is' : 'are'} fixed, commands fail with "${withoutHint(error)}".`;
}

/** "works" as a line: where something does so, by the names that people know. */
export function hostLine(verb: 'Fails' | 'Works' | 'Unknown', hosts: readonly string[]): string {
  return `${verb} on ${list(displayNames(hosts))}.`;
}

/** Relaxations as a list for people: "apparmor=unconfined and the capabilities SYS_ADMIN and NET_ADMIN". */
export function describe(ids: readonly RelaxationId[], request: AgentRequest): string {
  const capabilities = ids.flatMap((id) => (id.startsWith('cap-') ? [id.slice('cap-'.length)] : [])).sort();
  const others = ids.filter((id) => !id.startsWith('cap-')).map((id) => relaxation(id, request).title);
  const noun = capabilities.length === 1 ? 'the capability' : 'the capabilities';
  return list(capabilities.length === 0 ? others : [...others, `${noun} ${list(capabilities)}`]);
}
