import type { Place } from '../../model/place.js';
import type { ImageMetadata } from '../image/facts.js';
import { kindOf, type Node } from '../text/jsonc.js';
import type { TypedJson } from '../text/typedJson.js';
import type { Option, Origin } from './option.js';

/** The properties of dev container metadata that are options of the container, and the flags that they stand for. */
const FLAGS = { privileged: 'privileged', init: 'init' } as const;
const LISTS = { capAdd: 'cap-add', securityOpt: 'security-opt' } as const;
const USERS = { containerUser: 'container-user', remoteUser: 'remote-user' } as const;

/** What a Feature can set: not the users (containers.dev, "devcontainer-feature.json properties"). */
export type FeatureProperty = keyof typeof FLAGS | keyof typeof LISTS;

const FEATURE_FLAGS: Readonly<Record<FeatureProperty, string>> = { ...FLAGS, ...LISTS };
const FEATURE_PROPERTIES = Object.keys(FEATURE_FLAGS) as FeatureProperty[];

/** A source that cannot be read: it may set whatever a Feature can set. */
export function unreadableOptions(
  why: string,
  place: Place,
  origin: Origin,
  properties: readonly FeatureProperty[] = FEATURE_PROPERTIES,
): readonly Option[] {
  return properties.map((property) => ({ flag: FEATURE_FLAGS[property], value: undefined, why, place, origin }));
}

/** The same, of a source that most likely sets nothing. */
export function unlikelyOptions(...source: Parameters<typeof unreadableOptions>): readonly Option[] {
  return unreadableOptions(...source).map((option) => ({ ...option, unlikely: true }));
}

/** The label of an image, which stands for the place that names the image; with the origin of a Feature, what that one sets. */
export function labelOptions(
  metadata: ImageMetadata,
  place: Place,
  origin: Origin = { kind: 'image' },
): readonly Option[] {
  const { unreadable, unlisted } = metadata;
  if (unreadable !== undefined) {
    const remoteUser = { flag: USERS.remoteUser, value: undefined, why: unreadable, place, origin };
    const options = unlisted ? unlikelyOptions : unreadableOptions;
    // Many an image has a user of its own, and what is safe depends on it: that is not assumed away.
    return [...options(unreadable, place, origin), remoteUser];
  }
  const option = (flag: string, value: boolean | string | undefined): readonly Option[] =>
    value === undefined ? [] : [{ flag, value: String(value), place, origin }];
  return [
    ...Object.entries(FLAGS).flatMap(([name, flag]) => option(flag, metadata[name as keyof typeof FLAGS])),
    ...Object.entries(LISTS).flatMap(([name, flag]) =>
      (metadata[name as keyof typeof LISTS] ?? []).flatMap((value) => option(flag, value)),
    ),
    ...Object.entries(USERS).flatMap(([name, flag]) => option(flag, metadata[name as keyof typeof USERS])),
  ];
}

/** What devcontainer-feature.json sets. */
export function localFeatureOptions(json: TypedJson, object: Node, file: string): readonly Option[] {
  return flagsAndLists(json, object, (property) => ({ kind: 'localFeature', property, file }));
}

/** What devcontainer.json sets beside runArgs and mounts. */
export function propertyOptions(json: TypedJson, object: Node): readonly Option[] {
  const origin = (property: string): Origin => ({ kind: 'devcontainer', property });
  const users = Object.entries(USERS).flatMap(([name, flag]): readonly Option[] => {
    const found = json.string(object, name);
    return found ? [{ flag, value: found.text, place: found.place, origin: origin(name) }] : [];
  });
  return [...flagsAndLists(json, object, origin), ...users];
}

function flagsAndLists(json: TypedJson, object: Node, origin: (property: string) => Origin): readonly Option[] {
  return [
    ...Object.entries(FLAGS).flatMap(([name, flag]) => flagOption(json, object, name, flag, origin(name))),
    ...Object.entries(LISTS).flatMap(([name, flag]) =>
      json
        .stringsOrOne(object, name)
        .map(({ text, place }): Option => ({ flag, value: text, place, origin: origin(name) })),
    ),
  ];
}

/** The dev container CLI takes any value but false, 0 and "" for true, other tools may not. */
function flagOption(json: TypedJson, object: Node, name: string, flag: string, origin: Origin): readonly Option[] {
  const found = json.boolean(object, name);
  if (found) return [{ flag, value: String(found.value), place: found.place, origin }];
  const node = json.value(object, name);
  if (!node) return [];
  return [{ flag, value: undefined, why: `"${name}" is ${kindOf(node)}`, place: json.document.place(node), origin }];
}
