import type { Change, Compiled } from '../../edits/changes/change.js';
import { agentIn } from '../../model/agents/index.js';
import { installOf, requestOf, type AgentRequest } from '../../model/agent/request.js';
import { unforeseen, type Prediction } from '../../model/sandbox/predict.js';
import type { Assumption } from '../../model/container/assumption.js';
import type { Container } from '../../model/container/container.js';
import { ADVISORY_HOSTS, type Host } from '../../model/host.js';
import { obstaclesAssuming, predictAssuming } from '../../model/plan/assuming.js';
import type { Obstacle } from '../../model/plan/obstacles.js';
import type { Configuration } from '../../sources/configuration/configuration.js';
import { ignoring, type Suppressed } from './ignores.js';
import { inWorkspace } from './inWorkspace.js';
import { changesToRepair, isRepairable, NO_REPAIRS, repairs, type Repairs } from './repairs.js';
import { stated, type Draft, type Finding, type Fix, type Rule, type RuleContext } from './rule.js';
import { areNamed, withChoice, type Target } from './target.js';
import { whoseGate } from './whoseGate.js';
import { switchedOff, whileOff } from './switchedOff.js';
import { areForReview } from './unasked.js';

export type { Target } from './target.js';

/**
 * What there is to say about one configuration. The edits are worked out when somebody asks, each time anew: nothing of them is
 * kept.
 */
export interface Judgement {
  readonly configuration: Configuration;
  readonly request: AgentRequest;
  /** For whom it was judged, in the order of the predictions. */
  readonly hosts: readonly Host[];
  readonly predictions: readonly Prediction[];
  /** The names of the hosts that decide nothing, because nobody named them. */
  readonly advisory: readonly string[];
  /** Nobody says which version of the agent it is: the newest is assumed. */
  readonly versionIsAssumed: boolean;
  /** The same where nothing in the workspace folder is in the way: all that edits of these files can change. */
  readonly predictionsOfFiles: readonly Prediction[];
  /** For each host all closed gates on the way, in the order in which they are met. */
  readonly obstacles: readonly Obstacle[];
  /** In the order of their places. */
  readonly findings: readonly Finding[];
  /** Those that comments in the files switch off, in the same order: they count nowhere. */
  readonly suppressed: readonly Suppressed[];
  /** What fixes one of the findings. */
  readonly fixesOf: (finding: Finding) => readonly Fix[];
  /** What fixes the whole configuration: nothing while the sandbox is switched off. */
  readonly repairs: () => Repairs;
  /** Whether `repairs` has a fix that nobody need ask for. */
  readonly isRepairable: () => boolean;
  /** Why what would help cannot be written into the files, as a clause; undefined: it can, or nothing is known to help. */
  readonly whyNotRepairable: () => string | undefined;
}

/** Judges a configuration: predictions for each host, and findings where they are caused. Pure. */
export type Judge = (configuration: Configuration, target: Target) => Judgement;

/** The edits that make all the changes; undefined where the files cannot be changed so. */
type Compile = (changes: readonly Change[], configuration: Configuration) => Compiled | undefined;

/** How files are changed, and why they cannot be. */
interface Editing {
  readonly compile: Compile;
  readonly refusalOf: (...asked: Parameters<Compile>) => string | undefined;
}

/**
 * What judges by these rules.
 * @param rules in the order in which they speak of the same place
 * @param refusalOf why the files cannot be changed so, as a clause; undefined: they can
 */
