import type { ServiceFiles, ServiceLayer } from '../devcontainer/definition.js';
import type { ServiceInDocument } from './document.js';
import { interpolated } from './interpolation.js';
import { entryOf, type ComposeEntry } from './node.js';
import type { ComposeServiceNode } from './project.js';
import { resolveBelow } from './reader.js';

/** Where a service stands, for the edits that change it. */
export function serviceFiles({ node, entries }: ComposeServiceNode): ServiceFiles {
  return { layers: entries.map(layerOf), keys: [...node.entries.keys()] };
}

function layerOf({ entry, document }: ServiceInDocument): ServiceLayer {
  const { value } = entry;
  const services = entryOf(document, 'services')?.value;
  const all = services?.kind === 'mapping' ? [...services.entries.values()] : [];
  const entries = value.kind === 'mapping' ? [...value.entries.values()] : [];
  return {
    place: entry.keyPlace,
    isExtended: all.some((other) => extendsOf(other, entry)),
    entries: entries.map((each) => ({ key: each.key, place: each.value.place, ...(each.hides && { hides: true }) })),
  };
}

/** Whether a service of the same file extends this one. */
function extendsOf({ value }: ComposeEntry, { key, keyPlace }: ComposeEntry): boolean {
  const extended = entryOf(value, 'extends')?.value;
  const name = extended?.kind === 'mapping' ? entryOf(extended, 'service')?.value : extended;
  if (name?.kind !== 'scalar' || interpolated(name).text !== key) return false;
  const file = entryOf(extended, 'file')?.value;
  if (file?.kind !== 'scalar') return true;
  const path = resolveBelow(file.scope.folder, interpolated(file).text);
  return path.kind === 'inside' && path.path === keyPlace.file;
}
