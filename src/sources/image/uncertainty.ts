import { unknown, type Sourced } from '../../model/container/container.js';
import type { Place } from '../../model/place.js';
import type { ImageFacts } from './facts.js';

/** An image of which nothing is known; `why` completes "It is not known … because". */
export function unknownImage(why: string, ...places: readonly Place[]): ImageFacts {
  const nothing = <T>(): Sourced<T> => unknown<T>(why, ...places);
  return {
    user: nothing(),
    distro: nothing(),
    bwrap: { presence: nothing(), setuid: nothing(), version: nothing() },
    codex: nothing(),
    programs: [],
    metadata: { unreadable: why },
  };
}

/** An image that the table does not hold, or whose name is not known. */
export function unlistedImage(why: string, place: Place): ImageFacts {
  return { ...unknownImage(why, place), metadata: { unreadable: why, unlisted: true } };
}

/** After something that cannot be read has run in the image: what is there stays, what is not there may have come. */
export function maybeInstalled(facts: ImageFacts, why: string, ...places: readonly Place[]): ImageFacts {
  const { bwrap, codex } = facts;
  const doubt = <T>(value: Sourced<T>, absent: boolean): Sourced<T> => (absent ? unknown(why, ...places) : value);
  const absent = bwrap.presence.value === 'absent';
  return {
    ...facts,
    bwrap: {
      presence: doubt(bwrap.presence, absent),
      // What may have come may be setuid, also where it may have been there before.
      setuid: doubt(bwrap.setuid, bwrap.presence.value !== 'present'),
      version: doubt(bwrap.version, absent),
    },
    codex: doubt(codex, codex.value === null),
  };
}
