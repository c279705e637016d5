import { isAlias, isMap, isScalar, isSeq, type Document, type Node } from 'yaml';
import type { ComposeDefinition } from '../../model/container/container.js';
import { readEnvironment } from '../../sources/compose/environment.js';
import { resolveBelow } from '../../sources/compose/reader.js';
import { interpolate } from '../../sources/compose/interpolation.js';
import { folderOf } from '../../sources/text/paths.js';
import { aliasesOf, keyOf, nodeAt, pairOf, readYaml } from '../yaml/nodes.js';

/** A service as one file has it, or one that it extends: layers are merged in their order. */
export interface ServiceLayer {
  readonly file: string;
  readonly document: Document;
  /** The keys that lead to the service. */
  readonly path: readonly string[];
  /** It belongs to the configuration alone: not a service that this one extends, and not one that others extend. */
  readonly isOwn: boolean;
  /** Those of `.env`, by name: of all files of the project, also of those that it extends. */
  readonly variables: ReadonlyMap<string, string>;
}

/** The value of a key of a service. */
export interface LocatedValue {
  readonly node: Node;
  /** The keys that lead to it from the top; undefined where others share it: it is not to be changed. */
  readonly path: readonly string[] | undefined;
}

/** A chain of `extends` that is longer is taken for a circle. */
const MAX_CHAIN = 20;

/**
 * The layers of a service in the order in which Compose merges them. undefined when a file cannot be read as the one document
 * that edits need, or extends something that is not there.
 * @param project the Compose files in their order, the folder that relative paths of theirs start from, and their variables
 */
export function layersOf(
  { files, folder, environment }: Pick<ComposeDefinition, 'files' | 'folder' | 'environment'>,
  service: string,
  texts: ReadonlyMap<string, string>,
): readonly ServiceLayer[] | undefined {
  const documents = new Map<string, Document | undefined>();
  const documentOf = (file: string): Document | undefined => {
    const text = texts.get(file);
    if (!documents.has(file)) documents.set(file, text === undefined ? undefined : readYaml(text));
    return documents.get(file);
  };
  const variables = readEnvironment(texts.get(environment ?? environmentOf(folder)) ?? '');
  const result: ServiceLayer[] = [];
  for (const file of files) {
    const document = documentOf(file);
    if (!document) return undefined;
    if (!hasService(document, service)) continue;
    const chain = chainOf({ file, folder, variables }, service, true, documentOf, 0);
    if (!chain) return undefined;
    result.push(...chain);
  }
  return result;
}

function hasService(document: Document, service: string): boolean {
  const services = nodeAt(document, ['services']);
  return isMap(services) && pairOf(services, service) !== undefined;
}

/** The `.env` of the project directory; '' where that lies outside. */
function environmentOf(folder: string | undefined): string {
  const path = resolveBelow(folder, '.env');
  return path.kind === 'inside' ? path.path : '';
}

/** A file, and what it is read with. */
interface FileInProject extends Pick<ServiceLayer, 'file' | 'variables'> {
  /** Relative paths in it start from there; undefined: outside of the workspace folder. */
  readonly folder: string | undefined;
}

function chainOf(
  { file, folder, variables }: FileInProject,
  service: string,
  isOwn: boolean,
  documentOf: (file: string) => Document | undefined,
  depth: number,
): readonly ServiceLayer[] | undefined {
  const document = documentOf(file);
  if (!document || depth > MAX_CHAIN || !hasService(document, service)) return undefined;
  const path = ['services', service];
  const read = { document, variables };
  const layer = { file, path, isOwn: isOwn && !isExtended(read, service), ...read };
  const extended = locate(layer, 'extends')?.node;
  if (!extended) return [layer];
  const base = textAt(read, extended, 'service') ?? textOf(read, extended);
  const written = textAt(read, extended, 'file');
  const below = written === undefined ? { file, folder } : fileBelow(folder, written);
  const other = below && { ...below, variables };
  if (base === undefined || !other) return undefined;
  const chain = chainOf(other, base, false, documentOf, depth + 1);
  return chain && [...chain, layer];
}

/** Paths of a file that is extended start from its own folder. */
function fileBelow(folder: string | undefined, written: string): Omit<FileInProject, 'variables'> | undefined {
  const path = resolveBelow(folder, written);
  return path.kind === 'inside' ? { file: path.path, folder: folderOf(path.path) } : undefined;
}

/** What strings of a file are read with. */
type Read = Pick<ServiceLayer, 'document' | 'variables'>;

/** undefined also where a variable in it depends on the machine. */
function textOf({ document, variables }: Read, node: unknown): string | undefined {
  const value = isAlias(node) ? node.resolve(document) : node;
  if (!isScalar(value) || typeof value.value !== 'string') return undefined;
  const { text, unresolved } = interpolate(value.value, variables);
  return unresolved.length === 0 ? text : undefined;
}

function textAt(read: Read, node: unknown, key: string): string | undefined {
  const map = isAlias(node) ? node.resolve(read.document) : node;
  return isMap(map) ? textOf(read, pairOf(map, key)?.value) : undefined;
}

