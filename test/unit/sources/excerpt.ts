import type { Place } from '../../../src/model/place.js';
import { linesOf } from '../../../src/sources/text/lines.js';

/** The part of a text that a place covers: what an editor would underline. */
export function excerpt(text: string, place: Place | undefined): string {
  if (!place) return '(no place)';
  const lines = linesOf(text, place.file);
  return text.slice(lines.offset(place.range.start), lines.offset(place.range.end));
}
