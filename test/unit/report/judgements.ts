import type { Configuration } from '../../../src/sources/configuration/configuration.js';
import { stated } from '../../../src/rules/engine/rule.js';
import type { Container } from '../../../src/model/container/container.js';
import type { Prediction } from '../../../src/model/sandbox/predict.js';
import type { Judgement } from '../../../src/rules/judge.js';
import { NO_REPAIRS } from '../../../src/rules/engine/repairs.js';
import type { Finding, Fix } from '../../../src/rules/engine/rule.js';
import { CODEX, containerWith } from '../containers.js';

export const FILE = '.devcontainer/devcontainer.json';

/** A judgement made by hand. */
export function judgementOf(
  changes: Partial<Pick<Judgement, 'findings' | 'suppressed' | 'fixesOf' | 'hosts' | 'obstacles' | 'predictions'>> & {
    readonly repairs?: readonly Fix[];
    readonly container?: Partial<Container>;
    readonly texts?: Readonly<Record<string, string>>;
    readonly file?: string;
    readonly evidence?: Configuration['evidence'];
  } = {},
): Judgement {
  const { repairs = [] } = changes;
  return {
    configuration: {
      file: changes.file ?? FILE,
      container: containerWith(changes.container),
      network: { value: 'restricted', places: [] },
      problems: [],
      evidence: changes.evidence ?? [],
      ignores: [],
      options: [],
      featureFiles: [],
      texts: new Map(Object.entries(changes.texts ?? {})),
    },
    request: CODEX,
    hosts: changes.hosts ?? [],
    predictions: changes.predictions ?? [],
    predictionsOfFiles: changes.predictions ?? [],
    obstacles: changes.obstacles ?? [],
    findings: changes.findings ?? [],
    suppressed: changes.suppressed ?? [],
    advisory: [],
    versionIsAssumed: false,
    fixesOf: changes.fixesOf ?? (() => []),
    repairs: () => ({ ...NO_REPAIRS, fixes: () => repairs }),
    whyNotRepairable: () => undefined,
    isRepairable: () => repairs.length > 0,
  };
}

/** Works where no gate is given. */
export function prediction(host: string, gate?: Prediction['gate']): Prediction {
  return {
    host,
    agent: 'codex',
    version: '0.169.0',
    network: 'restricted',
    outcome: gate ? 'fails' : 'works',
    gate,
    undecided: undefined,
    error: gate && 'bwrap: pivot_root: Operation not permitted',
  };
}

export function finding(changes: Partial<Finding> = {}): Finding {
  return stated({
    rule: 'a-rule',
    severity: 'error',
    headline: 'It is wrong.',
    details: [],
    place: { file: FILE, range: { start: { line: 2, character: 4 }, end: { line: 2, character: 9 } } },
    gate: 'pivot-root',
    hosts: ['docker-desktop'],
    related: [],
    ...changes,
  });
}

/** A fix that puts texts at the start of files. */
export function fixOf(title: string, texts: Readonly<Record<string, string>>, changes: Partial<Fix> = {}): Fix {
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  return {
    title,
    details: [],
    adds: [],
    removes: [],
    needsReview: false,
    preferred: true,
    relaxations: ['seccomp-tailored'],
    edits: Object.entries(texts).map(([file, newText]) => ({ file, range, newText })),
    ...changes,
  };
}
