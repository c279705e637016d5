import { headlineWith } from '../../model/headline.js';
import type { Place } from '../../model/place.js';
import { problemMessage, type Problem } from './problem.js';
import { kindOf, property, type JsonDocument, type Node } from './jsonc.js';

/** A string of a JSON file and where it is. */
export interface PlacedString {
  readonly text: string;
  readonly place: Place;
  readonly node: Node;
}

/** Reads properties of the types that their format wants; a value of another type becomes a problem and is ignored. */
export class TypedJson {
  readonly problems: Problem[] = [];

  constructor(readonly document: JsonDocument) {}

  /** Reports a value of a wrong type. `subject` and `expected` are for people. */
  wrong(subject: string, node: Node, expected: string): void {
    const message = problemMessage(
      headlineWith(subject, (shown) => `${shown} is ignored: it has the wrong type`),
      `Write ${expected}, not ${kindOf(node)}, or remove it.`,
    );
    this.problems.push({ kind: 'type', place: this.document.place(node), message });
  }

  /** The value of a property that is there and is not null. */
  value(object: Node, name: string): Node | undefined {
    const node = property(object, name)?.value;
    return node?.type === 'null' ? undefined : node;
  }

  /** The place is that of name and value together. */
  boolean(object: Node, name: string): { readonly value: boolean; readonly place: Place } | undefined {
    const node = this.value(object, name);
    if (!node) return undefined;
    if (node.type === 'boolean') return { value: node.value === true, place: this.propertyPlace(object, name) };
    this.wrong(`"${name}"`, node, 'true or false');
    return undefined;
  }

  /** An empty string counts as not there, as in the dev container CLI. */
  string(object: Node, name: string): PlacedString | undefined {
    const node = this.value(object, name);
    if (!node) return undefined;
    if (node.type === 'string') return node.value === '' ? undefined : this.placed(node);
    this.wrong(`"${name}"`, node, 'a string');
    return undefined;
  }

  object(object: Node, name: string): Node | undefined {
    const node = this.value(object, name);
    if (!node || node.type === 'object') return node;
    this.wrong(`"${name}"`, node, 'an object');
    return undefined;
  }

  strings(object: Node, name: string): readonly PlacedString[] {
    const node = this.value(object, name);
    if (!node) return [];
    if (node.type === 'array') return this.elements(node, name);
    this.wrong(`"${name}"`, node, 'an array of strings');
    return [];
  }

  /** As `strings`; a string alone counts as the only element, as the dev container CLI has it, and is a problem all the same. */
  stringsOrOne(object: Node, name: string): readonly PlacedString[] {
    const node = this.value(object, name);
    if (node?.type !== 'string') return this.strings(object, name);
    const message = problemMessage(
      `Some tools refuse "${name}": it must be an array of strings`,
      'Put the string between brackets.',
    );
    this.problems.push({ kind: 'type', place: this.document.place(node), message });
    return [this.placed(node)];
  }

  /** The strings of an array; elements that are none become problems. */
  elements(array: Node, name: string): readonly PlacedString[] {
    return (array.children ?? []).flatMap((child) => {
      if (child.type === 'string') return [this.placed(child)];
      this.wrong(`An element of "${name}"`, child, 'a string');
      return [];
    });
  }

  placed(node: Node): PlacedString {
    return { text: String(node.value), place: this.document.place(node), node };
  }

  /** Name and value together; the object itself where there is no such property. */
  propertyPlace(object: Node, name: string): Place {
    return this.document.place(property(object, name)?.node ?? object);
  }
}
