import { GATES, type Gate } from '../model/gates.js';
import { undecidedOn } from '../model/plan/obstacles.js';
import type { Judgement } from '../rules/judge.js';

/** What people read of a gate while nobody knows yet whether it is open: the step that it is about. */
export const STEP_NAMES: Readonly<Record<Gate, string>> = {
  'workspace-entries': 'Protected folders of the workspace',
  'writable-paths': 'Folders that Codex writes to',
  'bwrap-available': 'bubblewrap is installed',
  'bwrap-privileges': 'Privileges of bubblewrap',
  'seccomp-userns': 'seccomp: user namespaces',
  'userns-allowed': 'Kernel: user namespaces',
  apparmor: 'AppArmor',
  loopback: 'Host: network of the sandbox',
  'uid-map': 'Host: user mapping',
  'pivot-root': 'seccomp: pivot_root',
  'proc-mount': 'Mount of /proc',
};

/** How a step fares on a host. One behind a closed step is not met: it works once those before it do. */
export type Mark = '✓' | '✗' | '–' | '?';

/** What the marks mean, for people. */
export const LEGEND = '✓ works, ✗ fails, – works once the failing steps above it do, ? unknown';

/** A step of the sandbox's start, with how it fares on each host. */
export interface StepRow {
  readonly gate: Gate;
  /** In the order of the judgement's predictions. */
  readonly marks: readonly Mark[];
}

/** Every step on every host. A step behind one that cannot be judged is not known either, unless it is known to fail. */
export function stepRows(judgement: Judgement): readonly StepRow[] {
  const columns = judgement.predictions.map((_, column) => marksOf(judgement, column));
  return GATES.map((gate, row) => ({ gate, marks: columns.map((marks) => marks[row] ?? '?') }));
}

function marksOf({ configuration, hosts, obstacles, predictions, request }: Judgement, column: number): Mark[] {
  const prediction = predictions[column];
  const host = hosts[column];
  // Nothing is known of a container that the engine refuses to create.
  const isUnforeseen = prediction?.outcome === 'unknown' && prediction.undecided === undefined;
  if (!prediction || !host || isUnforeseen) return GATES.map(() => '?');
  const closed = obstacles.filter((obstacle) => obstacle.host.name === host.name).map(({ gate }) => gate);
  const container = configuration.assumption?.container ?? configuration.container;
  const undecided = prediction.undecided ?? undecidedOn(container, host, request);
  const firstUnknown = undecided === undefined ? GATES.length : GATES.indexOf(undecided);
  const firstClosed = GATES.findIndex((gate) => closed.includes(gate));
  return GATES.map((gate, row) => {
    if (closed.includes(gate)) return '✗';
    if (row >= firstUnknown) return '?';
    return firstClosed >= 0 && row > firstClosed ? '–' : '✓';
  });
}
