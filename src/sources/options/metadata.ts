import { capabilityName } from '../../model/container/capabilities.js';
import { known, unknown, type Sourced } from '../../model/container/container.js';
import type { Place } from '../../model/place.js';
import type { ImageMetadata } from '../image/facts.js';
import { kindOf, type Node } from '../text/jsonc.js';
import type { TypedJson } from '../text/typedJson.js';
import { substituted } from '../text/variables.js';

/**
 * What one source of dev container metadata says: the image's label, a Feature, devcontainer.json (containers.dev,
 * "Image Metadata", merge logic). An entry of unknown value: the source may say anything there.
 */
export interface MetadataLayer {
  readonly privileged: Sourced<boolean> | undefined;
  readonly init: Sourced<boolean> | undefined;
  readonly capAdd: readonly Sourced<string>[];
  /** As written. */
  readonly securityOpt: readonly Sourced<string>[];
  readonly remoteUser: Sourced<string> | undefined;
  readonly containerUser: Sourced<string> | undefined;
}

/** Says nothing. */
export const EMPTY_LAYER: MetadataLayer = {
  privileged: undefined,
  init: undefined,
  capAdd: [],
  securityOpt: [],
  remoteUser: undefined,
  containerUser: undefined,
};

/** A source that cannot be read: it may set whatever a Feature can set, which excludes the users. */
export function unreadableLayer(why: string, ...places: readonly Place[]): MetadataLayer {
  const anything = { value: undefined, places, why };
  return { ...EMPTY_LAYER, privileged: anything, init: anything, capAdd: [anything], securityOpt: [anything] };
}

/** The label of an image, which stands for the place that names the image. */
export function layerOfImage(metadata: ImageMetadata, place: Place): MetadataLayer {
  if (metadata.unreadable !== undefined) {
    const layer = unreadableLayer(metadata.unreadable, place);
    return { ...layer, remoteUser: unknown(metadata.unreadable, place) };
  }
  const at = <T>(value: T | undefined): Sourced<T> | undefined =>
    value === undefined ? undefined : known(value, place);
  return {
    privileged: at(metadata.privileged),
    init: at(metadata.init),
    capAdd: (metadata.capAdd ?? []).map((c) => known(capabilityName(c), place)),
    securityOpt: (metadata.securityOpt ?? []).map((o) => known(o, place)),
    remoteUser: at(metadata.remoteUser),
    containerUser: at(metadata.containerUser),
  };
}

/** devcontainer.json or devcontainer-feature.json. */
export function readLayer(json: TypedJson, object: Node): MetadataLayer {
  const user = (name: string): Sourced<string> | undefined => {
    const found = json.string(object, name);
    return found && substituted(found.text, found.place);
  };
  return {
    privileged: flag(json, object, 'privileged'),
    init: flag(json, object, 'init'),
    capAdd: json.stringsOrOne(object, 'capAdd').map(({ text, place }) => {
      const name = substituted(text, place);
      return name.value === undefined ? name : known(capabilityName(name.value), place);
    }),
    securityOpt: json.stringsOrOne(object, 'securityOpt').map(({ text, place }) => known(text, place)),
    remoteUser: user('remoteUser'),
    containerUser: user('containerUser'),
  };
}

/** The dev container CLI takes any value but false, 0 and "" for true, other tools may not. */
function flag(json: TypedJson, object: Node, name: string): Sourced<boolean> | undefined {
  const found = json.boolean(object, name);
  if (found) return known(found.value, found.place);
  const node = json.value(object, name);
  return node && unknown(`"${name}" is ${kindOf(node)}`, json.document.place(node));
}
