import { compile } from '../edits/compile.js';
import { changesFor } from '../edits/relaxationChanges.js';
import { variablesGone } from '../edits/compose/variablesGone.js';
import type { Change } from '../edits/change.js';
import type { AgentRequest } from '../model/agent/request.js';
import type { Sourced } from '../model/container/container.js';
import type { Gate } from '../model/gates.js';
import type { Obstacle } from '../model/plan/obstacles.js';
import type { Place } from '../model/place.js';
import type { RelaxationId } from '../model/plan/relaxation.js';
import { relaxation } from '../model/plan/relaxations.js';
import { folderOf } from '../sources/text/paths.js';
import type { Fix, RuleContext, Severity } from './rule.js';

/** "a", "a and b", "a, b and c". */
export function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

/** The obstacles with one of these gates. */
export function at(context: RuleContext, ...gates: readonly Gate[]): readonly Obstacle[] {
  return context.obstacles.filter((o) => gates.includes(o.gate));
}

/** The names of the hosts of obstacles, each once, in the order of the targets. */
export function hostsOf(context: RuleContext, obstacles: readonly Obstacle[]): readonly string[] {
  return context.hosts.filter((h) => obstacles.some((o) => o.host.name === h.name)).map((h) => h.name);
}

/** Error when it fails on every target host, warning when on some. */
export function severityOf(context: RuleContext, hosts: readonly string[]): Severity {
  return hosts.length === context.hosts.length ? 'error' : 'warning';
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

/** Upper-cases the first letter of a sentence. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Where a value was set last; where it is a default, the line that says what the container is made of. */
export function placeOf(context: RuleContext, ...values: readonly Sourced<unknown>[]): Place {
  for (const value of values) {
    const place = value.places.at(-1);
    if (place) return place;
  }
  return context.container.definition.place;
}

/** A fix out of changes; nothing when the files cannot be changed so. The title names the local Features that it changes, and variables that lose their use. */
export function fixOf(
  context: RuleContext,
  title: string,
  changes: readonly Change[],
  relaxations: readonly RelaxationId[],
  preferred: boolean,
): readonly Fix[] {
  const { configuration } = context;
  const edits = compile(changes, configuration);
  if (edits === undefined || edits.length === 0) return [];
  const features = configuration.featureFiles.filter((file) => edits.some((edit) => edit.file === file)).map(folderOf);
  const gone = variablesGone(configuration, edits);
  const notes = [
    ...(features.length === 0
      ? []
      : [`changes the local Feature${features.length === 1 ? '' : 's'} ${list(features)}`]),
    ...gone.map(({ name, file }) => `the variable ${name} of ${file} is no longer asked for`),
  ];
  return [{ title: notes.length === 0 ? title : `${title} (${list(notes)})`, preferred, relaxations, edits }];
}

/** A fix out of relaxations; nothing when the files cannot be changed so, for instance because an image sets the value. */
export function relax(
  context: RuleContext,
  title: string,
  relaxations: readonly RelaxationId[],
  preferred: boolean,
): readonly Fix[] {
  const applicable = relaxations.filter((id) => relaxation(id, context.request).applies(context.container));
  const changes = changesFor(applicable, context.container, context.request, context.configuration.texts);
  return fixOf(context, title, changes, applicable, preferred);
}
