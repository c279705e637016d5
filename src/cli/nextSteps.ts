import { ADVISORY_HOSTS, displayNames } from '../model/host.js';
import type { Prediction } from '../model/sandbox/predict.js';
import { list } from '../model/wordList.js';
import { count } from '../report/text.js';
import type { Judgement } from '../rules/judge.js';
import { ubuntuUserns } from '../rules/ubuntuUserns.js';
import type { Subject } from './arguments.js';

const PROGRAM = 'codex-sandbox-check';

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w./@:=+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The same as the user typed it, with another command and other hosts. */
export function commandFor(
  name: string,
  { paths, wanted: { codexVersion, network } }: Pick<Subject, 'paths' | 'wanted'>,
  hosts: readonly string[],
  ...options: readonly string[]
): string {
  const words = [
    ...(hosts.length === 0 ? [] : ['--host', hosts.join(',')]),
    ...(codexVersion === undefined ? [] : ['--codex', codexVersion]),
    ...(network === undefined ? [] : ['--network', network]),
    ...options,
    ...(paths.length === 1 && paths[0] === '.' ? [] : paths),
  ];
  return [PROGRAM, name, ...words.map(quoted)].join(' ');
}

/** The hosts that somebody named. */
export function namedHosts({ wanted, hostsNamed }: Pick<Subject, 'wanted' | 'hostsNamed'>): readonly string[] {
  return hostsNamed ? wanted.hosts : [];
}

/**
 * A line for the Ubuntu hosts on which the sandbox does not work yet, where nobody named them and the others are done; a second one
 * where that is not known.
 */
export function ubuntuSteps(
  judgements: readonly Pick<Judgement, 'predictions' | 'advisory'>[],
  subject: Pick<Subject, 'paths' | 'wanted'>,
): readonly string[] {
  const advisory = judgements.flatMap((judgement) => judgement.advisory);
  const predictions = judgements.flatMap((judgement) => judgement.predictions);
  const deciding = predictions.filter(({ host }) => !advisory.includes(host));
  if (deciding.some(({ outcome }) => outcome !== 'works')) return [];
  const hostsOf = (wanted: Prediction['outcome']): readonly string[] =>
    ADVISORY_HOSTS.filter((name) =>
      predictions.some(({ host, outcome }) => host === name && advisory.includes(host) && outcome === wanted),
    );
  const failing = hostsOf('fails');
  const unknown = hostsOf('unknown').filter((host) => !failing.includes(host));
  const lines: string[] = [];
  if (failing.length > 0) {
    lines.push(`${list(displayNames(failing))} hosts need one more step: ${PROGRAM} rules ${ubuntuUserns.id}`);
  }
  if (unknown.length > 0) {
    lines.push(`Unknown on ${list(displayNames(unknown))}. To see why: ${commandFor('check', subject, unknown)}`);
  }
  return lines;
}

/** That there are configurations below a PATH that were not looked at; nothing where there are none. */
export function belowText(folders: number): readonly string[] {
  if (folders === 0) return [];
  const [have, them] = folders === 1 ? ['has a configuration', 'it'] : ['have configurations', 'them'];
  return [`${count(folders, 'more folder')} below ${have}. To include ${them}, add --all.`];
}
