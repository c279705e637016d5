import type { Change } from '../../edits/changes/change.js';
import { changesFor } from '../../edits/relaxationChanges.js';
import type { Container, Sourced } from '../../model/container/container.js';
import { predict } from '../../model/sandbox/predict.js';
import { obstaclesOn } from '../../model/plan/obstacles.js';
import { relaxation } from '../../model/plan/relaxations.js';
import type { RelaxationId } from '../../model/plan/relaxation.js';
import { planFor } from '../engine/coverage.js';
import { fixOf } from '../engine/fixes.js';
import type { Fix, Rule, RuleContext } from '../engine/rule.js';
import { fitting, MAX_HEADLINE, MAX_TITLE } from '../../model/headline.js';
import { displayNames } from '../../model/host.js';
import { list } from '../../model/wordList.js';
import { describe } from '../engine/wording.js';
import { areWritten } from '../engine/written.js';

/** A relaxation that is in force, and what would be without it: what the rules about needless relaxations differ in. */
interface Relaxed {
  readonly relaxation: RelaxationId;
  /** What makes it so, with its places. */
  readonly value: Sourced<unknown>;
  readonly without: Container;
  readonly removal: Change;
  /** What people call it, as the beginning of a headline. */
  readonly what: string;
  /** What it costs: a line. */
  readonly price: string;
  /** When to keep it: a line. Default: where something outside of the files needs it. */
  readonly unless?: string;
  /** `instead` is empty where nothing has to take its place. */
  readonly title?: (instead: string) => string;
}

/** What takes the place of a relaxation: less than it is, and enough wherever it was enough. */
interface Narrowing {
  /** The target hosts on which it works, before as after. */
  readonly hosts: readonly string[];
  readonly remedy: readonly RelaxationId[];
}

/**
 * What a rule does that finds where the sandbox needs less than what the container was given. It is judged by the model alone: on
 * every target host on which the sandbox works it still works with what takes the relaxation's place, which costs less, and no other
 * target host is worse off or would need the relaxation to be repaired. There is a finding only where an edit can do it.
 * @param find undefined where the relaxation is not in force, or the files show another reason for it
 */
export function needlessRule(find: (context: RuleContext) => Relaxed | undefined): Pick<Rule, 'check' | 'fixes'> {
  return {
    check(assuming) {
      const context = asKnown(assuming);
      const relaxed = find(context);
      const place = relaxed?.value.places.at(-1);
      if (!relaxed || !place || !isWritten(context, relaxed)) return [];
      const narrowing = narrowed(context, relaxed);
      if (!narrowing) return [];
      const { hosts, remedy } = narrowing;
      if (replacements(context, relaxed, remedy).length === 0) return [];
      return [
        {
          severity: 'info',
          headline: headlineOf(context, relaxed, narrowing),
          details: detailsOf(context, relaxed, narrowing),
          place,
          hosts,
          remedy,
        },
      ];
    },
    fixes(assuming, { remedy = [] }) {
      const context = asKnown(assuming);
      const relaxed = find(context);
      return relaxed ? replacements(context, relaxed, remedy) : [];
    },
  };
}

/** What is only assumed is no reason to call something needless. */
function asKnown(context: RuleContext): RuleContext {
  return { ...context, container: context.configuration.container };
}

/** What a Feature or an image gives is not removed here; of a Dockerfile the edit finds it out. */
function isWritten(context: RuleContext, { value, removal }: Relaxed): boolean {
  return removal.kind === 'remove-setuid' || areWritten(context, value.places);
}

function replacements(context: RuleContext, relaxed: Relaxed, remedy: readonly RelaxationId[]): readonly Fix[] {
  const changes = changesOf(context, relaxed, remedy);
  const { what, title = (instead: string): string => replacing(what, instead) } = relaxed;
  return changes ? fixOf(context, title(describe(remedy, context.request)), changes, remedy, true) : [];
}

function headlineOf({ agent, request }: RuleContext, { what }: Relaxed, { remedy }: Narrowing): string {
  const instead = describe(remedy, request);
  return instead === ''
    ? `${what} is unnecessary: ${agent.name} works without it`
    : fitting(
        MAX_HEADLINE,
        `${what} is unnecessary: ${instead} ${remedy.length === 1 ? 'is' : 'are'} enough`,
        `${what} is unnecessary: ${agent.name} needs less`,
      );
}

function detailsOf({ agent, request }: RuleContext, relaxed: Relaxed, { hosts, remedy }: Narrowing): readonly string[] {
  const { price, unless = 'Keep it if something outside these files needs it.' } = relaxed;
  const change = remedy.length === 0 ? 'Remove it' : `Replace it with ${describe(remedy, request)}`;
  return [
    `${change}, then rebuild the container.`,
    `${agent.name} still works on ${list(displayNames(hosts))}.`,
    price,
    unless,
  ];
}

function narrowed(context: RuleContext, { relaxation: id, without }: Relaxed): Narrowing | undefined {
  const { container, hosts, request, predictions } = context;
  const working = hosts.filter((h) => predictions.some((p) => p.host === h.name && p.outcome === 'works'));
  const least = working.length > 0 ? planFor({ ...context, container: without }, working) : undefined;
  if (!least?.certain || least.cost >= relaxation(id, request).cost) return undefined;
  const after = least.relaxations.reduce((c, r) => r.apply(c), without);
  const others = hosts.filter((h) => !working.includes(h));
  const noneWorse = others.every((host) => {
    const before = obstaclesOn(container, host, request).map((o) => o.gate);
    if (obstaclesOn(after, host, request).some((o) => !before.includes(o.gate))) return false;
    if (predict(container, host, request).outcome === 'unknown' && predict(after, host, request).outcome === 'fails') {
      return false;
    }
    return !planFor({ ...context, container: without }, [host])?.relaxations.some((r) => r.id === id);
  });
  return noneWorse ? { hosts: working.map((h) => h.name), remedy: least.relaxations.map((r) => r.id) } : undefined;
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

/** "Replace privileged with X", or "Remove privileged"; details say X where it is too long for a title. */
export function replacing(what: string, instead: string): string {
  return instead === ''
    ? `Remove ${what}`
    : fitting(MAX_TITLE, `Replace ${what} with ${instead}`, `Replace ${what} with narrower options`);
}
