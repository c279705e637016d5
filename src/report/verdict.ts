import { GATE_NAMES, UNDECIDED_GATE_NAMES, type Gate } from '../model/gates.js';
import { displayNames } from '../model/host.js';
import type { Prediction } from '../model/sandbox/predict.js';
import { list } from '../model/wordList.js';
import { switchedOff } from '../rules/engine/switchedOff.js';
import { sentence } from '../rules/engine/wording.js';
import type { Judgement } from '../rules/judge.js';
import { literal } from './markdown.js';
import { stopClause, stoppedBy } from './stopped.js';
import { harmless, type Paint, type Style } from './terminal.js';
import { WIDTH_OF_LOGS, wrapped } from './wrap.js';

/** What a verdict is made of. */
type Judged = Pick<Judgement, 'configuration' | 'findings' | 'hosts' | 'predictions' | 'obstacles' | 'request'>;

const OUTCOME_STYLES: Readonly<Record<Prediction['outcome'], Style>> = {
  works: 'green',
  fails: 'red',
  unknown: 'yellow',
};

const OUTCOMES = Object.keys(OUTCOME_STYLES) as readonly Prediction['outcome'][];

/** What people read of an outcome: one that holds under a condition is probable. */
function outcomeWords({ outcome, condition }: Pick<VerdictRow, 'outcome' | 'condition'>): string {
  return condition === undefined ? outcome : `probably ${outcome}`;
}

/**
 * The verdict on one configuration in one line: "works on Docker Desktop, fails on Linux (Debian) and Ubuntu". While the sandbox is off,
 * nothing fails, and the line says that it is off. Where there is no container, nothing is said of the sandbox in it.
 */
export function verdictLine(
  judged: Pick<Judged, 'configuration' | 'findings' | 'predictions' | 'request'>,
  paint: Paint = (_style, text) => text,
): string {
  const { predictions, request } = judged;
  const off = switchedOff(judged);
  if (off) {
    const { name } = request.agent;
    const isSaid = off.value.reason !== undefined;
    return paint('yellow', isSaid ? 'off: this repository says so' : `off: ${name} runs without its sandbox`);
  }
  const stopped = predictions.flatMap(({ host }) => {
    const stop = stoppedBy(judged, host);
    return stop ? [{ host, stop }] : [];
  });
  const [first] = stopped;
  if (first && stopped.length === predictions.length && stopped.every(({ stop }) => stop === first.stop)) {
    return paint('red', stopClause(first.stop, 'with cause'));
  }
  const effects = stopped.map(({ host, stop }) => ({ host, effect: stopClause(stop, 'without cause') }));
  const stops = [...new Set(effects.map(({ effect }) => effect))].map((effect) => {
    const hosts = displayNames(effects.flatMap((one) => (one.effect === effect ? one.host : [])));
    return `${paint('red', effect)} on ${list(hosts)}`;
  });
  const words = OUTCOMES.flatMap((outcome) => [outcome, `probably ${outcome}`].map((said) => ({ outcome, said })));
  const parts = words.flatMap(({ outcome, said }) => {
    const same = predictions.filter(
      (prediction) => outcomeWords(prediction) === said && stopped.every(({ host }) => host !== prediction.host),
    );
    const hosts = displayNames(same.map(({ host }) => host));
    return hosts.length === 0 ? [] : `${paint(OUTCOME_STYLES[outcome], said)} on ${list(hosts)}`;
  });
  return [...stops, ...parts].join(', ');
}

/** The verdict for one host, or for several that people have one name for. */
export interface VerdictRow {
  /** For people. */
  readonly host: string;
  readonly outcome: Prediction['outcome'];
  /** Under which the outcome holds: "unless …". */
  readonly condition?: string | undefined;
  /** The first closed gate, or the one that cannot be judged; undefined where it works. */
  readonly gate: Gate | undefined;
  /** That there is no container there, as a clause: nothing else of the row matters then. */
  readonly stop?: string | undefined;
  /** Closed gates that are met once that one is open. */
  readonly behind: readonly Gate[];
}

/** A row for each host, in the order in which they were asked for; hosts that share a name and a verdict share a row. */
export function verdictRows(judged: Pick<Judged, 'findings' | 'predictions' | 'obstacles'>): readonly VerdictRow[] {
  const { predictions, obstacles } = judged;
  const verdicts = predictions.map(({ host, outcome, gate, undecided, condition }) => {
    const stopping = stoppedBy(judged, host);
    if (stopping) {
      const stop = stopClause(stopping, 'without cause');
      return { host, verdict: { outcome: 'fails' as const, condition: undefined, gate: undefined, stop, behind: [] } };
    }
    const closed = obstacles.filter((obstacle) => obstacle.host.name === host).map((obstacle) => obstacle.gate);
    const behind = [...new Set(closed)].filter((other) => other !== gate);
    return { host, verdict: { outcome, condition, gate: gate ?? undecided, behind } };
  });
  const rows = verdicts.map(({ host, verdict }): VerdictRow => {
    const same = verdicts.filter((other) => JSON.stringify(other.verdict) === JSON.stringify(verdict));
    // The first name is that of the first host, or the one that it shares with another.
    const [name = host] = displayNames([host, ...same.map((other) => other.host)]);
    return { host: name, ...verdict };
  });
  return rows.filter(({ host }, i) => rows.findIndex((row) => row.host === host) === i);
}

