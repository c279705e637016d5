import { headlineWith } from '../../model/headline.js';
import { problemMessage } from '../text/problem.js';
import type { ComposeDocument, ComposeFiles, FoundService } from './document.js';
import { readExtended } from './extends.js';
import { includedBy } from './include.js';
import { mergeMappings } from './merge.js';
import { kindOf, serviceIn, type ComposeEntry, type ComposeMapping } from './node.js';
import type { ComposeReader } from './reader.js';

/** The service as the files define it together, with what it extends; undefined: none of them has it. */
export async function findService(
  name: string,
  files: ComposeFiles,
  compose: ComposeReader,
): Promise<FoundService | undefined> {
  let found: FoundService | undefined;
  for (const reference of files.references) {
    const file = await compose.file(reference, files.scope);
    for (const root of file?.documents ?? []) {
      const next = await serviceOf(name, { root, path: reference.path, files }, compose);
      if (next) found = found ? joined(found, next) : next;
    }
  }
  return found;
}

/**
 * The service of one document: what the files that it includes say of it, over that what it extends, over that its own.
 * @param chain the services that extend this one
 */
export async function serviceOf(
  name: string,
  document: ComposeDocument,
  compose: ComposeReader,
  chain: readonly string[] = [],
): Promise<FoundService | undefined> {
  let found: FoundService | undefined;
  for (const files of await compose.included(document.root, () => includedBy(document, compose))) {
    const next = await findService(name, files, compose);
    if (next) found = found ? joined(found, next) : next;
  }
  const entry = serviceIn(document.root, name);
  if (!entry) return found;
  const node = await readExtended(entry, mappingOf(entry, compose), document, compose, chain, serviceOf);
  const own = { node, entries: [{ entry, document }] };
  return found ? joined(found, own) : own;
}

function joined(base: FoundService, over: FoundService): FoundService {
  // `!override` at the service itself, and `!reset`, whose service has nothing in it.
  if (over.node.tag !== undefined) return over;
  return { node: mergeMappings(base.node, over.node), entries: [...base.entries, ...over.entries] };
}

function mappingOf({ key, keyPlace, value }: ComposeEntry, compose: ComposeReader): ComposeMapping {
  if (value.kind === 'mapping' && value.tag !== 'reset') return value;
  const empty: ComposeMapping = { kind: 'mapping', entries: new Map(), place: value.place, tag: value.tag };
  if (value.tag === 'reset') return empty;
  const message = problemMessage(
    headlineWith(key, (name) => `The container cannot start: the service "${name}" is not a map`),
    `Put its options below its name, indented. Now it is ${kindOf(value)}.`,
  );
  compose.problem({ kind: 'type', place: keyPlace, message });
  return empty;
}
