import { list } from '../model/wordList.js';
import type { MeasuredCodex, Verdict } from './observation.js';

/** What distinguishes a Codex from others. */
type Named = Pick<MeasuredCodex, 'origin' | 'path'>;

const NAMES: Readonly<Record<MeasuredCodex['origin'], string>> = {
  path: 'Codex in the terminal',
  extension: 'Codex in the ChatGPT extension',
};

/** A Codex among others, for people; with its path if several editors have one. */
export function nameOf(codex: Named, all: readonly Named[]): string {
  const name = NAMES[codex.origin];
  const isOnly = all.filter(({ origin }) => origin === codex.origin).length < 2;
  return isOnly ? name : `${name} (${codex.path})`;
}

const OUTCOMES = { works: 'works', fails: 'fails', unknown: 'is unknown' } as const;

function worst(codexes: readonly MeasuredCodex[]): MeasuredCodex | undefined {
  return (['fails', 'unknown'] as const)
    .map((outcome) => codexes.find((codex) => codex.outcome === outcome))
    .find((codex) => codex !== undefined);
}

/** How several Codexes differ, a clause; undefined: they do not. */
export function differenceOf(codexes: readonly MeasuredCodex[]): string | undefined {
  const [first] = codexes;
  if (codexes.every(({ outcome, gate }) => outcome === first?.outcome && gate === first.gate)) return undefined;
  return codexes.map((codex) => `${nameOf(codex, codexes)} ${OUTCOMES[codex.outcome]}`).join(', ');
}

/** What was seen of those that do not work, each by its name if there are several. */
function details(codexes: readonly MeasuredCodex[]): Pick<Verdict, 'summary' | 'remediation'> {
  const notWorking = codexes.filter(({ outcome }) => outcome !== 'works');
  const summaries = notWorking.map((codex) =>
    notWorking.length === 1 ? codex.summary : `${nameOf(codex, codexes)}: ${codex.summary}`,
  );
  const remediations = notWorking.map(({ remediation }) => remediation);
  return { summary: summaries.join(' '), remediation: [...new Set(remediations)].join(' ') };
}

/**
 * The verdict for several Codexes together: works only if all of them work. If they differ, the summary says so first.
 * @param without the verdict if none is installed
 */
export function together(codexes: readonly MeasuredCodex[], without: Verdict): Verdict {
  const [first] = codexes;
  if (first === undefined) return without;
  const { outcome, gate } = worst(codexes) ?? first;
  if (codexes.length === 1) return { outcome, gate, summary: first.summary, remediation: first.remediation };
  const difference = differenceOf(codexes);
  if (difference !== undefined) {
    const { summary, remediation } = details(codexes);
    return { outcome, gate, summary: `${difference}. ${summary}`, remediation };
  }
  const names = list(codexes.map((codex) => nameOf(codex, codexes)));
  return { outcome, gate, summary: `${first.summary} The same holds for ${names}.`, remediation: first.remediation };
}
