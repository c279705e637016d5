import type { ComposeEntry, ComposeMapping, ComposeNode, ComposeScalar, ComposeSequence } from './node.js';
import { entryPlace, isNull } from './node.js';

/** Lists that may be written as a map, or as a string alone: they are merged as lists. */
const SEQUENCES = /^(?:sysctls|tmpfs|build\.args)$/;

/**
 * Merges a service or a part of it as Docker Compose does (Compose specification, "Merge and override"): maps are
 * merged, lists joined, everything else is replaced; `!reset` and `!override` do what they say; a value of null changes
 * nothing. Where the types differ, which Compose refuses, the later value counts.
 * @param path of the map below its service, '' for the service itself.
 */
export function mergeMappings(base: ComposeMapping, over: ComposeMapping, path = ''): ComposeMapping {
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const before = entries.get(key);
    const { tag } = entry.value;
    // What is reset stays marked: it also takes away what files before this one say.
    if (tag === 'override' && before) entries.set(key, { ...entry, over: before });
    else if (before === undefined || tag !== undefined || before.value.tag === 'reset') entries.set(key, entry);
    else if (!isNull(entry.value)) entries.set(key, mergeEntries(before, entry, path === '' ? key : `${path}.${key}`));
  }
  return { ...over, entries };
}

/** A map for which no file before it counts any more: what is reset is not there, and nothing is marked. */
export function settled(mapping: ComposeMapping): ComposeMapping {
  const kept = [...mapping.entries].filter(([, { value }]) => value.tag !== 'reset');
  const entries = kept.map(([key, entry]): [string, ComposeEntry] => {
    const { value } = entry;
    return [key, { ...entry, value: value.kind === 'mapping' ? settled(value) : { ...value, tag: undefined } }];
  });
  return { ...mapping, entries: new Map(entries), tag: undefined };
}

function mergeEntries(before: ComposeEntry, entry: ComposeEntry, path: string): ComposeEntry {
  if (path === 'build') {
    return { ...entry, value: mergeMappings(buildMapping(before), buildMapping(entry), path) };
  }
  const [first, second] = SEQUENCES.test(path)
    ? [sequenceOf(before.value), sequenceOf(entry.value)]
    : [before.value, entry.value];
  if (first.kind === 'sequence' && second.kind === 'sequence') {
    const gone = namesOfReset(entry.value);
    const kept = gone.size === 0 ? first.items : first.items.filter((item) => !gone.has(nameOf(item)));
    return { ...entry, value: { ...second, items: [...kept, ...second.items] } };
  }
  if (first.kind === 'mapping' && second.kind === 'mapping') {
    return { ...entry, value: mergeMappings(first, second, path) };
  }
  return { ...entry, over: before };
}

/** Names of a map, as of build arguments, that it takes away from earlier files. */
function namesOfReset(value: ComposeNode): ReadonlySet<string> {
  const entries = value.kind === 'mapping' ? [...value.entries.values()] : [];
  return new Set(entries.filter((each) => each.value.tag === 'reset').map(({ key }) => key));
}

/** The name of `NAME=VALUE`, as `assignment` writes it. */
function nameOf(item: ComposeNode): string {
  return item.kind === 'scalar' ? (item.text.split('=', 1)[0] ?? '').replaceAll('$$', '$') : '';
}

/** `build: FOLDER` is `build: { context: FOLDER }`. */
export function buildMapping({ keyPlace, value }: ComposeEntry): ComposeMapping {
  if (value.kind === 'mapping') return value;
  const context: ComposeEntry = { key: 'context', keyPlace, value };
  return { kind: 'mapping', entries: new Map([['context', context]]), place: value.place, tag: value.tag };
}

/** A map becomes a list of `NAME=VALUE`, a string a list of one. */
export function sequenceOf(node: ComposeNode): ComposeSequence {
  if (node.kind === 'sequence') return node;
  const items =
    node.kind === 'mapping' ? [...node.entries.values()].flatMap(assignment) : node.value === null ? [] : [node];
  return { kind: 'sequence', items, place: node.place, tag: node.tag };
}

function assignment(entry: ComposeEntry): readonly ComposeScalar[] {
  const { key, value } = entry;
  if (value.kind !== 'scalar' || value.tag === 'reset') return [];
  // The name is no template: its dollars stay what they are.
  const text = value.value === null ? key : `${key.replaceAll('$', '$$$$')}=${value.text}`;
  return [{ ...value, value: text, text, place: entryPlace(entry) }];
}
