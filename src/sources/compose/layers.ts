import type { ServiceFiles, ServiceLayer } from '../devcontainer/definition.js';
import type { ServiceInDocument } from './document.js';
import { interpolated } from './interpolation.js';
import { entryOf, type ComposeEntry } from './node.js';
import type { ComposeServiceNode } from './project.js';
import { resolveBelow } from './reader.js';

/** Where a service is, for the edits that change it. */
export function serviceFiles(
  { node, entries, documents }: ComposeServiceNode,
  folder: string | undefined,
): ServiceFiles {
  const services = documents.flatMap((document) => {
    const all = entryOf(document, 'services')?.value;
    return all?.kind === 'mapping' ? [...all.entries.values()] : [];
  });
  // A file that is read twice says the same twice.
  const last = entries.filter(({ entry }, at) => !entries.slice(at + 1).some((other) => isSame(other.entry, entry)));
  return { layers: last.map((each) => layerOf(each, services)), keys: [...node.entries.keys()], folder };
}

function isSame({ keyPlace: a }: ComposeEntry, { keyPlace: b }: ComposeEntry): boolean {
  const [p, q] = [a.range.start, b.range.start];
  return a.file === b.file && p.line === q.line && p.character === q.character;
}

function layerOf({ entry, document }: ServiceInDocument, services: readonly ComposeEntry[]): ServiceLayer {
  const entries = entry.value.kind === 'mapping' ? [...entry.value.entries.values()] : [];
  return {
    place: entry.keyPlace,
    folder: document.files.scope.folder,
    isExtended: services.some((other) => extendsOf(other, entry)),
    entries: entries.map((each) => ({ key: each.key, place: each.value.place, ...(each.hides && { hides: true }) })),
  };
}

/** Whether a service extends this one. */
function extendsOf({ keyPlace: other, value }: ComposeEntry, { key, keyPlace }: ComposeEntry): boolean {
  const extended = entryOf(value, 'extends')?.value;
  const name = extended?.kind === 'mapping' ? entryOf(extended, 'service')?.value : extended;
  if (name?.kind !== 'scalar' || interpolated(name).text !== key) return false;
  const file = entryOf(extended, 'file')?.value;
  if (file?.kind !== 'scalar') return other.file === keyPlace.file;
  const path = resolveBelow(file.scope.folder, interpolated(file).text);
  return path.kind === 'inside' && path.path === keyPlace.file;
}
