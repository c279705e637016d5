import { words } from '../../model/wordList.js';
import { linesOf } from '../../sources/text/lines.js';
import { properties, property, readJsonc, stringOf, type Node } from '../../sources/text/jsonc.js';
import { letterOf } from '../../sources/options/dockerFlags.js';
import type { Option, Origin } from '../../sources/options/option.js';
import type { TextEdit } from '../changes/change.js';
import type { EditedOption, Slot } from '../changes/optionList.js';
import type { ListPlan } from '../text/bracketList.js';
import { toTextEdits } from '../text/textEdits.js';
import { arrayProperty, layoutOf, type JsonLayout } from './layout.js';
import { editList } from './list.js';

/** Properties whose arrays hold options. */
const LISTS = ['runArgs', 'capAdd', 'securityOpt'] as const;

/** Properties that are flags of the container. */
const FLAGS = ['privileged', 'init'] as const;

/** New properties come behind the last of these: what the container is made of and how it is run belongs together. */
const NEIGHBOURS: ReadonlySet<string> = new Set(
  words('image build dockerFile context runArgs init privileged capAdd securityOpt'),
);

/** A devcontainer.json or devcontainer-feature.json; they have the same keys (containers.dev). Of properties of one name the last counts. */
export interface OptionsFile {
  slot(property: string): Slot;
  /** The slot of an option that was read from this file; undefined: no edit reaches it. */
  slotOf(option: Option): Slot | undefined;
  /** Whether the file cannot be edited as it is: it does not parse, or is no object. */
  readonly isBroken: boolean;
  /**
   * The edits that make the options of the file, of all the options before, those of all the options after; undefined where a
   * property that would have to change is of another type.
   * @param dockerfile has an image that is named built from there instead, a path relative to the file
   */
  edits(
    before: readonly EditedOption[],
    after: readonly EditedOption[],
    dockerfile?: string,
  ): readonly TextEdit[] | undefined;
}

/** @param origin of an option that is added to a property */
export function openOptionsFile(text: string, file: string, origin: (property: string) => Origin): OptionsFile {
  // jsonc-parser takes a byte order mark for an error; a space in its place keeps the offsets.
  const { root, problems } = readJsonc(text.replace(/^\uFEFF/, ' '), file);
  const isBroken = root?.type !== 'object' || problems.length > 0;
  const slot = (name: string): Slot => ({ id: `${file}\n${name}`, origin: origin(name) });
  const asHere = (options: readonly EditedOption[]): readonly Here[] =>
    options.flatMap((option) => {
      const [of, list] = option.slot?.split('\n') ?? [];
      return of === file && list !== undefined ? [{ option, list }] : [];
    });
  return {
    slot,
    isBroken,
    slotOf: ({ origin: from }) =>
      from.kind === 'runArgs' ? slot('runArgs') : 'property' in from ? slot(from.property) : undefined,
    edits(before, after, dockerfile) {
      const [was, is] = [asHere(before), asHere(after)];
      const isSame = was.length === is.length && was.every(({ option }, index) => option === is[index]?.option);
      if (isSame && dockerfile === undefined) return [];
      if (isBroken) return undefined;
      return editOptions({ text, file, root, lines: linesOf(text, file) }, was, is, dockerfile);
    },
  };
}

/** An option of this file and the property that it is in. */
interface Here {
  readonly option: EditedOption;
  readonly list: string;
}

interface Opened {
  readonly text: string;
  readonly file: string;
  readonly root: Node;
  readonly lines: ReturnType<typeof linesOf>;
}

function editOptions(
  opened: Opened,
  before: readonly Here[],
  after: readonly Here[],
  dockerfile: string | undefined,
): readonly TextEdit[] | undefined {
  const { text, file, root } = opened;
  if (dockerfile !== undefined && !namesImageOnly(root)) return undefined;
  const layout = layoutOf(text, root);
  const plan = planObject(opened, before, after, layout);
  if (!plan) return undefined;
  if (dockerfile !== undefined) replaceImage(root, plan.object, dockerfile, layout);
  const lists = plan.arrays.flatMap(({ array, plan: own }) => editList(text, array, own, layout));
  return toTextEdits(file, text, [...lists, ...editList(text, root, plan.object, layout)]);
}

function indexesOf(root: Node, name: string): readonly number[] {
  return properties(root).flatMap(({ key }, index) => (key === name ? [index] : []));
}

/** The indexes of the strings of an array that an option was read from. */
function elementsIn({ lines }: Opened, array: Node): (option: EditedOption) => readonly number[] {
  const nodes = array.children ?? [];
  const starts = new Map(nodes.map(({ offset }, index) => [offset, index]));
  return ({ place }) => {
    if (!place) return [];
    const first = starts.get(lines.offset(place.range.start)) ?? nodes.length;
    const end = lines.offset(place.range.end);
    const elements: number[] = [];
    for (let at = first; (nodes[at]?.offset ?? end) < end; at++)
      if (stringOf(nodes[at]) !== undefined) elements.push(at);
    return elements;
  };
}

