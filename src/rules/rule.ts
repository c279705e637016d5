import type { TextEdit } from '../edits/change.js';
import type { AgentRequest } from '../model/agent/request.js';
import type { Container } from '../model/container/container.js';
import type { Gate } from '../model/gates.js';
import type { Prediction } from '../model/sandbox/predict.js';
import type { Host, HostName } from '../model/host.js';
import type { Obstacle } from '../model/plan/obstacles.js';
import type { Place } from '../model/place.js';
import type { RelaxationId } from '../model/plan/relaxation.js';
import type { Configuration } from '../sources/configuration/configuration.js';

/** `error` fails on every target host, `warning` on some, `info` works but is of no use, `hint` says what is unknown. */
export type Severity = 'error' | 'warning' | 'info' | 'hint';

/** A change of files that opens a gate or takes back what is of no use. */
export interface Fix {
  readonly title: string;
  /** Nothing narrower works. At most one fix of a finding is preferred. */
  readonly preferred: boolean;
  /** What the fix relaxes, for those who weigh it; empty when it gives nothing away. */
  readonly relaxations: readonly RelaxationId[];
  readonly edits: readonly TextEdit[];
}

/** One closed gate and its cause, or one thing that is of no use, at the line that makes it so. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  /** What is wrong, why, what to do: plain text. */
  readonly message: string;
  readonly place: Place;
  readonly gate: Gate | undefined;
  /** Names of the target hosts on which it happens. */
  readonly hosts: readonly string[];
  readonly related: readonly { readonly place: Place; readonly message: string }[];
  readonly fixes: readonly Fix[];
}

/** All that a rule may look at. */
export interface RuleContext {
  readonly configuration: Configuration;
  readonly container: Container;
  /** The name of the agent that is judged. */
  readonly agent: string;
  readonly request: AgentRequest;
  /** The target hosts on which the container can be created at all. */
  readonly hosts: readonly Host[];
  /** The target hosts whose engine refuses an option of another engine, so that there is no container to judge. */
  readonly refusing: readonly Host[];
  readonly predictions: readonly Prediction[];
  /** For each target host, the closed gates in the order in which they are met when each is opened in turn. */
  readonly obstacles: readonly Obstacle[];
}

/** A complete development container, file by file, that shows a rule at work; each is a test. */
export type Example = Readonly<Record<string, string>>;

/** A rule is data with one function. Its page in docs/rules, its row in the README and its tests follow from it. */
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
  check(context: RuleContext): readonly Finding[];
}