export function judgeBy(
  rules: readonly Rule[],
  compile: Compile,
  refusalOf: Editing['refusalOf'] = () => undefined,
): Judge {
  const ids = rules.map(({ id }) => id);
  return (configuration, given) => {
    const target = withChoice(given, configuration.choice);
    const context = contextOf(configuration, target, { compile, refusalOf }, ids);
    const found: Finding[] = [];
    for (const rule of rules) found.push(...rule.check(context, found).map((draft) => findingOf(context, rule, draft)));
    const sorted = whileOff(context, atLevels(found, target.levels)).toSorted(byPlace(configuration.file));
    const suppressed = sorted.flatMap((finding): readonly Suppressed[] => {
      const by = ignoring(configuration.ignores, finding);
      return by ? [{ finding, by }] : [];
    });
    return {
      configuration,
      request: context.request,
      hosts: target.hosts,
      predictions: context.predictions,
      advisory: context.advisory,
      versionIsAssumed:
        target.codexVersion === undefined && installOf(context.container, context.agent).value?.version === undefined,
      predictionsOfFiles: configuration.workspace
        ? predictionsFor(
            configuration.container,
            configuration.assumption,
            target.hosts,
            context.refusing,
            context.request,
          )
        : context.predictions,
      obstacles: context.obstacles,
      findings: sorted.filter((finding) => !suppressed.some((one) => one.finding === finding)),
      suppressed,
      fixesOf: (finding) => {
        const rule = rules.find(({ id }) => id === finding.rule);
        return onePreferred((rule?.fixes?.(context, finding) ?? []).map((fix) => reviewed(context, fix)));
      },
      repairs: () => (switchedOff(context) ? NO_REPAIRS : repairs(context)),
      isRepairable: () => !switchedOff(context) && isRepairable(context),
      whyNotRepairable: () => {
        const changes = switchedOff(context) ? undefined : changesToRepair(context);
        return changes && refusalOf(changes, configuration);
      },
    };
  };
}

function contextOf(
  configuration: Configuration,
  target: Target,
  { compile, refusalOf }: Editing,
  rules: RuleContext['rules'],
): RuleContext {
  const { container: known, assumption } = configuration;
  const container = assumption?.container ?? known;
  const judged = inWorkspace(configuration, known);
  const assumed = assumption && { ...assumption, container: inWorkspace(configuration, assumption.container) };
  const agent = agentIn(container);
  const network = target.network ?? configuration.network.value ?? 'restricted';
  const request = requestOf(agent, container, network, target.codexVersion);
  const refusing = target.hosts.filter((host) => host.engine === 'docker' && configuration.podmanOnly !== undefined);
  const hosts = target.hosts.filter((host) => !refusing.includes(host));
  return {
    configuration,
    container,
    agent,
    request,
    rules,
    hosts,
    advisory: areNamed(target) ? [] : ADVISORY_HOSTS,
    refusing,
    predictions: predictionsFor(judged, assumed, target.hosts, refusing, request),
    obstacles: hosts.flatMap((host) => obstaclesAssuming(judged, assumed, host, request)),
    edits: (changes) => compile(changes, configuration),
    refusal: (changes) => refusalOf(changes, configuration),
  };
}

function predictionsFor(
  container: Container,
  assumption: Assumption | undefined,
  hosts: readonly Host[],
  refusing: readonly Host[],
  request: AgentRequest,
): readonly Prediction[] {
  // Nothing is predicted of a container that the engine refuses to create.
  return hosts.map((host) =>
    refusing.includes(host) ? unforeseen(host, request) : predictAssuming(container, assumption, host, request),
  );
}

function findingOf(context: RuleContext, { id }: Rule, draft: Draft): Finding {
  const place = context.container.definition.place;
  const finding = { place, gate: undefined, hosts: [], related: [], details: [], ...draft };
  const whose = whoseGate(context, finding);
  return stated({ ...finding, rule: id, details: [...finding.details, ...(whose === undefined ? [] : [whose])] });
}

function atLevels(findings: readonly Finding[], levels: Target['levels'] = new Map()): readonly Finding[] {
  return findings.flatMap((finding) => {
    const level = levels.get(finding.rule) ?? finding.severity;
    return level === 'off' ? [] : [{ ...finding, severity: level }];
  });
}

/** What whoever takes it is to see first is never done by itself. */
function reviewed(context: RuleContext, fix: Fix): Fix {
  const needsReview = fix.needsReview || areForReview(context, fix.relaxations);
  return needsReview ? { ...fix, needsReview, preferred: false } : fix;
}

function onePreferred(fixes: readonly Fix[]): readonly Fix[] {
  const first = fixes.find(({ preferred }) => preferred);
  return fixes.map((fix) => (fix.preferred && fix !== first ? { ...fix, preferred: false } : fix));
}

/** devcontainer.json first, then the other files by name; within a file from top to bottom, in the order of the rules. */
function byPlace(first: string): (a: Finding, b: Finding) => number {
  const rank = (file: string): string => (file === first ? '' : file);
  return (a, b) =>
    rank(a.place.file).localeCompare(rank(b.place.file)) ||
    a.place.range.start.line - b.place.range.start.line ||
    a.place.range.start.character - b.place.range.start.character;
}
