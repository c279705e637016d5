import { readCommandLine } from '../../sources/options/dockerFlags.js';
import { tmpfsTarget } from '../../sources/options/runArgs.js';
import { properties, property, readJsonc, stringOf, type Node } from '../../sources/text/jsonc.js';
import type { TextEdit } from '../change.js';
import {
  changeOptions,
  OPTION_LISTS,
  type ContainerOptions,
  type Homes,
  type Option,
  type OptionChange,
  type OptionSource,
} from '../containerOptions.js';
import type { ListPlan } from '../text/bracketList.js';
import { arrayProperty, layoutOf, type JsonLayout } from './layout.js';
import { editList } from './list.js';
import { toTextEdits } from '../text/textEdits.js';

/** Makes a configuration that names an image one that builds `dockerfile`, a path relative to devcontainer.json. */
export interface UseDockerfile {
  readonly kind: 'use-dockerfile';
  readonly dockerfile: string;
}

export type DevcontainerChange = OptionChange | UseDockerfile;

/** New properties come behind the last of these: what the container is made of and how it is run belongs together. */
const NEIGHBOURS: ReadonlySet<string> = new Set([
  'image',
  'build',
  'dockerFile',
  'context',
  'runArgs',
  'init',
  'privileged',
  'capAdd',
  'securityOpt',
]);

/** Properties that are flags of the container. */
const FLAGS = ['privileged', 'init'] as const;

/** Where new options go in a configuration without Compose: all of it has an effect. */
const HOMES: Homes = {
  'security-opt': 'securityOpt',
  'cap-add': 'capAdd',
  tmpfs: 'runArgs',
  forRunArg: () => undefined,
};

/**
 * The edits of a devcontainer.json without Compose for all the changes at once; none when they are in force. undefined when
 * they cannot be made: the text does not parse, is no object, or a property that would have to grow is no array. Of
 * properties of one name the last one counts.
 * @param merged what an image and Features say: it goes before devcontainer.json
 */
export function editDevcontainer(
  text: string,
  file: string,
  changes: readonly DevcontainerChange[],
  merged: MergedOptions = NOTHING_MERGED,
): readonly TextEdit[] | undefined {
  const source = readDevcontainerOptions(text, file);
  if (!source) return undefined;
  const { overruled, brought, features } = merged;
  const options = withFeatures(source.options, features.options);
  const before: ContainerOptions = { ...source, options, overruled, brought, homes: HOMES, refusesRepetition: false };
  const after = changeAll(before, changes);
  const dockerfile = changes.find((change) => change.kind === 'use-dockerfile')?.dockerfile;
  const own = after && editOptions(source, before.options, after.options, dockerfile);
  const ofFeatures = after && features.edits(before.options, after.options);
  return own && ofFeatures && [...own, ...ofFeatures];
}

/** What an image and Features say of the options. */
export interface MergedOptions extends Pick<ContainerOptions, 'overruled' | 'brought'> {
  /** The local Features, whose files are part of the workspace. */
  readonly features: OptionSource;
}

const NOTHING_MERGED: MergedOptions = {
  overruled: new Set(),
  brought: new Set(),
  features: { options: [], edits: () => [] },
};

/** The options of a devcontainer.json with those of its Features, in the order in which they reach Docker. */
export function withFeatures(own: readonly Option[], features: readonly Option[]): readonly Option[] {
  const isBefore = ({ list }: Option): boolean => list === 'runArgs';
  return [...own.filter(isBefore), ...features, ...own.filter((option) => !isBefore(option))];
}

/** A devcontainer.json and the options that it holds. */
export interface DevcontainerOptions extends Pick<ContainerOptions, 'options' | 'tmpfs'> {
  readonly text: string;
  readonly file: string;
  readonly root: Node;
}

/** undefined: the text does not parse or is no object. */
export function readDevcontainerOptions(text: string, file: string): DevcontainerOptions | undefined {
  // jsonc-parser takes a byte order mark for an error; a space in its place keeps the offsets.
  const { root, problems } = readJsonc(text.replace(/^\uFEFF/, ' '), file);
  return root?.type !== 'object' || problems.length > 0 ? undefined : { text, file, root, ...readOptions(root) };
}

