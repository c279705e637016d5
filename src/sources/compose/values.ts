import { headlineWith } from '../../model/headline.js';
import { known, unknown, type Sourced } from '../../model/container/container.js';
import type { Place } from '../../model/place.js';
import { sequenceOf } from './merge.js';
import { entryOf, entryPlace, kindOf, type ComposeMapping, type ComposeNode, type ComposeScalar } from './node.js';
import { interpolated } from './interpolation.js';
import { problemMessage, type Problem } from '../text/problem.js';
import { dependsOn } from '../text/variables.js';

/** A text of a Compose file. */
export interface ComposeText {
  /** Variables that are not known are in it as `${NAME}`. */
  readonly text: string;
  /** Name and value together where it is an entry, else the value. */
  readonly place: Place;
  readonly scalar: ComposeScalar;
}

/** Unknown where a variable in it depends on the machine. */
export function sourced({ text, place, scalar }: ComposeText): Sourced<string> {
  const [variable] = interpolated(scalar).unresolved;
  return variable === undefined ? known(text, place) : unknown(dependsOn(variable), place);
}

/** Reads values of a service of the types that Compose wants; one of another type becomes a problem and is ignored. */
export class ComposeValues {
  readonly problems: Problem[] = [];

  /** An empty string counts as not there, as in Docker Compose. A number is a problem, and read as it is meant. */
  text(mapping: ComposeMapping, key: string): ComposeText | undefined {
    const entry = entryOf(mapping, key);
    if (!entry) return undefined;
    const isText = entry.value.kind === 'scalar' && typeof entry.value.value === 'string';
    if (!isText) this.wrong(`"${key}"`, entry.value, 'a string');
    if (entry.value.kind !== 'scalar' || typeof entry.value.value === 'boolean') return undefined;
    const found = this.#text(entry.value, entryPlace(entry));
    return found.text === '' ? undefined : found;
  }

  /** Also of `yes`, `on` and the like, and of a string with variables. Unknown: of another type. */
  boolean(mapping: ComposeMapping, key: string): Sourced<boolean> | undefined {
    const entry = entryOf(mapping, key);
    if (!entry) return undefined;
    const { value } = entry;
    const place = entryPlace(entry);
    if (value.kind === 'scalar') {
      const text = sourced(this.#text(value, place));
      if (text.value === undefined) return { ...text, value: undefined };
      if (/^(true|yes|y|on)$/i.test(text.value)) return known(true, place);
      if (/^(false|no|n|off)$/i.test(text.value)) return known(false, place);
    }
    this.wrong(`"${key}"`, value, 'true or false');
    return unknown(`"${key}" is ${kindOf(value)}`, place);
  }

  /** A list of strings, each at its own place. */
  list(mapping: ComposeMapping, key: string, form: 'list' | 'list-or-string' | 'list-or-map'): readonly ComposeText[] {
    const value = entryOf(mapping, key)?.value;
    if (!value) return [];
    const expected = {
      list: 'a list of strings',
      'list-or-string': 'a list or a string',
      'list-or-map': 'a list or a map',
    };
    const right =
      value.kind === 'sequence' ||
      (form === 'list-or-string' && value.kind === 'scalar') ||
      (form === 'list-or-map' && value.kind === 'mapping');
    if (!right) {
      this.wrong(`"${key}"`, value, expected[form]);
      return [];
    }
    // The values of a map may be numbers, the elements of a list may not.
    const read = (item: ComposeScalar): ComposeText =>
      value.kind === 'mapping' ? this.#text(item, item.place) : this.element(item, key);
    return sequenceOf(value).items.flatMap((item) => {
      if (item.kind === 'scalar' && item.value !== null) return [read(item)];
      this.wrong(`an element of "${key}"`, item, 'a string');
      return [];
    });
  }

  /** An element of a list at its own place. A number is a problem, and read as it is meant. */
  element(scalar: ComposeScalar, key: string): ComposeText {
    if (typeof scalar.value !== 'string') this.wrong(`an element of "${key}"`, scalar, 'a string');
    return this.#text(scalar, scalar.place);
  }

  /** Reports a value of a wrong type. `subject` and `expected` are for people. */
  wrong(subject: string, node: ComposeNode, expected: string): void {
    const value = node.kind === 'scalar' && typeof node.value === 'string' ? `"${node.value}"` : kindOf(node);
    const message = problemMessage(
      headlineWith(subject, (shown) => `The container cannot start: ${shown} has the wrong type`),
      `Write ${expected}, not ${value}, or remove it.`,
    );
    this.problems.push({ kind: 'type', place: node.place, message });
  }

  #text(scalar: ComposeScalar, place: Place): ComposeText {
    const { text, invalid } = interpolated(scalar);
    if (invalid) {
      const message = problemMessage(
        'The container cannot start: this "${" does not begin a variable',
        'Write "$${" for the characters themselves, or "${NAME}" for a variable.',
      );
      this.problems.push({ kind: 'type', place: scalar.place, message });
    }
    return { text, place, scalar };
  }
}
