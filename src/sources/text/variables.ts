import { known, unknown, type Sourced } from '../../model/container/container.js';
import type { Place } from '../../model/place.js';

/**
 * The text with each of its variables, from its `${` to the next `}`, replaced. No regular expression: of many openings without an
 * end it would look for the end of each.
 */
export function replaceVariables(text: string, replace: (variable: string) => string): string {
  let result = '';
  let at = 0;
  for (;;) {
    const start = text.indexOf('${', at);
    const end = start < 0 ? -1 : text.indexOf('}', start);
    if (end < 0) return result + text.slice(at);
    result += text.slice(at, start) + replace(text.slice(start, end + 1));
    at = end + 1;
  }
}

/**
 * Variables of devcontainer.json whose value the files know (containers.dev, "Variables in devcontainer.json"). The
 * environment of the machine is not known, but a default is taken: the configuration must work where the variable is not set.
 */
export function substitute(text: string): {
  readonly text: string;
  readonly unresolved: readonly string[];
  /** Those whose default was taken: the machine may set another value. */
  readonly defaulted: readonly string[];
} {
  const unresolved: string[] = [];
  const defaulted: string[] = [];
  const result = replaceVariables(text, (variable) => {
    // A default ends at the next colon, as in the dev container CLI.
    const [name, environment = '', fallback] = variable.slice(2, -1).split(':');
    if ((name === 'localEnv' || name === 'env') && fallback !== undefined) {
      defaulted.push(`\${${name}:${environment}}`);
      return fallback;
    }
    unresolved.push(variable);
    return variable;
  });
  return { text: result, unresolved, defaulted };
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
