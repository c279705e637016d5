import { capabilityName } from '../model/capabilities.js';
import { known, unknown, type Sourced } from '../model/container.js';
import type { Place } from '../model/place.js';
import type { ImageMetadata } from './image.js';
import { kindOf, type Node } from './jsonc.js';
import type { TypedJson } from './typedJson.js';
import { substituted } from './variables.js';

/**
 * What one source of dev container metadata says: the image's label, a Feature, devcontainer.json (containers.dev,
 * "Image Metadata", merge logic). An entry of unknown value: the source may say anything there.
 */
export interface MetadataLayer {
  readonly privileged: Sourced<boolean> | undefined;
  readonly capAdd: readonly Sourced<string>[];
  /** As written. */
  readonly securityOpt: readonly Sourced<string>[];
  readonly remoteUser: Sourced<string> | undefined;
  readonly containerUser: Sourced<string> | undefined;
}

/** Says nothing. */
export const EMPTY_LAYER: MetadataLayer = {
  privileged: undefined,
  capAdd: [],
  securityOpt: [],
  remoteUser: undefined,
  containerUser: undefined,
};

/** A source that cannot be read: it may set whatever a Feature can set, which excludes the users. */
export function unreadableLayer(why: string, ...places: readonly Place[]): MetadataLayer {
  const anything = { value: undefined, places, why };
  return { ...EMPTY_LAYER, privileged: anything, capAdd: [anything], securityOpt: [anything] };
}

/** The label of an image, which stands for the place that names the image. */
export function layerOfImage(metadata: ImageMetadata, place: Place): MetadataLayer {
  const at = <T>(value: T | undefined): Sourced<T> | undefined =>
    value === undefined ? undefined : known(value, place);
  return {
    privileged: at(metadata.privileged),
    capAdd: (metadata.capAdd ?? []).map((c) => known(capabilityName(c), place)),
    securityOpt: (metadata.securityOpt ?? []).map((o) => known(o, place)),
    remoteUser: at(metadata.remoteUser),
    containerUser: at(metadata.containerUser),
  };
}

/** devcontainer.json or devcontainer-feature.json. */
export function readLayer(json: TypedJson, object: Node): MetadataLayer {
  const privileged = json.boolean(object, 'privileged');
  const user = (name: string): Sourced<string> | undefined => {
    const found = json.string(object, name);
    return found && substituted(found.text, found.place);
  };
  return {
    privileged: privileged ? known(privileged.value, privileged.place) : wronglyPrivileged(json, object),
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
function wronglyPrivileged(json: TypedJson, object: Node): Sourced<boolean> | undefined {
  const node = json.value(object, 'privileged');
  return node && unknown(`"privileged" is ${kindOf(node)}`, json.document.place(node));
}
