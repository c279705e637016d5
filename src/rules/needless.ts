import type { Change } from '../edits/change.js';
import { changesFor } from '../edits/relaxationChanges.js';
import type { Container, Sourced } from '../model/container/container.js';
import { predict } from '../model/sandbox/predict.js';
import { obstaclesOn } from '../model/plan/obstacles.js';
import { plan } from '../model/plan/plan.js';
import type { Relaxation, RelaxationId } from '../model/plan/relaxation.js';
import { relaxation } from '../model/plan/relaxations.js';
import type { Place } from '../model/place.js';
import { linesOf } from '../sources/text/lines.js';
import type { Finding, RuleContext } from './rule.js';
import { describe, fixOf, list } from './support.js';

/** A relaxation that is in force, and what would be without it: what the rules about needless relaxations differ in. */
export interface Relaxed {
  readonly rule: string;
  readonly relaxation: RelaxationId;
  /** What makes it so, with its places. */
  readonly value: Sourced<unknown>;
  /** What stands at each of its places if the author of these files wrote it there: a Feature or an image may have set it. */
  readonly written: RegExp;
  readonly without: Container;
  readonly removal: Change;
  /** Three sentences or so. `instead` is empty where nothing has to take its place. */
  message(hosts: string, instead: string): string;
  title(instead: string): string;
}

/** What takes the place of a relaxation: less than it is, and enough wherever it was enough. */
interface Narrowing {
  /** The target hosts on which it works, before as after. */
  readonly hosts: readonly string[];
  readonly relaxations: readonly Relaxation[];
}

/**
 * A finding where the sandbox needs less than what the container was given. It is judged by the model alone: on every target
 * host on which the sandbox works it still works with what takes the relaxation's place, which costs less, and no other
 * target host is worse off or would need the relaxation to be repaired.
 */
export function needlessFindings(context: RuleContext, relaxed: Relaxed): readonly Finding[] {
  const { places } = relaxed.value;
  const place = places.at(-1);
  if (!place || !places.every((p) => isWritten(context, p, relaxed.written))) return [];
  const narrowing = narrowed(context, relaxed);
  if (!narrowing) return [];
  const ids = narrowing.relaxations.map((r) => r.id);
  const changes = changesOf(context, relaxed, ids);
  const instead = describe(ids, context.request);
  const fixes = changes ? fixOf(context, relaxed.title(instead), changes, ids, true) : [];
  if (fixes.length === 0) return [];
  return [
    {
      rule: relaxed.rule,
      severity: 'info',
      message: relaxed.message(list(narrowing.hosts), instead),
      place,
      gate: undefined,
      hosts: narrowing.hosts,
      related: [],
      fixes,
    },
  ];
}

/** Whether the text at a place says so itself: what an image or a published Feature sets has the place of its name. */
export function isWritten(
  { configuration }: Pick<RuleContext, 'configuration'>,
  { file, range }: Place,
  written: RegExp,
): boolean {
  const text = configuration.texts.get(file);
  if (text === undefined) return false;
  const lines = linesOf(text, file);
  return written.test(text.slice(lines.offset(range.start), lines.offset(range.end)));
}

function narrowed(context: RuleContext, { relaxation: id, without }: Relaxed): Narrowing | undefined {
  const { container, hosts, request, predictions } = context;
  const working = hosts.filter((h) => predictions.some((p) => p.host === h.name && p.outcome === 'works'));
  const least = working.length > 0 ? plan(without, working, request) : undefined;
  if (!least?.certain || least.cost >= relaxation(id, request).cost) return undefined;
  const after = least.relaxations.reduce((c, r) => r.apply(c), without);
  const others = hosts.filter((h) => !working.includes(h));
  const noneWorse = others.every((host) => {
    const before = obstaclesOn(container, host, request).map((o) => o.gate);
    if (obstaclesOn(after, host, request).some((o) => !before.includes(o.gate))) return false;
    if (predict(container, host, request).outcome === 'unknown' && predict(after, host, request).outcome === 'fails') {
      return false;
    }
    return !plan(without, [host], request)?.relaxations.some((r) => r.id === id);
  });
  return noneWorse ? { hosts: working.map((h) => h.name), relaxations: least.relaxations } : undefined;
}

/** undefined where a profile cannot be written because files of its names are taken. */
function changesOf(
  { configuration, request }: RuleContext,
  { without, removal }: Relaxed,
  ids: readonly RelaxationId[],
): readonly Change[] | undefined {
  const made = changesFor(ids, without, request, configuration.texts);
  const setsSeccomp = made.some((c) => c.kind === 'security-opt' && c.key === 'seccomp');
  if (ids.includes('seccomp-tailored') && !setsSeccomp) return undefined;
  const replaced =
    removal.kind === 'remove-security-opt' && made.some((c) => c.kind === 'security-opt' && c.key === removal.key);
  return replaced ? made : [removal, ...made];
}

/** "without it", or "with X in its place". */
export function withoutIt(instead: string): string {
  return instead === '' ? 'without it' : `with ${instead} in its place`;
}

/** " with X in its place", or nothing. */
export function inItsPlace(instead: string): string {
  return instead === '' ? '' : ` with ${instead} in its place`;
}

/** "Replace privileged by X", or "Remove privileged". */
export function replacing(what: string, instead: string): string {
  return instead === '' ? `Remove ${what}` : `Replace ${what} by ${instead}`;
}
