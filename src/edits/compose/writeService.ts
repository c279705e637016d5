import { isAlias, isScalar, isSeq, type Node } from 'yaml';
import { words } from '../../model/wordList.js';
import { folderOf, seenFrom } from '../../sources/text/paths.js';
import { parseBoolean } from '../../sources/options/dockerFlags.js';
import type { TextEdit } from '../changes/change.js';
import type { EditedOption } from '../changes/optionList.js';
import type { YamlChange, YamlListChange, YamlMapChange } from '../yaml/change.js';
import { editYaml } from '../yaml/edit.js';
import type { YamlValue } from '../yaml/scalars.js';
import type { Located, OpenLayer } from './serviceFile.js';

/** New keys come behind the last of these: what the container is made of and how it is run belongs together. */
const NEIGHBOURS: ReadonlySet<string> = new Set(
  words('image build init user privileged cap_add cap_drop security_opt read_only tmpfs'),
);

/** Keys whose value is a list. */
const LISTS: ReadonlySet<string> = new Set(['security_opt', 'cap_add', 'cap_drop', 'tmpfs', 'devices', 'group_add']);

/** Has the service built from a Dockerfile, which stands in its build context, in place of its image. */
export interface BuildChange {
  /** Relative to the workspace folder. */
  readonly file: string;
}

/** A change and the file that it is for. */
interface FileChange {
  readonly layer: OpenLayer;
  readonly change: YamlChange;
}

/** The edits of the Compose files that make the options before those after; undefined where the files cannot be written so. */
export function writeService(
  layers: readonly OpenLayer[],
  texts: ReadonlyMap<string, string>,
  before: readonly EditedOption[],
  after: readonly EditedOption[],
  build: BuildChange | undefined,
): readonly TextEdit[] | undefined {
  // A new one may be refused as a repetition of one that is not known.
  if (before.some(mayRepeat) && bringsSecurityOption(before, after)) return undefined;
  const changes: FileChange[] = [];
  for (const [index, layer] of layers.entries()) {
    const own = layerChanges(layer, index, before, after);
    if (!own) return undefined;
    changes.push(...own.map((change) => ({ layer, change })));
  }
  if (build) {
    const change = buildChange(layers, build);
    if (!change) return undefined;
    changes.push(change);
  }
  const edits: TextEdit[] = [];
  for (const file of new Set(changes.map(({ layer }) => layer.file))) {
    const own = changes.filter(({ layer }) => layer.file === file);
    const text = texts.get(file);
    const made = text === undefined ? undefined : editYaml(text, file, merged(own));
    if (!made) return undefined;
    edits.push(...made);
  }
  return edits;
}

