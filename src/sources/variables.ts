import { known, unknown, type Sourced } from '../model/container.js';
import type { Place } from '../model/place.js';

const VARIABLE = /\$\{([^}]*)\}/g;

/**
 * Variables of devcontainer.json whose value the files know (containers.dev, "Variables in devcontainer.json"). The
 * environment of the machine is not known, but a default is taken: the configuration must work where the variable is not set.
 */
export function substitute(text: string): { readonly text: string; readonly unresolved: readonly string[] } {
  const unresolved: string[] = [];
  const result = text.replace(VARIABLE, (whole: string, inside: string) => {
    // A default ends at the next colon, as in the dev container CLI.
    const [name, , fallback] = inside.split(':');
    if ((name === 'localEnv' || name === 'env') && fallback !== undefined) return fallback;
    unresolved.push(whole);
    return whole;
  });
  return { text: result, unresolved };
}

/** A value with its variables replaced; unknown where one depends on the machine. */
export function substituted(text: string, ...places: readonly Place[]): Sourced<string> {
  const { text: value, unresolved } = substitute(text);
  const [first] = unresolved;
  return first === undefined ? known(value, ...places) : unknown(dependsOn(first), ...places);
}

/** Completes "It is not known … because". */
export function dependsOn(variable: string): string {
  return `${variable} depends on the machine`;
}
