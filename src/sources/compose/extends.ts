import { headlineWith } from '../../model/headline.js';
import { problemMessage } from '../text/problem.js';
import type { ComposeDocument, FoundService } from './document.js';
import { mergeMappings, settled } from './merge.js';
import { entryOf, type ComposeEntry, type ComposeMapping, type ComposeScalar } from './node.js';
import { resolveBelow, type ComposeReader } from './reader.js';
import { interpolated } from './interpolation.js';
import { folderOf } from '../text/paths.js';
import { dependsOn } from '../text/variables.js';

/** Finds a service in a document, with what it extends itself: what reads services and what they extend need each other. */
type ReadService = (
  name: string,
  document: ComposeDocument,
  compose: ComposeReader,
  chain: readonly string[],
) => Promise<FoundService | undefined>;

/** A longer chain is taken for a circle. */
const MAX_CHAIN = 50;

/**
 * A service with what it extends (Compose specification, "extends"): the service that is named, itself with what it
 * extends, comes first, and this one is merged over it. What cannot be followed is a problem, and the service is read without it.
 * @param own the value of the service
 * @param document where it is, which holds the services that it extends by their name alone
 * @param chain the services that extend this one
 */
export async function readExtended(
  service: ComposeEntry,
  own: ComposeMapping,
  document: ComposeDocument,
  compose: ComposeReader,
  chain: readonly string[],
  readService: ReadService,
): Promise<ComposeMapping> {
  const extended = entryOf(own, 'extends');
  if (!extended) return own;
  const name = nameOf(extended, compose);
  if (name === undefined) return own;
  const link = `${document.path.kind === 'inside' ? document.path.path : ''}\n${service.key}`;
  if (chain.includes(link) || chain.length >= MAX_CHAIN) {
    const message = problemMessage(
      headlineWith(service.key, (name) => `The container cannot start: the service "${name}" extends itself`),
      'Remove one "extends" of the circle.',
    );
    compose.problem({ kind: 'syntax', place: extended.keyPlace, message });
    return own;
  }
  const base = await baseOf(name, extended, document, compose, [...chain, link], readService);
  // `!reset` and `!override` of the other service are about that one. Compose 2.26.1 loses such a value where the other
  // service is in another file and of the same name; 2.40.3 keeps it (both measured).
  return base ? mergeMappings(settled(base), own) : own;
}

/** `extends: NAME`, or its `service`. */
function nameOf(extended: ComposeEntry, compose: ComposeReader): string | undefined {
  const { value } = extended;
  const name = value.kind === 'mapping' ? entryOf(value, 'service')?.value : value;
  if (name?.kind === 'scalar' && typeof name.value === 'string') return textOf(name, 'service', compose);
  const message = problemMessage(
    'The container cannot start: "extends" names no service',
    'Write "extends: { service: NAME }".',
  );
  compose.problem({ kind: 'type', place: extended.keyPlace, message });
  return undefined;
}

/** undefined: a variable in it depends on the machine, and so does everything that it would bring. */
function textOf(scalar: ComposeScalar, what: string, compose: ComposeReader): string | undefined {
  const { text, unresolved } = interpolated(scalar);
  const [variable] = unresolved;
  if (variable === undefined) return text;
  const message = problemMessage(
    `The service is partly unknown: "extends" names a ${what} by a variable`,
    `Set ${variable} in .env, or give it a default.`,
  );
  compose.hide(dependsOn(variable));
  compose.problem({ kind: 'not-judged', place: scalar.place, message });
  return undefined;
}

async function baseOf(
  name: string,
  extended: ComposeEntry,
  document: ComposeDocument,
  compose: ComposeReader,
  chain: readonly string[],
  readService: ReadService,
): Promise<ComposeMapping | undefined> {
  const other = entryOf(extended.value, 'file')?.value;
  if (!other) {
    const service = await readService(name, document, compose, chain);
    if (!service) notThere(name, 'this file', extended, compose);
    return service?.node;
  }
  if (other.kind !== 'scalar') {
    const message = problemMessage(
      'The container cannot start: "file" of "extends" is not a string',
      'Write the path of a file.',
    );
    compose.problem({ kind: 'type', place: other.place, message });
    return undefined;
  }
  const written = textOf(other, 'file', compose);
  if (written === undefined) return undefined;
  const path = resolveBelow(other.scope.folder, written);
  // Relative paths of that file start from its own folder, its variables are those of this one.
  const scope = { ...other.scope, folder: path.kind === 'inside' ? folderOf(path.path) : undefined };
  const reference = { path, written, place: other.place };
  const file = await compose.file(reference, scope);
  if (!file) return undefined;
  const files = { ...document.files, references: [reference], scope };
  for (const root of file.documents) {
    const service = await readService(name, { root, path, files }, compose, chain);
    if (service) return service.node;
  }
  if (file.documents.length > 0) notThere(name, path.kind === 'inside' ? path.path : written, extended, compose);
  return undefined;
}

function notThere(name: string, where: string, { keyPlace }: ComposeEntry, compose: ComposeReader): void {
  const message = problemMessage(
    headlineWith(name, (shown) => `The container cannot start: there is no service "${shown}" to extend`),
    `Correct the name, or remove "extends". The service must be in ${where}.`,
  );
  compose.problem({ kind: 'missing', place: keyPlace, message });
}