/** Whether another service of the file extends this one, and so would change with it. */
function isExtended(read: Read, service: string): boolean {
  const services = nodeAt(read.document, ['services']);
  if (!isMap(services)) return false;
  return services.items.some(({ value }) => {
    const map = isAlias(value) ? value.resolve(read.document) : value;
    const extended = isMap(map) ? pairOf(map, 'extends')?.value : undefined;
    return extended && (textAt(read, extended, 'service') ?? textOf(read, extended)) === service;
  });
}

/** The value of a key of the service: its own, else the first that a merge key brings. */
export function locate({ document, path, isOwn }: ServiceLayer, key: string): LocatedValue | undefined {
  const found = search(document, nodeAt(document, path), path, key, 0);
  if (!found) return undefined;
  const shared =
    !isOwn || found.hops > 1 || sharing(document, path) > 0 || sharing(document, found.path) !== found.hops;
  const isElsewhere = found.hops > 0 && found.path[0]?.startsWith('x-') !== true;
  return { node: found.node, path: shared || isElsewhere ? undefined : found.path };
}

/** Whether a merge key would bring the key to a map if the map had none of its own. */
export function isMerged(document: Document, path: readonly string[], key: string): boolean {
  return fromMerge(document, nodeAt(document, path), key, 0) !== undefined;
}

interface Found {
  readonly node: Node;
  readonly path: readonly string[];
  /** How many aliases lead there. */
  readonly hops: number;
}

function search(
  document: Document,
  node: unknown,
  path: readonly string[],
  key: string,
  hops: number,
): Found | undefined {
  if (hops > MAX_CHAIN) return undefined;
  if (isAlias(node)) {
    const target = node.resolve(document);
    return target && search(document, target, pathTo(document, target) ?? [], key, hops + 1);
  }
  if (!isMap(node)) return undefined;
  const own = pairOf(node, key)?.value;
  return own ? resolved(document, own, [...path, key], hops) : fromMerge(document, node, key, hops);
}

function fromMerge(document: Document, node: unknown, key: string, hops: number): Found | undefined {
  if (!isMap(node)) return undefined;
  for (const pair of node.items) {
    if (keyOf(pair) !== undefined && keyOf(pair) !== '<<') continue;
    const sources = isSeq(pair.value) ? pair.value.items : [pair.value];
    for (const source of sources) {
      // A map that stands in the merge key itself has no path that edits can follow.
      const found = search(document, source, [], key, isAlias(source) ? hops : MAX_CHAIN);
      if (found) return found;
    }
  }
  return undefined;
}

function resolved(document: Document, node: Node, path: readonly string[], hops: number): Found | undefined {
  if (!isAlias(node)) return { node, path, hops };
  const target = node.resolve(document);
  return target && { node: target, path: pathTo(document, target) ?? [], hops: hops + 1 };
}

/** The keys that lead to a node without an alias; undefined when a list or a merge key is on the way. */
function pathTo(document: Document, target: Node): readonly string[] | undefined {
  const search = (node: unknown, path: readonly string[]): readonly string[] | undefined => {
    if (node === target) return path;
    if (!isMap(node)) return undefined;
    for (const pair of node.items) {
      const key = keyOf(pair);
      const found = key === undefined ? undefined : search(pair.value, [...path, key]);
      if (found) return found;
    }
    return undefined;
  };
  return search(document.contents, []);
}

/** How many aliases stand for the node that a path leads to, or for one that it is in. */
function sharing(document: Document, path: readonly string[]): number {
  if (path.length === 0) return Infinity;
  return path
    .map((_, index) => nodeAt(document, path.slice(0, index + 1)))
    .reduce((sum, node) => sum + (node ? aliasesOf(document, node) : 0), 0);
}

/** Whether the service has a map of its own that nothing else shares, so that a key can be written into it. */
export function isWritable({ document, path, isOwn }: ServiceLayer): boolean {
  const node = nodeAt(document, path);
  return isOwn && !isAlias(node) && sharing(document, path) === 0;
}

/** The scalar that a node is or stands for, as it is written. */
export function writtenScalar({ document }: Read, node: unknown): string | undefined {
  const value = isAlias(node) ? node.resolve(document) : node;
  if (!isScalar(value) || value.value === null) return undefined;
  return typeof value.value === 'string' || typeof value.value === 'boolean' || typeof value.value === 'number'
    ? String(value.value)
    : undefined;
}

/** A scalar as Compose reads it. */
export interface ReadScalar {
  /** A variable that is not known is in it as `${NAME}`. */
  readonly text: string;
  /** No variable in it depends on the machine. */
  readonly isKnown: boolean;
}

/** The scalar that a node is or stands for, with its variables put in. */
export function scalarOf(read: Read, node: unknown): ReadScalar | undefined {
  const written = writtenScalar(read, node);
  if (written === undefined) return undefined;
  const { text, unresolved } = interpolate(written, read.variables);
  return { text, isKnown: unresolved.length === 0 };
}
