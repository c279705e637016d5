import { isMap, type Node } from 'yaml';
import type { ServiceLayer } from './serviceLayers.js';
import { nodeAt, pairOf } from '../yaml/nodes.js';

/** The keys of a service whose lists hold options of the container, and the flags that `docker run` has for them. */
export const LISTS: Readonly<Record<string, string>> = {
  security_opt: 'security-opt',
  cap_add: 'cap-add',
  cap_drop: 'cap-drop',
  tmpfs: 'tmpfs',
};

/** Flags of `docker run` that are lists in Compose. */
export const KEYS_OF_LISTS: Readonly<Record<string, string>> = {
  'cap-drop': 'cap_drop',
  tmpfs: 'tmpfs',
  device: 'devices',
  'group-add': 'group_add',
};

/** Names the list of a key in one of the layers, as the options name it that stand in it. */
export function listId(layer: number, key: string): string {
  return `${layer}:${key}`;
}

/** The key in the service's own map, with its value; undefined: it has none, or has it from elsewhere. */
export function ownPair(layer: ServiceLayer, key: string): unknown {
  const map = nodeAt(layer.document, layer.path);
  return isMap(map) ? pairOf(map, key) : undefined;
}

/** Whether the value takes away what earlier files say. */
export function isReset({ tag }: Node & { tag?: string | undefined }): boolean {
  return tag === '!reset' || tag === '!override';
}
