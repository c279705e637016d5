import { oneLine } from '../../model/headline.js';
import type { Place } from '../../model/place.js';

/** Something in the files that keeps them from being read as meant. It becomes a finding where it is. */
export interface Problem {
  readonly kind:
    /** The text breaks its format's grammar here; what could be read around it is judged. */
    | 'syntax'
    /** A property has a value of the wrong type; it is ignored. */
    | 'type'
    /** A file that is referred to does not exist. */
    | 'missing'
    /** A file that is referred to lies outside the workspace folder (or a link leads there) and is not read. */
    | 'outside'
    /** Larger than the limit, no regular file, or not readable. */
    | 'unreadable'
    /** A part of the format that this program does not read yet: its effect is unknown, which is no error. */
    | 'not-judged';
  readonly place: Place;
  /** A headline, then lines: what to do, and why it matters (`problemMessage`). */
  readonly message: string;
}

/** How the headline of a problem begins that leaves nothing to start. */
const STOPS = ['The container cannot start', 'The image cannot be built'];

/** The headline as a clause, where it says that there is no container. */
export function stopOf(headline: string): string | undefined {
  return STOPS.some((effect) => headline.startsWith(`${effect}: `))
    ? headline.charAt(0).toLowerCase() + headline.slice(1)
    : undefined;
}

/** The message of a problem. Names in it may hold line breaks, which only stand between its lines. */
export function problemMessage(headline: string, ...lines: readonly string[]): string {
  return [headline, ...lines].map(oneLine).join('\n');
}
