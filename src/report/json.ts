import type { TextEdit } from '../edits/changes/change.js';
import { boundingSet } from '../model/container/capabilities.js';
import type { Container } from '../model/container/container.js';
import type { Gate } from '../model/gates.js';
import type { Prediction } from '../model/sandbox/predict.js';
import type { Place, Range } from '../model/place.js';
import type { EvidenceKind } from '../sources/image/evidence.js';
import type { Judgement } from '../rules/judge.js';
import type { Finding, Fix, Severity } from '../rules/engine/rule.js';

/** One configuration in a report. */
export interface Judged {
  /** The PATH of the command line that led to it, as given. */
  readonly root: string;
  readonly judgement: Judgement;
  /** A file of the workspace folder as it is seen from root; the same where root leads to the workspace folder. */
  readonly fromRoot?: ((file: string) => string) | undefined;
}

type FromRoot = NonNullable<Judged['fromRoot']>;

/** What `check --format json` prints. Stable: other tools read it; what changes its meaning raises schemaVersion. */
export interface CheckJson {
  readonly schemaVersion: 1;
  readonly configurations: readonly ConfigurationJson[];
}

interface ConfigurationJson {
  readonly root: string;
  readonly file: string;
  /** What shows that Codex is used here. */
  readonly evidence: readonly { readonly kind: EvidenceKind; readonly file: string; readonly range: Range }[];
  /** No file and no option says which version of Codex it is. */
  readonly codexAssumed: boolean;
  readonly container: ContainerJson;
  readonly predictions: readonly PredictionJson[];
  readonly findings: readonly FindingJson[];
}

interface ContainerJson {
  readonly privileged: boolean;
  /** The bounding set, without CAP_, sorted. */
  readonly capabilities: readonly string[];
  readonly seccomp: 'default' | 'unconfined' | 'custom' | 'unknown';
  /** `default`, `unconfined`, `unknown`, or the profile's name. */
  readonly apparmor: string;
  readonly noNewPrivileges: boolean;
  readonly maskedPaths: boolean;
  /** A name, or `unknown`. */
  readonly user: string;
  /** `debian:12` */
  readonly distro: string | null;
  readonly bwrap: {
    readonly presence: 'absent' | 'present' | 'unknown';
    readonly setuid: boolean;
    readonly version: string | null;
  };
}

interface PredictionJson {
  readonly host: string;
  readonly agent: string;
  readonly codex: string;
  readonly network: 'restricted' | 'full';
  readonly outcome: 'works' | 'fails' | 'unknown';
  readonly gate: Gate | null;
  readonly error: string | null;
  /** "unless …"; null: the outcome holds without a condition, or is unknown. */
  readonly condition: string | null;
}

interface FindingJson {
  readonly rule: string;
  readonly severity: Severity;
  readonly agent: string;
  /** At most 80 characters; the message begins with it. */
  readonly headline: string;
  readonly message: string;
  readonly file: string;
  readonly range: Range;
  readonly gate: Gate | null;
  readonly hosts: readonly string[];
  readonly related: readonly { readonly file: string; readonly range: Range; readonly message: string }[];
  readonly fixes: readonly {
    readonly title: string;
    readonly preferred: boolean;
    readonly relaxations: readonly string[];
    /** What the container gets, and what it loses. */
    readonly adds: readonly string[];
    readonly removes: readonly string[];
    readonly edits: readonly TextEdit[];
  }[];
  /** The comment that switches it off: it counts nowhere then. */
  readonly suppressed: { readonly file: string; readonly range: Range; readonly reason: string | null } | null;
}

/** What is left out. */
export interface JsonOptions {
  /** No fixes: most of the length, and of the time that it takes to work them out. */
  readonly noFixes?: boolean;
}