/** The options after all the changes. */
export function changeAll(
  before: ContainerOptions,
  changes: readonly DevcontainerChange[],
): ContainerOptions | undefined {
  let after: ContainerOptions | undefined = before;
  for (const change of removalsFirst(changes)) {
    if (change.kind !== 'use-dockerfile') after &&= changeOptions(after, change);
  }
  return after;
}

/** The edits that make the options of a devcontainer.json, of all the options before, those of all the options after. */
export function editOptions(
  { text, file, root }: DevcontainerOptions,
  before: readonly Option[],
  after: readonly Option[],
  dockerfile?: string,
): readonly TextEdit[] | undefined {
  if (dockerfile !== undefined && !namesImageOnly(root)) return undefined;
  const layout = layoutOf(text, root);
  const plan = planObject(root, before, after, layout);
  if (!plan) return undefined;
  if (dockerfile !== undefined) replaceImage(root, plan.object, dockerfile, layout);
  const lists = plan.arrays.flatMap(({ array, plan: own }) => editList(text, array, own, layout));
  return toTextEdits(file, text, [...lists, ...editList(text, root, plan.object, layout)]);
}

/** What is added may be needed only because something else goes: a capability that `privileged` has given. */
function removalsFirst(changes: readonly DevcontainerChange[]): readonly DevcontainerChange[] {
  const removes = ({ kind }: DevcontainerChange): boolean => kind.startsWith('remove-');
  return [...changes.filter(removes), ...changes.filter((change) => !removes(change))];
}

function indexesOf(root: Node, name: string): readonly number[] {
  return properties(root).flatMap(({ key }, index) => (key === name ? [index] : []));
}

function readOptions(root: Node): Pick<ContainerOptions, 'options' | 'tmpfs'> {
  const mounts = property(root, 'mounts')?.value;
  const flags = FLAGS.flatMap((list): readonly Option[] =>
    property(root, list)?.value?.value === true ? [{ list, flag: list, value: 'true', elements: [] }] : [],
  );
  return {
    options: [...OPTION_LISTS.flatMap((list) => readList(list, property(root, list)?.value)), ...flags],
    tmpfs: (mounts?.children ?? []).flatMap((mount) => {
      const written = stringOf(mount);
      if (written !== undefined) return tmpfsTarget(written) ?? [];
      const isTmpfs = stringOf(property(mount, 'type')?.value) === 'tmpfs';
      return (isTmpfs ? stringOf(property(mount, 'target')?.value) : undefined) ?? [];
    }),
  };
}

/** What a devcontainer-feature.json has of the options: of those of devcontainer.json there is no runArgs, and mounts are read nowhere. */
export function optionsOfFeature(root: Node): readonly Option[] {
  return readOptions(root).options.filter(({ list }) => list !== 'runArgs' && list !== 'init');
}

function readList(list: string, array: Node | undefined): readonly Option[] {
  if (array?.type !== 'array') return [];
  const strings = (array.children ?? []).flatMap((node, index) => {
    const value = stringOf(node);
    return value === undefined ? [] : [{ value, index }];
  });
  if (list !== 'runArgs') {
    const flag = list === 'capAdd' ? 'cap-add' : 'security-opt';
    // Of equal entries only the first counts (mergeConfiguration of the dev container CLI).
    const elementsOf = new Map<string, number[]>();
    for (const { value, index } of strings) {
      const elements = elementsOf.get(value);
      if (elements) elements.push(index);
      else elementsOf.set(value, [index]);
    }
    return [...elementsOf].map(([value, elements]) => ({ list, flag, value, elements }));
  }
  return readCommandLine(strings.map(({ value }) => value)).flags.map(({ name, value, first, last }) => ({
    list,
    flag: name,
    value,
    elements: strings.slice(first, last + 1).map(({ index }) => index),
  }));
}

interface MutablePlan {
  readonly remove: Set<number>;
  readonly replace: Map<number, string>;
  readonly add: ListPlan['add'][number][];
}

interface ObjectPlan {
  readonly object: MutablePlan;
  readonly arrays: readonly { readonly array: Node; readonly plan: ListPlan }[];
}

