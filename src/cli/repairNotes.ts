import type { Prediction } from '../model/sandbox/predict.js';
import { ADVISORY_HOSTS } from '../model/host.js';
import { hostChangeFor, hostChangeLines } from '../model/plan/hostChange.js';
import { givenAway } from '../model/plan/relaxations.js';
import { oneLine } from '../report/terminal.js';
import { switchedOff } from '../rules/engine/switchedOff.js';
import { invalidFile } from '../rules/invalidFile.js';
import { setuidMissing } from '../rules/setuidMissing.js';
import { systempathsAsRoot } from '../rules/systempathsAsRoot.js';
import { list } from '../model/wordList.js';
import { workingHosts, type Repaired } from './repair.js';

/** What is left on a host, a sentence or two. @param isAsked whether somebody wants the container to work there */
function remaining(
  { outcome, gate, condition, host }: Prediction,
  gateBefore: Prediction['gate'],
  obstacle: string | undefined,
  isAsked: boolean,
): string {
  const says = (command: string): string => `\`codex-sandbox-check ${command}\` says why.`;
  if (outcome === 'unknown') {
    return `whether the sandbox works is not known. ${says(isAsked ? 'check' : `check --host ${host}`)}`;
  }
  const when = condition === undefined ? '' : ` ${condition}`;
  const fails = `the sandbox ${gate === gateBefore ? '' : 'then '}fails at gate ${gate ?? ''}${when}`;
  // What helps there alone is not looked for unasked.
  if (!isAsked && obstacle === undefined)
    return `${fails}. \`codex-sandbox-check fix --host ${host}\` tells what helps there.`;
  const helpless =
    gate === 'workspace-entries'
      ? 'what is in the workspace folder is yours to change'
      : 'no edit of these files is known to help';
  return `${fails}, and ${obstacle ?? helpless}. ${says('check')}`;
}

/** The place of a mistake that keeps files from being edited: none is where something else could be. */
function mistake({ applied, after }: Repaired): string | undefined {
  const found = after.findings.find(({ rule, severity }) => rule === invalidFile.id && severity === 'error');
  if (!found || applied.length > 0 || after.isRepairable()) return undefined;
  return `${found.place.file}:${found.place.range.start.line + 1}`;
}

/**
 * What a person is to know about a repair beside its diff, a sentence a line.
 * @param hostsNamed whether somebody named the hosts: else those that need a repair on request get one line
 */
export function notes(file: string, repaired: Repaired, hostsNamed = false): readonly string[] {
  const { before, after, applied, otherWays, smaller } = repaired;
  const broken = mistake(repaired);
  const say = (text: string): string => oneLine(`${file}: ${text}`);
  const lines = applied.flatMap((fix) => [
    say(fix.title),
    ...givenAway(fix.relaxations, after.request).map((what) => say(`gives away: ${what}.`)),
  ]);
  lines.push(...insteadOf(repaired).map(say));
  const off = switchedOff(after);
  if (off) {
    const text = `${off.value.by} switches Codex’s sandbox off, so nothing is opened for it. \`codex-sandbox-check check\` says where.`;
    return [...lines, say(text)];
  }
  const onRequest = hostsNamed ? undefined : after.repairs().onRequest;
  const offers = onRequest?.fixes() ?? [];
  const unasked = offers.length > 0 ? (onRequest?.hosts ?? []) : [];
  const working = workingHosts(after);
  const counted = hostsNamed ? [] : [...unasked, ...ADVISORY_HOSTS];
  const danger = after.findings.some(({ rule }) => rule === systempathsAsRoot.id);
  if (danger) {
    lines.push(
      say('systempaths=unconfined still hands the host to root. `codex-sandbox-check check` says what helps.'),
    );
  } else if (applied.length === 0 && after.predictions.every(({ host }) => [...working, ...counted].includes(host))) {
    lines.push(...(working.length === 0 ? [] : [say(`nothing to do, Codex's sandbox works on ${list(working)}.`)]));
  }
  lines.push(...otherWays.map(({ title }) => say(`${title}.`)));
  const left = new Map<string, string[]>();
  const refusal = broken === undefined ? after.whyNotRepairable() : undefined;
  const obstacle =
    broken === undefined
      ? refusal && `the fix cannot be written, because ${refusal}`
      : `nothing is edited while ${broken} breaks the grammar of its format: correct that first`;
  for (const now of after.predictions) {
    if (now.outcome === 'works' || unasked.includes(now.host)) continue;
    const isAsked = hostsNamed || !ADVISORY_HOSTS.includes(now.host);
    const text = remaining(now, before.predictions.find((p) => p.host === now.host)?.gate, obstacle, isAsked);
    left.set(text, [...(left.get(text) ?? []), now.host]);
  }
  for (const [text, hosts] of left) lines.push(say(`${list(hosts)}: ${text}`));
  // A host need not change for what an edit could do.
  if (broken === undefined) lines.push(...hostChanges(after, counted));
  const ask = (hosts: readonly string[]): string => hosts.map((host) => `--host ${host}`).join(' ');
  lines.push(...offers.map(({ title, hosts = unasked }) => say(`${title}. Add ${ask(hosts)} to get it.`)));
  for (const hosts of smaller) {
    lines.push(
      say(
        `a smaller change is enough if only ${list(hosts)} matter${hosts.length === 1 ? 's' : ''}: add ${ask(hosts)} to get it.`,
      ),
    );
  }
  return lines;
}

/** Where SYS_ADMIN was given for a host that its administrator could change instead. */
function insteadOf({ applied, before }: Repaired): readonly string[] {
  if (!applied.some(({ relaxations }) => relaxations.includes('cap-SYS_ADMIN'))) return [];
  const { obstacles, configuration } = before;
  const changes = obstacles.flatMap(
    ({ host, gate, error }) => hostChangeFor(host, gate, error, configuration.container) ?? [],
  );
  return [...new Set(changes)].map(
    ({ summary }) =>
      `whoever administers such a host gives away far less: there, ${summary}. \`codex-sandbox-check rules ${setuidMissing.id}\` says how.`,
  );
}

/** What the administrators of the hosts that are left can do, each thing once: also about gates behind the one that is met first. */
function hostChanges(
  { configuration, predictions, obstacles }: Repaired['after'],
  unasked: readonly string[],
): readonly string[] {
  const working = predictions.filter(({ outcome }) => outcome === 'works').map(({ host }) => host);
  const changes = obstacles
    .filter(({ host }) => !working.includes(host.name) && !unasked.includes(host.name))
    .flatMap(({ host, gate, error }) => hostChangeFor(host, gate, error, configuration.container) ?? []);
  return [...new Set(changes)].flatMap(hostChangeLines);
}
