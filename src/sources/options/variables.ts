import type { Place } from '../../model/place.js';

/** An environment variable of the container as it is written. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly place: Place;
}

/** `NAME=VALUE`; a name alone takes the value of the machine. */
export function variableOf(text: string, place: Place): Variable {
  const equals = text.indexOf('=');
  return equals < 0
    ? { name: text, value: '', place }
    : { name: text.slice(0, equals), value: text.slice(equals + 1), place };
}
