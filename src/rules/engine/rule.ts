import type { Change, Compiled, TextEdit } from '../../edits/changes/change.js';
import type { Agent } from '../../model/agent/agent.js';
import type { AgentRequest } from '../../model/agent/request.js';
import type { Container } from '../../model/container/container.js';
import type { Gate } from '../../model/gates.js';
import { oneLine } from '../../model/headline.js';
import type { Prediction } from '../../model/sandbox/predict.js';
import type { Host, HostName } from '../../model/host.js';
import type { HostChange } from '../../model/plan/hostChange.js';
import type { Obstacle } from '../../model/plan/obstacles.js';
import type { Place } from '../../model/place.js';
import type { RelaxationId } from '../../model/plan/relaxation.js';
import type { Configuration } from '../../sources/configuration/configuration.js';

/** From the mildest: `hint` says what is unknown, `info` works but is unnecessary, `warning` fails on some target hosts, `error` on all. */
export const SEVERITIES = ['hint', 'info', 'warning', 'error'] as const;

export type Severity = (typeof SEVERITIES)[number];

/** The level that somebody gives a rule: a severity, or its findings do not count. */
export type Level = Severity | 'off';

export const LEVELS: readonly Level[] = ['off', ...SEVERITIES];

/** A change of files that opens a gate or removes what is unnecessary. */
export interface Fix {
  /** Begins with a verb: at most 60 characters. */
  readonly title: string;
  /** Each change that it makes, a line each, with its reason where that is not plain. */
  readonly details: readonly string[];
  /** What the container gets that it did not have, for instance "capability SYS_ADMIN". */
  readonly adds: readonly string[];
  /** What the container loses. */
  readonly removes: readonly string[];
  /** It gives root more power or removes a hardening: whoever takes it is to see its diff first. */
  readonly needsReview: boolean;
  /** Nothing narrower works. At most one fix of a finding is preferred. */
  readonly preferred: boolean;
  /** What the fix relaxes, for those who weigh it; empty when it gives nothing away. */
  readonly relaxations: readonly RelaxationId[];
  readonly edits: readonly TextEdit[];
  /** The names of all hosts that it is for, where it fixes the whole configuration. */
  readonly hosts?: readonly string[];
  /** What the administrators of some of these hosts do beside it: until then the sandbox fails there. */
  readonly onHost?: HostChange;
}

/** One closed gate and its cause, or one unnecessary thing, at the line that makes it so: plain data. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  /** The consequence and the cause, complete by itself: at most 80 characters. */
  readonly headline: string;
  /** Short lines below it: what to do comes first, then where it fails, then the error text. */
  readonly details: readonly string[];
  /** The headline and the details, a line each. */
  readonly message: string;
  readonly place: Place;
  readonly gate: Gate | undefined;
  /** Names of the target hosts on which it happens. */
  readonly hosts: readonly string[];
  readonly related: readonly { readonly place: Place; readonly message: string }[];
  /** What it is about, where a rule says the same of several things: its fixes are about that one. */
  readonly subject?: string;
  /** That the engine makes no container on its hosts (none named: on any host), and why: "EFFECT: CAUSE" as a clause. */
  readonly stops?: string;
  /** The relaxations that the message proposes, of which its fixes are made. */
  readonly remedy?: readonly RelaxationId[];
}

/** What a rule says. By default it is about no gate and no host, at the line that says what the container is made of. */
export type Draft = Pick<Finding, 'headline' | 'severity'> & Partial<Omit<Finding, 'rule' | 'message'>>;

/** The finding with the message that its headline and its details make. */
export function stated(finding: Omit<Finding, 'message'>): Finding {
  const [headline = '', ...details] = [finding.headline, ...finding.details].map(oneLine);
  return { ...finding, headline, details, message: [headline, ...details].join('\n') };
}

/** All that a rule may look at. */
export interface RuleContext {
  readonly configuration: Configuration;
  /** As it most likely is (Configuration.assumption): what is wrong with it, and what helps, is worked out of this one. */
  readonly container: Container;
  /** Whose sandbox it is about. */
  readonly agent: Agent;
  readonly request: AgentRequest;
  /** The ids of all rules. */
  readonly rules: readonly string[];
  /** The target hosts on which the container can be created at all. */
  readonly hosts: readonly Host[];
  /** The names of those that decide no severity and no repair, because nobody named them; their findings are information. */
  readonly advisory: readonly string[];
  /** The target hosts whose engine refuses an option of another engine, so that there is no container to judge. */
  readonly refusing: readonly Host[];
  readonly predictions: readonly Prediction[];
  /** For each target host, the closed gates in the order in which they are met when each is opened in turn. */
  readonly obstacles: readonly Obstacle[];
  /** The edits that make the changes, with what they come to; undefined where the files cannot be changed so. They cost more than all the rest. */
  readonly edits: (changes: readonly Change[]) => Compiled | undefined;
  /** Why the files cannot be changed so, as a clause; undefined: they can. */
  readonly refusal: (changes: readonly Change[]) => string | undefined;
}

/** A complete development container, file by file, that shows a rule at work; each is a test. */
export type Example = Readonly<Record<string, string>>;

/** A rule is data with two functions. Its page in docs/rules, its row in docs/rules.md and its tests follow from it. */
export interface Rule {
  /** kebab-case, never renamed or reused once released. */
  readonly id: string;
  readonly title: string;
  /** Markdown: what happens, why, what to do, and what was measured. */
  readonly explanation: string;
  readonly references: readonly string[];
  readonly bad: Example;
  readonly good: Example;
  /** The target hosts for which the examples show it; the default ones where nothing is said. */
  readonly exampleHosts?: { readonly bad?: readonly HostName[]; readonly good?: readonly HostName[] };
  /** The symbolic links of the bad example, by path, with what they lead to. */
  readonly exampleLinks?: Example;
  /** @param found what the rules before it in the list have found */
  check(context: RuleContext, found: readonly Finding[]): readonly Draft[];
  /** What fixes one of its findings, asked for only when somebody wants to see it. Of several preferred ones the first counts. */
  fixes?(context: RuleContext, finding: Finding): readonly Fix[];
}
