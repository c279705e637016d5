import type { Fix } from '../rules/engine/rule.js';
import type { Judgement } from '../rules/judge.js';
import { choiceOf, type Applying, type Choice } from './applying.js';
import type { Entry } from './diagnostics.js';
import { mainRepair } from './otherWays.js';

/** What "fix all" does for a file: all of the configurations that it has something to say of. */
export function fixAll(entries: readonly Entry[], applying: Applying): Promise<Choice | undefined> {
  return together(entries, applying, mainRepair);
}

/** The same on save, where nobody looks: only the narrowest. */
export function fixOnSave(entries: readonly Entry[], applying: Applying): Promise<Choice | undefined> {
  return together(entries, applying, narrowest);
}

/**
 * The repair for the hosts that need least. The next save would take the one for the others; so where a host works already, a save
 * relaxes nothing more.
 */
function narrowest({ predictions, repairs }: Judgement): Fix | undefined {
  const [first] = repairs().fixes();
  const somethingWorks = predictions.some(({ outcome }) => outcome === 'works');
  return first && !first.needsReview && !(somethingWorks && first.relaxations.length > 0) ? first : undefined;
}

/**
 * The fixes of several configurations as one, as far as they agree on the files that they share. A fix is taken as a whole or not at
 * all; what does not fit is worked out anew on what this leaves.
 */
async function together(
  entries: readonly Entry[],
  applying: Applying,
  fixFor: (judgement: Judgement) => Fix | undefined,
): Promise<Choice | undefined> {
  let all: Choice | undefined;
  const judgements = new Map(
    entries.flatMap(({ judgement, origin }) => (judgement ? [[judgement, origin] as const] : [])),
  );
  for (const [judgement, origin] of judgements) {
    const fix = fixFor(judgement);
    if (!fix) continue;
    const choice = choiceOf(origin, judgement, fix, true);
    if (!(await applying.prepare(choice))) continue;
    all = all === undefined ? choice : (united(all, choice) ?? all);
  }
  return all;
}

/** undefined: they do not agree on a file that both change. */
function united(one: Choice, other: Choice): Choice | undefined {
  if (one.origin.folder.toString() !== other.origin.folder.toString()) return undefined;
  const of = ({ edits }: Choice, file: string): Choice['edits'] => edits.filter((edit) => edit.file === file);
  const shared = new Set(one.edits.map(({ file }) => file).filter((file) => of(other, file).length > 0));
  for (const file of shared) if (JSON.stringify(of(one, file)) !== JSON.stringify(of(other, file))) return undefined;
  return {
    ...one,
    texts: new Map([...one.texts, ...other.texts]),
    edits: [...one.edits, ...other.edits.filter(({ file }) => !shared.has(file))],
    isReviewed: one.isReviewed || other.isReviewed,
  };
}
