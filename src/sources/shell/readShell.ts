import type { Place } from '../../model/place.js';
import { applyEffects } from '../image/applyEffects.js';
import type { ShellEffect } from '../image/effects.js';
import type { ImageFacts } from '../image/facts.js';
import { slice, sourceSpan, type MappedText } from '../text/mappedText.js';
import { OutOfSteps, Steps } from '../text/steps.js';
import { Scan } from './scan.js';
import type { Lookup } from './words.js';

/**
 * What a shell script (POSIX sh or bash) does that matters to the sandbox, in the order in which it does it. Spans are offsets into
 * `script`. Follows sequences, conditions, loops, functions, `sh -c`, sudo and the like. Never throws: what does not parse
 * has no effects, and a script that takes more than the steps has the one effect `unread`.
 * @param lookup the variables that are known beside those that the script sets.
 * @param steps what the scripts of a file may take together
 */
export function scanShell(
  script: string,
  lookup: Lookup = () => undefined,
  steps: Steps = new Steps(),
): readonly ShellEffect[] {
  return scanMapped(slice(script, 0, script.length), lookup, steps);
}

/** As scanShell, for a script that was made out of a larger text, to whose offsets the spans then refer. */
export function scanMapped(script: MappedText, lookup: Lookup, steps: Steps): readonly ShellEffect[] {
  const scan = new Scan(lookup, steps);
  let isRead = !steps.areUsedUp;
  try {
    if (isRead) scan.script(script, 'always', 0);
  } catch (error) {
    if (!(error instanceof OutOfSteps)) throw error;
    isRead = false;
  }
  if (isRead) return scan.effects;
  const word = sourceSpan(script, 0, script.text.length);
  return [{ kind: 'unread', word, command: word, likelihood: 'always' }];
}

/**
 * What a shell script makes of an image, for instance a lifecycle command; `placeOf` turns its offsets into places.
 * @param lookup as for scanShell
 * @param steps as for scanShell
 */
export function applyShell(
  facts: ImageFacts,
  script: string,
  placeOf: (start: number, end: number) => Place,
  lookup?: Lookup,
  steps?: Steps,
): ImageFacts {
  return applyEffects(facts, scanShell(script, lookup, steps), ({ start, end }) => placeOf(start, end));
}