/** Whether a security option of the service may be any of them: not even its name is known. */
function mayRepeat({ origin, flag, value = '' }: EditedOption): boolean {
  return origin.kind === 'service' && flag === 'security-opt' && /^[^=:]*\$\{/.test(value);
}

/** Whether there is a security option that was not there, wherever it stands. */
function bringsSecurityOption(before: readonly EditedOption[], after: readonly EditedOption[]): boolean {
  return after.some((option) => option.flag === 'security-opt' && option.inert !== true && !before.includes(option));
}

/** Beside a `build` an image is the name of what is built: it would be overwritten, so it has to go. */
function buildChange(layers: readonly OpenLayer[], { file }: BuildChange): FileChange | undefined {
  const [layer, ...others] = layers.filter((each) => each.located('image') !== undefined);
  if (!layer || others.length > 0 || !layer.isWritable || layer.ownPair('image') === undefined) return undefined;
  if (layer.located('image')?.hides || layers.some((each) => each.located('build') !== undefined)) return undefined;
  if (layer.folder === undefined) return undefined;
  const context = folderOf(file) === layer.folder ? '.' : seenFrom(layer.folder, folderOf(file));
  const dockerfile = file.slice(file.lastIndexOf('/') + 1);
  const value: YamlValue = dockerfile === 'Dockerfile' ? context : { context, dockerfile };
  const replace = new Map([['image', { key: 'build', value }]]);
  return { layer, change: mapChange(layer.index, layer.path, { replace }) };
}

function mapChange(document: number, path: readonly string[], change: Partial<YamlMapChange>): YamlMapChange {
  const nothing = { remove: new Set<string>(), replace: new Map(), set: new Map(), neighbours: NEIGHBOURS };
  return { kind: 'map', document, path, ...nothing, ...change };
}

/** What happens in one layer to what stands there and what comes there. */
function layerChanges(
  layer: OpenLayer,
  index: number,
  before: readonly EditedOption[],
  after: readonly EditedOption[],
): readonly YamlChange[] | undefined {
  const keys = new Set(
    [...before, ...after].flatMap(({ slot = '', origin }) => {
      const [at, key = ''] = slot.split('\n');
      return origin.kind === 'service' && at === String(index) ? [key] : [];
    }),
  );
  const changes: YamlChange[] = [];
  for (const key of keys) {
    const isHere = (option: EditedOption): boolean => option.slot === `${index}\n${key}` && option.fixed === undefined;
    const [was, is] = [before.filter(isHere), after.filter(isHere)];
    const added = is.filter(({ place }) => !place).map(({ value = '' }) => value);
    const kept = is.filter(({ place }) => place);
    const gone = was.filter(({ place }) => !kept.some((each) => each.place === place));
    const replaced = kept.filter((option) => !was.includes(option));
    if (added.length === 0 && gone.length === 0 && replaced.length === 0) continue;
    const located = layer.located(key);
    const list = isSeq(located?.node) ? located.node : undefined;
    const indexesOf = (option: EditedOption): readonly number[] =>
      list && option.place ? layer.indexesAt(key, option.place) : [];
    const remove = new Set(gone.flatMap(indexesOf));
    const isEmptied = list?.items.length === remove.size && added.length === 0;
    // Without its tag, what earlier files say would hold again.
    const staysEmpty = isEmptied && isReset(list);
    if (staysEmpty && list.flow !== true) return undefined;
    const change =
      located?.path && list && (!isEmptied || staysEmpty)
        ? listChange(
            layer,
            located.path,
            remove,
            replaced.flatMap((option) => replacement(option, indexesOf(option))),
            added,
          )
        : keyChange(layer, key, located, { gone, kept, added });
    if (!change) return undefined;
    changes.push(change);
  }
  return changes;
}

/** Whether the value takes away what earlier files say. */
function isReset({ tag }: Node & { tag?: string | undefined }): boolean {
  return tag === '!reset' || tag === '!override';
}

function replacement({ value = '' }: EditedOption, indexes: readonly number[]): readonly (readonly [number, string])[] {
  const last = indexes.at(-1);
  return last === undefined ? [] : [[last, value]];
}

function listChange(
  { index }: OpenLayer,
  path: readonly string[],
  remove: ReadonlySet<number>,
  replace: readonly (readonly [number, string])[],
  add: readonly string[],
): YamlListChange {
  return { kind: 'list', document: index, path, remove, replace: new Map(replace), add };
}

interface KeyPlan {
  readonly gone: readonly EditedOption[];
  readonly kept: readonly EditedOption[];
  readonly added: readonly string[];
}

/** A key that comes, goes, or has a single value. */
function keyChange(
  layer: OpenLayer,
  key: string,
  located: Located | undefined,
  { gone, kept, added }: KeyPlan,
): YamlChange | undefined {
  const change = (path: readonly string[], what: Partial<YamlMapChange>): YamlMapChange =>
    mapChange(layer.index, path, what);
  if (added.length > 0 && (!located || (key === 'privileged' && layer.ownPair(key) === undefined))) {
    return layer.isWritable ? change(layer.path, { set: new Map([[key, valueFor(key, added)]]) }) : undefined;
  }
  if (!located?.path) return undefined;
  const { path, node, hides } = located;
  const [map, name] = [path.slice(0, -1), path.at(-1) ?? key];
  if (added.length > 0 || kept.length > 0) {
    if (!isScalar(node)) return undefined;
    const stays = kept.length > 0 ? textOf(node) : [];
    return change(map, { set: new Map([[name, [...stays, ...added]]]) });
  }
  if (gone.length === 0) return undefined;
  // Of an alias only the service's own key goes, and not what it stands for; another map's alias has no path here.
  const isOwn = layer.ownPair(key) !== undefined;
  if (!isOwn && name !== key) return undefined;
  const from = isOwn ? layer.path : map;
  // Without it the merge key would bring what it overrides.
  return hides ? change(from, { set: new Map([[key, nothingFor(key)]]) }) : change(from, { remove: new Set([key]) });
}

/** As it is written, with its variables. */
function textOf(node: Node): readonly string[] {
  const value: unknown = isAlias(node) || !isScalar(node) ? undefined : node.value;
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number' ? [String(value)] : [];
}

function valueFor(key: string, [first = '', ...others]: readonly string[]): YamlValue {
  if (LISTS.has(key)) return [first, ...others];
  return key === 'read_only' || key === 'privileged' ? parseBoolean(first) === true : first;
}

/** Changes of one map in one go; a map that would lose its last key keeps it with a value that says nothing. */
function merged(changes: readonly FileChange[]): readonly YamlChange[] {
  const maps = new Map<string, FileChange & { readonly change: YamlMapChange }>();
  for (const { layer, change } of changes) {
    if (change.kind !== 'map') continue;
    const id = JSON.stringify([change.document, change.path]);
    const other = maps.get(id)?.change ?? mapChange(change.document, change.path, {});
    maps.set(id, {
      layer,
      change: {
        ...other,
        remove: new Set([...other.remove, ...change.remove]),
        replace: new Map([...other.replace, ...change.replace]),
        set: new Map([...other.set, ...change.set]),
      },
    });
  }
  const lists = changes.flatMap(({ change }) => (change.kind === 'list' ? [change] : []));
  return [...lists, ...[...maps.values()].map(({ layer, change }) => notEmptied(layer, change))];
}

function notEmptied(layer: OpenLayer, change: YamlMapChange): YamlMapChange {
  if (!layer.losesAll(change.path, change.remove.size) || change.set.size > 0 || change.replace.size > 0) return change;
  return { ...change, remove: new Set(), set: new Map([...change.remove].map((key) => [key, nothingFor(key)])) };
}

/** The value that says as little as no key at all. */
function nothingFor(key: string): YamlValue {
  return key === 'privileged' ? false : [];
}