/**
 * What the verdict rests on: when it does not hold, a line for the hosts of each condition, and what was seen of this machine, where
 * it is one of the hosts.
 */
function remarks({ findings, hosts, predictions: all }: Judged): readonly string[] {
  const predictions = all.filter(({ host }) => !stoppedBy({ findings }, host));
  const conditions = new Set(predictions.flatMap(({ condition }) => condition ?? []));
  return [
    ...[...conditions].map((condition) => {
      const concerned = predictions.filter((prediction) => prediction.condition === condition).map(({ host }) => host);
      const where = concerned.length < predictions.length ? ` for ${list(displayNames(concerned))}` : '';
      return `Assumed${where}: the verdict holds ${condition}.`;
    }),
    ...hosts.filter(({ name }) => name === 'local').map(({ description }) => description),
  ];
}

/** Why it fails or is not known, as a clause; empty where it works. */
function reason(row: VerdictRow, idOf: (gate: Gate) => string = () => ''): string {
  if (row.stop !== undefined) return row.stop;
  if (row.gate === undefined) return '';
  return row.outcome === 'unknown'
    ? `not known whether ${UNDECIDED_GATE_NAMES[row.gate]}${idOf(row.gate)}`
    : `${GATE_NAMES[row.gate]}${idOf(row.gate)}`;
}

/** How a verdict is shown on a terminal. */
export interface VerdictOptions {
  readonly width?: number;
  /** Says the gates' ids as well, and what would be the outcome while the sandbox is off. */
  readonly verbose?: boolean;
}

/**
 * The table for a terminal: host, verdict and, where it does not work, why. Nothing where the one line of the verdict says it all.
 * Indented by two, without a last line end.
 */
export function verdictText(judged: Judged, paint: Paint, options: VerdictOptions = {}): string {
  const { width = WIDTH_OF_LOGS, verbose = false } = options;
  const off = switchedOff(judged) !== undefined;
  if (off && !verbose) return '';
  const idOf = (gate: Gate): string => (verbose ? ` [${gate}]` : '');
  const rows = verdictRows(judged).map((row) => ({
    host: sentence(harmless(row.host)),
    outcome: off && row.outcome !== 'unknown' ? `would ${row.outcome.slice(0, -1)}` : outcomeWords(row),
    style: OUTCOME_STYLES[row.outcome],
    why: [reason(row, idOf), ...row.behind.map((gate) => `then ${GATE_NAMES[gate]}${idOf(gate)}`)]
      .filter(Boolean)
      .join('; '),
  }));
  const widest = (head: string, cells: readonly string[]): number =>
    Math.max(head.length, ...cells.map((cell) => cell.length));
  const hostWidth = widest(
    'Host',
    rows.map(({ host }) => host),
  );
  const outcomeWidth = widest(
    'Verdict',
    rows.map(({ outcome }) => outcome),
  );
  const indent = ' '.repeat(2 + hostWidth + 2 + outcomeWidth + 2);
  const table = rows.flatMap(({ host, outcome, style, why }) => {
    const [first = '', ...more] = wrapped(why, width - indent.length);
    const gap = ' '.repeat(outcomeWidth - outcome.length + 2);
    // The padding stands outside of the colours, so that what is left of it at the end can go.
    return [
      `  ${host.padEnd(hostWidth)}  ${paint(style, outcome)}${gap}${first}`.trimEnd(),
      ...more.map((line) => indent + line),
    ];
  });
  const heads = `  ${'Host'.padEnd(hostWidth)}  ${'Verdict'.padEnd(outcomeWidth)}  Why`;
  return [
    ...(rows.some(({ why }) => why !== '') || off ? [paint('dim', heads), ...table] : []),
    ...remarks(judged)
      .flatMap((remark) => wrapped(harmless(remark), width, '  '))
      .map((line) => paint('dim', line)),
  ].join('\n');
}

/**
 * The table as GitHub-flavoured Markdown, for a hover; while the sandbox is off, the line that says so.
 * @param heading what the table is about, as plain text
 */
export function verdictMarkdown(judged: Judged, heading: string): string {
  const title = `**${literal(heading)}**`;
  if (switchedOff(judged)) return [title, literal(sentence(`${verdictLine(judged)}.`))].join('\n\n');
  const rows = verdictRows(judged).map((row) => {
    const words = outcomeWords(row);
    const cells = [sentence(row.host), words, reason(row), row.behind.map((gate) => GATE_NAMES[gate]).join(', ')].map(
      literal,
    );
    return `| ${(row.outcome === 'fails' ? cells.with(1, `**${words}**`) : cells).join(' | ')} |`;
  });
  return [
    title,
    ['| Host | Verdict | Why | Then |', '| --- | --- | --- | --- |', ...rows].join('\n'),
    ...remarks(judged).map(literal),
  ].join('\n\n');
}
