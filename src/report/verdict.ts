import { displayNames } from '../model/host.js';
import type { Prediction } from '../model/sandbox/predict.js';
import { list } from '../model/wordList.js';
import { switchedOff } from '../rules/engine/switchedOff.js';
import { sentence } from '../rules/engine/wording.js';
import type { Judgement } from '../rules/judge.js';
import { harmless, type Paint, type Style } from './terminal.js';

/** What people read of an outcome: one that holds under a condition is probable. */
function outcomeWords({ outcome, condition }: Prediction): string {
  return condition === undefined ? outcome : `probably ${outcome}`;
}

/** In the order in which a verdict says them. */
const OUTCOME_WORDS = ['works', 'probably works', 'fails', 'probably fails', 'unknown'];

/**
 * The verdict on one configuration in one line: "works on Docker Desktop, fails on Linux (Debian) and Ubuntu". While the sandbox is off,
 * nothing fails, and the line says that it is off.
 */
export function verdictLine(judged: Pick<Judgement, 'configuration' | 'predictions' | 'request'>): string {
  const { predictions, request } = judged;
  if (switchedOff(judged)) return `off: ${request.agent.name} runs without its sandbox`;
  return OUTCOME_WORDS.flatMap((words) => {
    const hosts = predictions.filter((prediction) => outcomeWords(prediction) === words).map(({ host }) => host);
    return hosts.length === 0 ? [] : `${words} on ${list(displayNames(hosts))}`;
  }).join(', ');
}

/** The verdict for one host. */
export interface VerdictRow {
  readonly host: string;
  readonly outcome: Prediction['outcome'];
  /** The first closed gate, or the one that cannot be judged; undefined where it works. */
  readonly gate: string | undefined;
  /** Closed gates that are met once that one is open. */
  readonly behind: readonly string[];
}

/** What the tables are made of. */
type Judged = Pick<Judgement, 'hosts' | 'predictions' | 'obstacles'>;

/** A row for each host, in the order in which they were asked for. */
export function verdictRows({ predictions, obstacles }: Judged): readonly VerdictRow[] {
  return predictions.map(({ host, outcome, gate, undecided }) => {
    const closed = obstacles.filter((obstacle) => obstacle.host.name === host).map((obstacle) => obstacle.gate);
    const behind = [...new Set(closed)].filter((other) => other !== gate);
    return { host, outcome, gate: gate ?? undecided, behind };
  });
}

/**
 * What the verdict rests on: when it does not hold, a line for the hosts of each condition, and what was seen of this machine, where
 * it is one of the hosts.
 */
function remarks({ hosts, predictions }: Judged): readonly string[] {
  const conditions = new Set(predictions.flatMap(({ condition }) => condition ?? []));
  return [
    ...[...conditions].map((condition) => {
      const concerned = predictions.filter((prediction) => prediction.condition === condition);
      const where = concerned.length < predictions.length ? `on ${list(concerned.map(({ host }) => host))}, ` : '';
      return sentence(`${where}the verdict holds ${condition}.`);
    }),
    ...hosts.filter(({ name }) => name === 'local').map(({ description }) => description),
  ];
}

const OUTCOME_STYLES: Readonly<Record<Prediction['outcome'], Style>> = {
  works: 'green',
  fails: 'red',
  unknown: 'yellow',
};

function where({ outcome, gate }: VerdictRow): string {
  if (gate === undefined) return '';
  return outcome === 'unknown' ? `${gate}?` : gate;
}

/**
 * The table for a terminal: host, verdict, first closed gate, closed gates behind it; a column that says nothing is left out.
 * Indented by two, without a last line end.
 */
export function verdictText(judged: Judged, paint: Paint): string {
  const rows = verdictRows(judged);
  const columns = [
    { head: 'host', cells: rows.map(({ host }) => harmless(host)) },
    { head: 'verdict', cells: rows.map(({ outcome }) => outcome) },
    { head: 'fails at', cells: rows.map(where) },
    { head: 'then at', cells: rows.map(({ behind }) => behind.join(', ')) },
  ].filter(({ cells }, column) => column < 2 || cells.some((cell) => cell !== ''));
  const widths = columns.map(({ head, cells }) => Math.max(head.length, ...cells.map((cell) => cell.length)));
  // The padding stands outside of the colours, so that what is left of it at the end can go.
  const line = (texts: readonly string[], style: (text: string, column: number) => string): string =>
    `  ${texts.map((text, column) => style(text, column) + ' '.repeat((widths[column] ?? 0) - text.length)).join('  ')}`.trimEnd();
  return [
    line(
      columns.map(({ head }) => head),
      (text) => paint('dim', text),
    ),
    ...rows.map(({ outcome }, row) =>
      line(
        columns.map(({ cells }) => cells[row] ?? ''),
        (text, column) => (column === 1 ? paint(OUTCOME_STYLES[outcome], text) : text),
      ),
    ),
    ...remarks(judged).map((remark) => `  ${paint('dim', harmless(remark))}`),
  ].join('\n');
}

/** Text that Markdown shows as it is, in a table's cell as elsewhere. */
export function literal(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]()#+\-.!|<>~&$:@]/g, '\\$&');
}

function inCode(gate: string): string {
  return `\`${gate}\``;
}

/**
 * The table as GitHub-flavoured Markdown, for a hover.
 * @param heading what the table is about, as plain text
 */
export function verdictMarkdown(judged: Judged, heading: string): string {
  const rows = verdictRows(judged).map((row) => {
    const gate =
      row.gate === undefined ? '' : inCode(row.gate) + (row.outcome === 'unknown' ? ' cannot be judged' : '');
    return `| ${literal(row.host)} | ${row.outcome === 'fails' ? '**fails**' : row.outcome} | ${gate} | ${row.behind.map(inCode).join(', ')} |`;
  });
  return [
    `**${literal(heading)}**`,
    ['| Host | Verdict | Fails at | Then at |', '| --- | --- | --- | --- |', ...rows].join('\n'),
    ...remarks(judged).map(literal),
  ].join('\n\n');
}
