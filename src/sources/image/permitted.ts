import { unknown, type Sourced } from '../../model/container/container.js';
import type { ImageFacts } from './facts.js';

/** What gives a command the powers of another user. */
export const ELEVATION = /\b(?:sudo|doas|su|runuser|setpriv|gosu)\b/;

/**
 * What a script makes of an image where the user that it runs as is not root, and it names nothing that would make it so: a package
 * manager refuses then, as does chmod (measured with apt-get of Debian 13: exit status 100).
 */
export function ifPermitted(before: ImageFacts, after: ImageFacts, user: string): ImageFacts {
  if (before.bwrap === after.bwrap) return after;
  const why = `a command that changes bubblewrap runs as ${user}, not root`;
  const either = <T>(was: Sourced<T>, is: Sourced<T>): Sourced<T> =>
    was.value === is.value ? is : unknown(why, ...is.places);
  const { presence, setuid, version } = before.bwrap;
  return {
    ...after,
    bwrap: {
      ...after.bwrap,
      presence: either(presence, after.bwrap.presence),
      setuid: either(setuid, after.bwrap.setuid),
      version: either(version, after.bwrap.version),
    },
  };
}
