import { isMap, isScalar, isSeq } from 'yaml';
import { parseBoolean } from '../../sources/options/dockerFlags.js';
import type { TextEdit } from '../change.js';
import { isReset, KEYS_OF_LISTS, listId, LISTS, ownPair } from './keys.js';
import type { Option } from '../containerOptions.js';
import { isMerged, isWritable, locate, writtenScalar, type LocatedValue, type ServiceLayer } from './serviceLayers.js';
import type { YamlChange, YamlListChange, YamlMapChange } from '../yaml/change.js';
import { editYaml } from '../yaml/edit.js';
import { nodeAt } from '../yaml/nodes.js';
import type { YamlValue } from '../yaml/scalars.js';

/** New keys come behind the last of these: what the container is made of and how it is run belongs together. */
const NEIGHBOURS: ReadonlySet<string> = new Set([
  'image',
  'build',
  'init',
  'user',
  'privileged',
  'cap_add',
  'cap_drop',
  'security_opt',
  'read_only',
  'tmpfs',
]);

/** Has the service built from a Dockerfile in place of its image; both relative to the project directory. */
export interface BuildChange {
  readonly context: string;
  /** Relative to the context. */
  readonly dockerfile: string;
}

/** The edits of the Compose files that make the options before those after; undefined where one is fixed. */
export function editLayers(
  layers: readonly ServiceLayer[],
  texts: ReadonlyMap<string, string>,
  before: readonly Option[],
  after: readonly Option[],
  build: BuildChange | undefined,
): readonly TextEdit[] | undefined {
  const isOurs = ({ list }: Option): boolean => /^\d+:/.test(list);
  const replaced = (option: Option): boolean =>
    after.some((each) => each.list === option.list && each.elements === option.elements);
  // privileged that others share is taken back by a value of the service's own; nothing else can be.
  // A new one may be refused as a repetition of one that is not known.
  if (before.some((option) => isOurs(option) && mayBeAnything(option)) && bringsSecurityOption(before, after)) return;
  const changedFixed = before.filter((option) => isOurs(option) && option.fixed && !after.includes(option));
  if (changedFixed.some((option) => option.flag !== 'privileged' || replaced(option))) return undefined;
  const changes = new Map<string, YamlChange[]>();
  const add = (file: string, change: YamlChange): unknown => changes.set(file, [...(changes.get(file) ?? []), change]);

  for (const [index, layer] of layers.entries()) {
    const own = layerChanges(layer, index, before, after);
    if (!own) return undefined;
    for (const change of own) add(layer.file, change);
  }
  if (changedFixed.length > 0) {
    const layer = layers.findLast((each) => isWritable(each) && ownPair(each, 'privileged') === undefined);
    const lastFixed = Math.max(...changedFixed.map(({ list }) => Number(list.split(':')[0])));
    if (!layer || layers.indexOf(layer) < lastFixed) return undefined;
    add(layer.file, mapChange(layer.path, { set: new Map([['privileged', false]]) }));
  }
  if (build) {
    const change = buildChange(layers, build);
    if (!change) return undefined;
    add(change.file, change.change);
  }
  const edits: TextEdit[] = [];
  for (const [file, own] of changes) {
    const text = texts.get(file);
    const made =
      text === undefined
        ? undefined
        : editYaml(
            text,
            file,
            merged(
              own,
              layers.find((layer) => layer.file === file),
            ),
          );
    if (!made) return undefined;
    edits.push(...made);
  }
  return edits;
}