interface MutablePlan {
  readonly remove: Set<number>;
  readonly replace: Map<number, string>;
  readonly add: ListPlan['add'][number][];
}

interface ObjectPlan {
  readonly object: MutablePlan;
  readonly arrays: { readonly array: Node; readonly plan: ListPlan }[];
}

/** What happens to the properties of the object and to the elements of the arrays in it. */
function planObject(
  opened: Opened,
  before: readonly Here[],
  after: readonly Here[],
  layout: JsonLayout,
): ObjectPlan | undefined {
  const { root } = opened;
  const plan: ObjectPlan = { object: { remove: new Set(), replace: new Map(), add: [] }, arrays: [] };
  const neighbour = properties(root).findLastIndex(({ key }) => NEIGHBOURS.has(key));
  const behind = neighbour < 0 ? (root.children ?? []).length - 1 : neighbour;
  const put = (name: string, entry: (indentation: string | undefined) => string): void => {
    const last = indexesOf(root, name).at(-1);
    if (last === undefined) plan.object.add.push({ after: behind, entry });
    else plan.object.replace.set(last, withValue(opened, last, entry(undefined), name, layout));
  };
  const drop = (name: string): void => {
    for (const at of indexesOf(root, name)) plan.object.remove.add(at);
  };
  for (const name of FLAGS) {
    const [was, is] = [before, after].map((all) => all.filter(({ list }) => list === name));
    if (is?.some(({ option }) => !option.place)) put(name, () => `${JSON.stringify(name)}${layout.colon}true`);
    else if (was?.length !== 0 && is?.length === 0) drop(name);
  }
  for (const name of LISTS) {
    const [was = [], is = []] = [before, after].map((all) =>
      all.filter(({ list }) => list === name).map(({ option }) => option),
    );
    const isSame = was.length === is.length && was.every((option, index) => option === is[index]);
    if (isSame) continue;
    const value = property(root, name)?.value;
    if (value?.type === 'array') {
      const own = planArray(opened, name, value, was, is);
      const kept = (value.children ?? []).length - own.remove.size + own.add.length;
      if (kept === 0 && own.remove.size > 0) drop(name);
      else plan.arrays.push({ array: value, plan: own });
    } else {
      // The dev container CLI takes a string alone for a list of one.
      const isList = !value || value.type === 'null' || (value.type === 'string' && name !== 'runArgs');
      if (!isList) return undefined;
      const elements = is.map((option) => elementText(name, option));
      if (elements.length > 0) put(name, (indentation) => arrayProperty(name, elements, layout, indentation));
      else drop(name);
    }
  }
  return plan;
}

function planArray(
  opened: Opened,
  name: string,
  array: Node,
  before: readonly EditedOption[],
  after: readonly EditedOption[],
): ListPlan {
  const elementsOf = elementsIn(opened, array);
  const stays = new Set(after.flatMap(elementsOf));
  const goes = before.flatMap(elementsOf);
  const known = new Set(before);
  const replace = new Map<number, string>();
  for (const option of after.filter((each) => !known.has(each))) {
    const elements = elementsOf(option);
    const last = elements.at(-1);
    if (last === undefined) continue;
    const isValueAlone = name === 'runArgs' && elements.length !== 1;
    replace.set(last, JSON.stringify(isValueAlone ? option.value : elementText(name, option)));
  }
  const kept = new Set(after);
  for (const option of before.filter((each) => !kept.has(each))) {
    const [first] = elementsOf(option);
    const node = first === undefined ? undefined : array.children?.[first];
    // `-itu root` without the user is `-it`.
    const cut = first !== undefined && stays.has(first) ? withoutLetter(stringOf(node) ?? '', option.flag) : undefined;
    if (first !== undefined && cut !== undefined) replace.set(first, JSON.stringify(cut));
  }
  const added = after.filter((option) => !option.place);
  return {
    remove: new Set(goes.filter((index) => !stays.has(index))),
    replace,
    add: added.map((option) => ({
      after: (array.children ?? []).length - 1,
      entry: () => JSON.stringify(elementText(name, option)),
    })),
  };
}

/** A property with another value: what stands between its name and its value stays, comments among it. */
function withValue({ root, text }: Opened, index: number, written: string, name: string, layout: JsonLayout): string {
  const node = root.children?.[index];
  const value = node?.children?.[1];
  if (!node || !value) return written;
  return text.slice(node.offset, value.offset) + written.slice(JSON.stringify(name).length + layout.colon.length);
}

/** Letters in one word without that of a flag that takes a value, which is the last, and without the value behind it. */
function withoutLetter(word: string, flag: string): string | undefined {
  const letter = letterOf(flag);
  const at = letter === undefined || !/^-[^-]/.test(word) ? -1 : word.indexOf(letter, 1);
  return at > 1 ? word.slice(0, at) : undefined;
}

/** The option as one element of its array. */
function elementText(list: string, { flag, value = '' }: EditedOption): string {
  return list === 'runArgs' ? `--${flag}=${value}` : value;
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
