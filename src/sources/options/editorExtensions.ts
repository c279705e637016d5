import type { Place } from '../../model/place.js';
import { properties, property, stringOf, type JsonDocument, type Node } from '../text/jsonc.js';

/** An extension that VS Code installs in the container; with a minus sign before it, one that it leaves out. */
export interface ListedExtension {
  readonly id: string;
  readonly place: Place;
}

/**
 * `customizations.vscode.extensions` of devcontainer.json or of a Feature; `extensions` is its older spelling, which the dev
 * container CLI (0.89) puts there. What is none of them is for VS Code to complain about.
 */
export function listedExtensions(document: JsonDocument, object: Node): readonly ListedExtension[] {
  const vscode = property(property(object, 'customizations')?.value, 'vscode')?.value;
  return [vscode, object]
    .flatMap((owner) => properties(owner).filter(({ key }) => key === 'extensions'))
    .flatMap(({ value }) => (value?.type === 'array' ? (value.children ?? []) : []))
    .flatMap((node) => {
      const id = stringOf(node);
      return id === undefined ? [] : [{ id, place: document.place(node) }];
    });
}