/** Everything that is known about the configurations, as plain data for JSON.stringify. */
export function checkJson(judged: readonly Judged[], options: JsonOptions = {}): CheckJson {
  return {
    schemaVersion: 1,
    configurations: judged.map(({ root, judgement, fromRoot = (file) => file }) => ({
      root,
      file: fromRoot(judgement.configuration.file),
      evidence: judgement.configuration.evidence.map(({ kind, place }) => ({ kind, ...placeJson(place, fromRoot) })),
      codexAssumed: judgement.versionIsAssumed,
      container: containerJson(judgement.configuration.container),
      predictions: judgement.predictions.map(predictionJson),
      findings: findingsJson(judgement, fromRoot, options),
    })),
  };
}

/** What Docker makes of the container: --privileged switches off what is not set explicitly. */
function containerJson(container: Container): ContainerJson {
  const privileged = container.privileged.value === true;
  const { distro, bwrap } = container;
  return {
    privileged,
    capabilities: [...boundingSet(container)].sort(),
    seccomp: confinement(container.seccomp.value?.kind, privileged),
    apparmor:
      container.apparmor.value?.kind === 'named'
        ? container.apparmor.value.name
        : confinement(container.apparmor.value?.kind, privileged),
    noNewPrivileges: container.noNewPrivileges.value === true,
    maskedPaths: !privileged && container.maskedPaths.value !== false,
    user: container.user.value ?? 'unknown',
    distro: distro.value === undefined ? null : [distro.value.id, distro.value.version].filter(Boolean).join(':'),
    bwrap: {
      presence: bwrap.presence.value ?? 'unknown',
      setuid: bwrap.setuid.value === true,
      version: bwrap.presence.value === 'absent' ? null : (bwrap.version.value ?? null),
    },
  };
}

function confinement<T extends string>(kind: T | undefined, privileged: boolean): T | 'unconfined' | 'unknown' {
  if (privileged && (kind === undefined || kind === 'default')) return 'unconfined';
  return kind ?? 'unknown';
}

function predictionJson({
  host,
  agent,
  version,
  network,
  outcome,
  gate,
  error,
  condition,
}: Prediction): PredictionJson {
  return {
    host,
    agent,
    codex: version,
    network,
    outcome,
    gate: gate ?? null,
    error: error ?? null,
    condition: condition ?? null,
  };
}

function placeJson({ file, range }: Place, fromRoot: FromRoot): { file: string; range: Range } {
  return { file: fromRoot(file), range: rangeJson(range) };
}

/** Only what the contract has, whatever else the value carries. */
function rangeJson({ start, end }: Range): Range {
  return {
    start: { line: start.line, character: start.character },
    end: { line: end.line, character: end.character },
  };
}

/** Those that comments switch off come last. */
function findingsJson(judgement: Judgement, fromRoot: FromRoot, { noFixes }: JsonOptions): readonly FindingJson[] {
  const fixesOf = (finding: Finding): readonly Fix[] => (noFixes === true ? [] : judgement.fixesOf(finding));
  const agent = judgement.request.agent.id;
  return [
    ...judgement.findings.map((finding) => findingJson(agent, finding, fixesOf(finding), fromRoot)),
    ...judgement.suppressed.map(({ finding, by }) => ({
      ...findingJson(agent, finding, fixesOf(finding), fromRoot),
      suppressed: { ...placeJson(by.place, fromRoot), reason: by.reason ?? null },
    })),
  ];
}

function findingJson(agent: string, finding: Finding, fixes: readonly Fix[], fromRoot: FromRoot): FindingJson {
  return {
    rule: finding.rule,
    severity: finding.severity,
    agent,
    headline: finding.headline,
    message: finding.message,
    ...placeJson(finding.place, fromRoot),
    gate: finding.gate ?? null,
    hosts: finding.hosts,
    related: finding.related.map(({ place, message }) => ({ ...placeJson(place, fromRoot), message })),
    fixes: fixes.map(({ title, preferred, relaxations, adds, removes, edits }) => ({
      title,
      preferred,
      relaxations,
      adds,
      removes,
      edits: edits.map(({ newText, ...place }) => ({ ...placeJson(place, fromRoot), newText })),
    })),
    suppressed: null,
  };
}
