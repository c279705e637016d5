import { isAlias, isMap, isScalar, isSeq, type Document, type Node, type Pair } from 'yaml';
import type { Place } from '../../model/place.js';
import type { ServiceEntry, ServiceLayer } from '../../sources/devcontainer/definition.js';
import { linesOf, type Lines } from '../../sources/text/lines.js';
import { isOnlyOf, nodeAt, pairOf, pathTo, readYaml } from '../yaml/nodes.js';

/** The value of a key of a service, as one document has it. */
export interface Located {
  readonly node: Node | undefined;
  /** The keys that lead to it from the top; undefined where others share it: it is not to be changed. */
  readonly path: readonly string[] | undefined;
  readonly key: Node | undefined;
  readonly hides: boolean;
}

/** A service in one document of a Compose file that is to be edited. */
export interface OpenLayer {
  readonly file: string;
  /** The folder that paths in the file are relative to; undefined: outside of the workspace folder. */
  readonly folder: string | undefined;
  /** The index of the document in the file. */
  readonly index: number;
  /** The keys that lead to the service. */
  readonly path: readonly string[];
  /** The service has a map of its own that nothing else shares, so that a key can be written into it. */
  readonly isWritable: boolean;
  /** undefined: the service has no such key here, neither by itself nor by a merge key. */
  located(key: string): Located | undefined;
  /** The key in the service's own map, with its value; undefined: it has none, or has it from elsewhere. */
  ownPair(key: string): Pair<Node, Node | null> | undefined;
  /** Whether the map at a path has no more than so many keys. */
  losesAll(path: readonly string[], keys: number): boolean;
  /**
   * The indexes of the entries of a list that begin at a place, themselves or what they are aliases of; of a single value, or of
   * its name, 0. Empty: the key has nothing there.
   */
  indexesAt(key: string, place: Place): readonly number[];
}

/** Opens the documents that define a service; undefined where one does not parse. */
export function openLayers(
  layers: readonly ServiceLayer[],
  texts: ReadonlyMap<string, string>,
): readonly OpenLayer[] | undefined {
  const opened = layers.map((layer) => openLayer(layer, texts.get(layer.place.file)));
  return opened.every((layer) => layer !== undefined) ? opened : undefined;
}

function openLayer(
  { place, folder, isExtended, entries }: ServiceLayer,
  text: string | undefined,
): OpenLayer | undefined {
  if (text === undefined) return undefined;
  const { file } = place;
  const lines = linesOf(text, file);
  for (const [index, document] of (readYaml(text) ?? []).entries()) {
    const path = servicePath(document, lines.offset(place.range.start));
    if (!path) continue;
    const map = nodeAt(document, path);
    const ownPair: OpenLayer['ownPair'] = (key) => (isMap(map) ? pairOf(map, key) : undefined);
    const located = remembered((key) => {
      const entry = entries.find((each) => each.key === key);
      return entry && locate(entry, document, path, lines, isExtended);
    });
    const starts = remembered((key) => {
      const found = located(key);
      const indexes = new Map<number | undefined, readonly number[]>();
      const add = (node: unknown, at: number): unknown => {
        const start = startOf(document, node);
        return indexes.set(start, [...(indexes.get(start) ?? []), at]);
      };
      if (isSeq(found?.node)) found.node.items.forEach(add);
      else for (const node of [found?.node, ownPair(key)?.key ?? found?.key]) add(node, 0);
      return indexes;
    });
    return {
      file,
      folder,
      index,
      path,
      isWritable: !isExtended && !isAlias(map) && isOnlyOf(path, document, path),
      located,
      ownPair,
      losesAll: (at, keys) => {
        const here = nodeAt(document, at);
        return isMap(here) && here.items.length === keys;
      },
      indexesAt: (key, at) => (at.file === file ? starts(key).get(lines.offset(at.range.start)) : undefined) ?? [],
    };
  }
  return undefined;
}

/** Asked for each option of a key, of which there may be thousands. */
function remembered<T>(find: (key: string) => T): (key: string) => T {
  const found = new Map<string, T>();
  return (key) => {
    const known = found.has(key) ? (found.get(key) as T) : find(key);
    found.set(key, known);
    return known;
  };
}

function startOf(document: Document, node: unknown): number | undefined {
  const value = isAlias(node) ? node.resolve(document) : node;
  return isScalar(value) || isMap(value) || isSeq(value) ? value.range?.[0] : undefined;
}

function servicePath(document: Document, offset: number): readonly string[] | undefined {
  const services = nodeAt(document, ['services']);
  const pair = isMap(services) ? services.items.find(({ key }) => startOf(document, key) === offset) : undefined;
  return isScalar(pair?.key) ? ['services', String(pair.key.value)] : undefined;
}

function keyAt(document: Document, path: readonly string[]): Node | undefined {
  const map = nodeAt(document, path.slice(0, -1));
  return isMap(map) ? pairOf(map, path.at(-1) ?? '')?.key : undefined;
}

function locate(
  { key, place, hides }: ServiceEntry,
  document: Document,
  service: readonly string[],
  lines: Lines,
  isExtended: boolean,
): Located {
  const [start, end] = [lines.offset(place.range.start), lines.offset(place.range.end)];
  const own = nodeAt(document, [...service, key]);
  const target = isAlias(own) ? own.resolve(document) : own;
  const isIt = (node: Node): boolean =>
    node === target || (target === undefined && node.range?.[0] === start && node.range[1] === end);
  const path = pathTo(document, isIt);
  const isEditable = path !== undefined && !isExtended && isOnlyOf(service, document, path);
  return {
    node: path ? (nodeAt(document, path) ?? undefined) : undefined,
    path: isEditable ? path : undefined,
    key: path && keyAt(document, path),
    hides: hides === true,
  };
}
