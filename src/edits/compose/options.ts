import { isMap, isScalar, isSeq } from 'yaml';
import type { ComposeDefinition } from '../../model/container/container.js';
import type { TextEdit } from '../change.js';
import { editLayers, type BuildChange } from './changes.js';
import { isReset, KEYS_OF_LISTS, listId, LISTS, ownPair } from './keys.js';
import type { Option } from '../containerOptions.js';
import { isWritable, layersOf, locate, scalarOf, type ReadScalar, type ServiceLayer } from './serviceLayers.js';
import { pairOf } from '../yaml/nodes.js';

/** Flags of `docker run` that are single values in Compose. */
const KEYS_OF_VALUES: Readonly<Record<string, string>> = {
  'read-only': 'read_only',
  user: 'user',
  userns: 'userns_mode',
  net: 'network_mode',
  network: 'network_mode',
  ipc: 'ipc',
  pid: 'pid',
  hostname: 'hostname',
  'shm-size': 'shm_size',
};

/** The options that Compose files give a service. */
export interface ComposeOptions {
  /** In the order in which they reach Docker, before those of devcontainer.json. */
  readonly options: readonly Option[];
  /** Mount points of volumes, tmpfs or not. */
  readonly tmpfs: readonly string[];
  /** Where a new tmpfs is written; undefined: nowhere. */
  readonly tmpfsHome: string | undefined;
  /** Where an option of runArgs can be written; undefined: nowhere. */
  homeOf(flag: string, value: string | undefined): string | undefined;
  /** The edits that make the options before those after; undefined where one is fixed. */
  edits(before: readonly Option[], after: readonly Option[], build?: BuildChange): readonly TextEdit[] | undefined;
}

/**
 * Reads the options of a service.
 * @param project the Compose files in their order, and the project directory
 * @param texts of these files and of those that they extend, by path
 * @returns undefined where the files cannot be read as edits need them
 */
export function readComposeOptions(
  project: Pick<ComposeDefinition, 'files' | 'folder' | 'environment'>,
  service: string,
  texts: ReadonlyMap<string, string>,
): ComposeOptions | undefined {
  const layers = layersOf(project, service, texts);
  if (!layers || layers.length === 0) return undefined;
  const options = Object.keys(LISTS).flatMap((key) => listOptions(layers, key));
  const isFree = (key: string) => (layer: ServiceLayer) => isWritable(layer) && growable(layer, key);
  const homeFor = (key: string): string | undefined => {
    // Next to what is there already, else next to what makes it necessary.
    const at = [key, 'read_only', undefined]
      .map((near) =>
        layers.findLastIndex(
          (layer) => isFree(key)(layer) && (near === undefined || locate(layer, near) !== undefined),
        ),
      )
      .find((index) => index >= 0);
    return at === undefined ? undefined : listId(at, key);
  };
  return {
    options: [...options, ...privilegedOptions(layers)],
    tmpfs: layers.flatMap(volumeTargets),
    tmpfsHome: homeFor('tmpfs'),
    homeOf: (flag, value) => {
      // Compose would take it for a variable of its own.
      if (value?.includes('$')) return undefined;
      // With a network of Compose's own a network mode is refused.
      if (/^net(work)?$/.test(flag) && !/^(host|none|bridge|container:.*)$/.test(value ?? '')) return undefined;
      const list = Object.hasOwn(KEYS_OF_LISTS, flag) ? KEYS_OF_LISTS[flag] : undefined;
      if (list !== undefined) return homeFor(list);
      const key = Object.hasOwn(KEYS_OF_VALUES, flag) ? KEYS_OF_VALUES[flag] : undefined;
      const isSaid = layers.some(
        (layer) => locate(layer, key ?? '') ?? (key === 'network_mode' && locate(layer, 'networks')),
      );
      return key === undefined || isSaid ? undefined : homeFor(key);
    },
    edits: (before, after, build) => editLayers(layers, texts, before, after, build),
  };
}

/** Whether an entry can be added to the key in this layer: it is not there yet, or it is a list of its own. */
function growable(layer: ServiceLayer, key: string): boolean {
  const located = locate(layer, key);
  if (!located) return ownPair(layer, key) === undefined;
  return located.path !== undefined && (isSeq(located.node) || (key === 'tmpfs' && isScalar(located.node)));
}

function listOptions(layers: readonly ServiceLayer[], key: string): readonly Option[] {
  let result: readonly Option[] = [];
  layers.forEach((layer, index) => {
    const located = locate(layer, key);
    if (!located) return;
    const { node, path } = located;
    // What earlier files say does not hold then.
    if (isReset(node)) result = [];
    if (node.tag === '!reset') return;
    const items: readonly unknown[] = isSeq(node) ? node.items : isScalar(node) ? [node] : [];
    result = [
      ...result,
      ...items.flatMap((item, at): readonly Option[] => {
        const scalar = scalarOf(layer, item);
        if (scalar === undefined) return [];
        const option = { list: listId(index, key), flag: LISTS[key] ?? key, value: meant(scalar), elements: [at] };
        return [path === undefined ? { ...option, fixed: true } : option];
      }),
    ];
  });
  return result;
}

/** A flag whose value depends on the machine counts as set: only without it is it known that it is not. */
function meant({ text, isKnown }: ReadScalar): string {
  return isKnown ? text : text.replace(/^no-new-privileges[=:].*/, 'no-new-privileges');
}

/** The last file that says it decides; true options before one that is decisive go with it. */
function privilegedOptions(layers: readonly ServiceLayer[]): readonly Option[] {
  const said = layers.flatMap((layer, index) => {
    const located = locate(layer, 'privileged');
    if (!located || isReset(located.node)) return [];
    const value = isTrue(scalarOf(layer, located.node)?.text ?? '');
    return [
      {
        value,
        option: { list: listId(index, 'privileged'), flag: 'privileged', value: 'true', elements: [0] },
        located,
      },
    ];
  });
  if (said.at(-1)?.value !== true) return [];
  return said
    .filter(({ value }) => value === true)
    .map(({ option, located }): Option => (located.path === undefined ? { ...option, fixed: true } : option));
}

/** As Compose reads a string; undefined: neither, or not known. */
function isTrue(text: string): boolean | undefined {
  if (/^(true|yes|y|on)$/i.test(text)) return true;
  return /^(false|no|n|off)$/i.test(text) ? false : undefined;
}

/** Where volumes are mounted: what is there already cannot be a mount point twice. */
function volumeTargets(layer: ServiceLayer): readonly string[] {
  const node = locate(layer, 'volumes')?.node;
  if (!isSeq(node)) return [];
  return node.items.flatMap((item) => {
    const text = isMap(item) ? scalarOf(layer, pairOf(item, 'target')?.value)?.text : scalarOf(layer, item)?.text;
    return (isMap(item) ? text : text?.split(':').findLast((part) => part.startsWith('/'))) ?? [];
  });
}