/** Whether a security option may be any of them: not even its name is known. */
function mayBeAnything({ flag, value = '' }: Option): boolean {
  return flag === 'security-opt' && /^[^=:]*\$\{/.test(value);
}

/** Whether there is a security option that was not there, wherever it stands. */
function bringsSecurityOption(before: readonly Option[], after: readonly Option[]): boolean {
  return after.some((option) => option.flag === 'security-opt' && option.inert !== true && !before.includes(option));
}

/** Beside a `build` an image is the name of what is built: it would be overwritten, so it has to go. */
function buildChange(
  layers: readonly ServiceLayer[],
  { context, dockerfile }: BuildChange,
): { readonly file: string; readonly change: YamlMapChange } | undefined {
  const [layer, ...others] = layers.filter((each) => locate(each, 'image') !== undefined);
  if (!layer || others.length > 0 || !isWritable(layer) || ownPair(layer, 'image') === undefined) return undefined;
  if (isMerged(layer.document, layer.path, 'image')) return undefined;
  if (layers.some((each) => locate(each, 'build') !== undefined)) return undefined;
  const value: YamlValue = dockerfile === 'Dockerfile' ? context : { context, dockerfile };
  return {
    file: layer.file,
    change: mapChange(layer.path, { replace: new Map([['image', { key: 'build', value }]]) }),
  };
}

function mapChange(path: readonly string[], change: Partial<YamlMapChange>): YamlMapChange {
  const nothing = { remove: new Set<string>(), replace: new Map(), set: new Map(), neighbours: NEIGHBOURS };
  return { kind: 'map', path, ...nothing, ...change };
}

/** What happens in one layer to what stands there and what comes there. */
function layerChanges(
  layer: ServiceLayer,
  index: number,
  before: readonly Option[],
  after: readonly Option[],
): readonly YamlChange[] | undefined {
  const keys = new Set(
    [...before, ...after].flatMap(({ list }) => (list.startsWith(`${index}:`) ? list.slice(`${index}:`.length) : [])),
  );
  const changes: YamlChange[] = [];
  for (const key of keys) {
    const isOwn = (option: Option): boolean => option.list === listId(index, key) && option.fixed !== true;
    const located = locate(layer, key);
    const was = before.filter(isOwn);
    const is = after.filter(isOwn);
    const added = is.filter(({ elements }) => elements === undefined).map(({ value = '' }) => value);
    const kept = is.filter(({ elements }) => elements !== undefined);
    const gone = was.filter((option) => !kept.some((each) => each.elements === option.elements));
    const replaced = kept.filter((option) => !was.includes(option));
    if (added.length === 0 && gone.length === 0 && replaced.length === 0) continue;
    const isEmptied = located && isSeq(located.node) && located.node.items.length === gone.length && added.length === 0;
    // Without its tag, what earlier files say would hold again.
    const staysEmpty = isEmptied && isReset(located.node);
    if (staysEmpty && isSeq(located.node) && !located.node.flow) return undefined;
    const change =
      located?.path && isSeq(located.node) && (!isEmptied || staysEmpty)
        ? listChange(located.path, gone, replaced, added)
        : keyChange(layer, key, located, { gone, kept, added });
    if (!change) return undefined;
    changes.push(change);
  }
  return changes;
}

function listChange(
  path: readonly string[],
  gone: readonly Option[],
  replaced: readonly Option[],
  add: readonly string[],
): YamlListChange {
  const at = ({ elements }: Option): number => elements?.[0] ?? -1;
  return {
    kind: 'list',
    path,
    remove: new Set(gone.map(at)),
    replace: new Map(replaced.map((option) => [at(option), option.value ?? ''])),
    add,
  };
}

interface KeyPlan {
  readonly gone: readonly Option[];
  readonly kept: readonly Option[];
  readonly added: readonly string[];
}

/** A key that comes, goes, or has a single value. */
function keyChange(
  layer: ServiceLayer,
  key: string,
  located: LocatedValue | undefined,
  { gone, kept, added }: KeyPlan,
): YamlChange | undefined {
  if (!located) {
    const isList = LISTS[key] !== undefined || Object.values(KEYS_OF_LISTS).includes(key);
    const [first = ''] = added;
    const value: YamlValue = isList ? added : key === 'read_only' ? parseBoolean(first || 'true') === true : first;
    return isWritable(layer) ? mapChange(layer.path, { set: new Map([[key, value]]) }) : undefined;
  }
  const { path } = located;
  if (!path) return undefined;
  const [map, name] = [path.slice(0, -1), path.at(-1) ?? key];
  if (added.length > 0 || kept.length > 0) {
    if (!isScalar(located.node)) return undefined;
    const stays = kept.length > 0 ? (writtenScalar(layer, located.node) ?? []) : [];
    return mapChange(map, { set: new Map([[name, [stays, added].flat()]]) });
  }
  if (gone.length === 0) return undefined;
  // Of an alias only the service's own key goes, and not what it stands for.
  const from = ownPair(layer, key) === undefined ? map : layer.path;
  // Without it the merge key would bring what it overrides.
  return isMerged(layer.document, from, key)
    ? mapChange(from, { set: new Map([[key, nothingFor(key)]]) })
    : mapChange(from, { remove: new Set([key]) });
}

/** Changes of one map in one go; a map that would lose its last key keeps it with a value that says nothing. */
function merged(changes: readonly YamlChange[], layer: ServiceLayer | undefined): readonly YamlChange[] {
  const maps = new Map<string, YamlMapChange>();
  for (const change of changes) {
    if (change.kind !== 'map') continue;
    const id = JSON.stringify(change.path);
    const other = maps.get(id) ?? mapChange(change.path, {});
    maps.set(id, {
      ...other,
      remove: new Set([...other.remove, ...change.remove]),
      replace: new Map([...other.replace, ...change.replace]),
      set: new Map([...other.set, ...change.set]),
    });
  }
  const lists = changes.filter(({ kind }) => kind === 'list');
  return [...lists, ...[...maps.values()].map((change) => notEmptied(change, layer))];
}

function notEmptied(change: YamlMapChange, layer: ServiceLayer | undefined): YamlMapChange {
  const map = layer && nodeAt(layer.document, change.path);
  const isEmptied = isMap(map) && map.items.length === change.remove.size && change.set.size === 0;
  if (!isEmptied || change.replace.size > 0) return change;
  return { ...change, remove: new Set(), set: new Map([...change.remove].map((key) => [key, nothingFor(key)])) };
}

/** The value that says as little as no key at all. */
function nothingFor(key: string): YamlValue {
  return key === 'privileged' ? false : [];
}