/** What happens to the properties of the object and to the elements of the arrays in it. */
function planObject(
  root: Node,
  before: readonly Option[],
  after: readonly Option[],
  layout: JsonLayout,
): ObjectPlan | undefined {
  const object: MutablePlan = { remove: new Set(), replace: new Map(), add: [] };
  const arrays: { array: Node; plan: ListPlan }[] = [];
  const neighbour = properties(root).findLastIndex(({ key }) => NEIGHBOURS.has(key));
  const behind = neighbour < 0 ? (root.children ?? []).length - 1 : neighbour;
  for (const name of FLAGS) {
    const isOwn = ({ list }: Option): boolean => list === name;
    const indexes = indexesOf(root, name);
    const last = indexes.at(-1);
    if (after.some((option) => isOwn(option) && !option.elements)) {
      const entry = (): string => `${JSON.stringify(name)}${layout.colon}true`;
      if (last === undefined) object.add.push({ after: behind, entry });
      else object.replace.set(last, entry());
    } else if (before.some(isOwn) && !after.some(isOwn)) {
      for (const index of indexes) object.remove.add(index);
    }
  }
  for (const list of OPTION_LISTS) {
    const added = after.filter((option) => option.list === list && !option.elements).map(elementText);
    const indexes = indexesOf(root, list);
    const value = property(root, list)?.value;
    if (value?.type === 'array') {
      const plan = planArray(list, value, before, after);
      const kept = (value.children ?? []).length - plan.remove.size + plan.add.length;
      if (kept === 0 && plan.remove.size > 0) for (const index of indexes) object.remove.add(index);
      else arrays.push({ array: value, plan });
    } else if (added.length > 0) {
      if (value && value.type !== 'null') return undefined;
      const entry = (indentation: string | undefined): string => arrayProperty(list, added, layout, indentation);
      const last = indexes.at(-1);
      if (last === undefined) {
        object.add.push({ after: behind, entry });
      } else {
        object.replace.set(last, entry(undefined));
      }
    }
  }
  return { object, arrays };
}

function planArray(list: string, array: Node, before: readonly Option[], after: readonly Option[]): ListPlan {
  const isOwn = (option: Option): boolean => option.list === list;
  const known = new Set(before);
  const isNew = (option: Option): boolean => !known.has(option);
  // Of equal entries one takes the new value.
  const kept = (option: Option): readonly number[] =>
    (list !== 'runArgs' && isNew(option) ? option.elements?.slice(-1) : option.elements) ?? [];
  const stays = new Set(after.filter(isOwn).flatMap(kept));
  const goes = before.filter(isOwn).flatMap((option) => option.elements ?? []);
  const replace = new Map<number, string>();
  for (const option of after.filter(isOwn)) {
    const last = option.elements?.at(-1);
    if (last === undefined || !isNew(option)) continue;
    replace.set(
      last,
      JSON.stringify(list === 'runArgs' && option.elements?.length !== 1 ? option.value : elementText(option)),
    );
  }
  const added = after.filter((option) => isOwn(option) && !option.elements);
  return {
    remove: new Set(goes.filter((index) => !stays.has(index))),
    replace,
    add: added.map((option) => ({
      after: (array.children ?? []).length - 1,
      entry: () => JSON.stringify(elementText(option)),
    })),
  };
}

/** The option as one element of its array. */
function elementText({ list, flag, value }: Option): string {
  if (list !== 'runArgs') return value ?? '';
  return value === undefined ? `--${flag}` : `--${flag}=${value}`;
}

/** Where `build` stands next to `image` it has settings for a Dockerfile that is not there: nothing to guess at. */
function namesImageOnly(root: Node): boolean {
  return property(root, 'image') !== undefined && property(root, 'build') === undefined;
}

function replaceImage(root: Node, plan: MutablePlan, dockerfile: string, layout: JsonLayout): void {
  const indexes = indexesOf(root, 'image');
  const blank = layout.comma === ',' ? '' : ' ';
  const value = `{${blank}"dockerfile"${layout.colon}${JSON.stringify(dockerfile)}${blank}}`;
  indexes.forEach((index, at) => {
    if (at < indexes.length - 1) plan.remove.add(index);
    else plan.replace.set(index, `"build"${layout.colon}${value}`);
  });
}
