import { isScalar, isSeq } from 'yaml';
import type { Option } from '../../sources/options/option.js';
import type { Configuration } from '../../sources/configuration/configuration.js';
import type { TextEdit } from '../changes/change.js';
import { keyAndValue, type EditedOption, type Slot } from '../changes/optionList.js';
import { resolvePath, seenFrom } from '../../sources/text/paths.js';
import { openLayers, type OpenLayer } from './serviceFile.js';
import { writeService, type BuildChange } from './writeService.js';

/** Flags of `docker run` that are lists in Compose. */
export const KEYS_OF_LISTS: Readonly<Record<string, string>> = {
  'security-opt': 'security_opt',
  'cap-add': 'cap_add',
  'cap-drop': 'cap_drop',
  tmpfs: 'tmpfs',
  device: 'devices',
  'group-add': 'group_add',
};

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

/** Flags that have a property of devcontainer.json which takes effect with Compose. */
const IN_DEVCONTAINER: ReadonlySet<string> = new Set(['security-opt', 'cap-add']);

const SHARED = 'is shared with other services';
const EXTENDED = 'belongs to a service that this one extends';

/** The Compose files of a configuration, as edits change them. */
export interface ServiceOptions {
  /** Where an option that was read stands, and why it cannot be changed there. */
  find(option: Option): { readonly slot: Slot; readonly fixed?: string };
  /** The file of a slot. */
  fileOf(slot: string): string | undefined;
  /** OptionList.inService */
  valueAt(value: string, option: EditedOption): string | undefined;
  readonly tmpfsHome: Slot | undefined;
  /** Where `privileged` can be taken back; undefined: nowhere. */
  readonly notPrivileged: Slot | undefined;
  /** Where an option of runArgs can be written; undefined: nowhere. */
  homeOf(flag: string, value: string | undefined): Slot | undefined;
  /** The edits that make the options before those after; undefined where the files cannot be written so. */
  edits(
    before: readonly EditedOption[],
    after: readonly EditedOption[],
    build?: BuildChange,
  ): readonly TextEdit[] | undefined;
}

/** undefined: no Compose file defines the service, or one that does is not to be edited. */
export function openService({ service, texts, options }: Configuration): ServiceOptions | undefined {
  const layers = service && openLayers(service.layers, texts);
  if (!layers || layers.length === 0) return undefined;
  const homeFor = (key: string): Slot | undefined => {
    // What an earlier file says does not hold there.
    const first = layers.findLastIndex((layer) => /^!(?:reset|override)$/.test(layer.located(key)?.node?.tag ?? ''));
    // Next to what is there already, else next to what makes it necessary.
    const at = [key, 'read_only', undefined]
      .map((near) =>
        layers.findLastIndex(
          (layer, index) =>
            index >= first && isFree(layer, key) && (near === undefined || layer.located(near) !== undefined),
        ),
      )
      .find((index) => index >= 0);
    return at === undefined ? undefined : slotOf(at, key);
  };
  return {
    find: (option) => find(option, layers),
    fileOf: (slot) => layers[Number(slot.split('\n')[0])]?.file,
    valueAt: (value, option) => {
      // A file that another includes may have a project directory of its own.
      const layer = layers[Number(option.slot?.split('\n')[0])];
      const folder = layer?.folder === service.folder ? service.folder : undefined;
      return inCompose(value, keyAndValue(option)[1], folder);
    },
    tmpfsHome: homeFor('tmpfs'),
    notPrivileged: notPrivilegedHome(options, layers),
    homeOf: (flag, value) => {
      // Compose would take it for a variable of its own.
      if (value?.includes('$')) return undefined;
      // With a network of Compose's own a network mode is refused.
      if (/^net(work)?$/.test(flag) && !/^(host|none|bridge|container:.*)$/.test(value ?? '')) return undefined;
      const list = Object.hasOwn(KEYS_OF_LISTS, flag) && !IN_DEVCONTAINER.has(flag) ? KEYS_OF_LISTS[flag] : undefined;
      if (list !== undefined) return homeFor(list);
      const key = Object.hasOwn(KEYS_OF_VALUES, flag) ? KEYS_OF_VALUES[flag] : undefined;
      const said = key === 'network_mode' ? [key, 'networks'] : [key];
      if (key === undefined || said.some((each) => service.keys.includes(each ?? ''))) return undefined;
      const home = homeFor(key);
      return home && { ...home, isSingle: true };
    },
    edits: (before, after, build) => writeService(layers, texts, before, after, build),
  };
}

/**
 * A value of devcontainer.json as a Compose file can have it: a path in the workspace folder relative to the folder of the project.
 * undefined: it has another variable, which Compose would take for one of its own, or that folder is not known.
 * @param written what stands there: a path without `./` gets none
 */
function inCompose(value: string, written: string, folder: string | undefined): string | undefined {
  if (!value.includes('$')) return value;
  const path = resolvePath('', value);
  if (path.kind !== 'inside' || folder === undefined || path.path.includes('$')) return undefined;
  const relative = seenFrom(folder, path.path);
  const isBare = !/^(?:\.{0,2}\/|unconfined$|builtin$|$)/.test(written);
  return isBare || relative.startsWith('../') ? relative : `./${relative}`;
}

function slotOf(layer: number, key: string): Slot {
  return { id: `${layer}\n${key}`, origin: { kind: 'service', key } };
}

/** Whether an entry can be added to the key in this layer: it is not there yet, or it is a list of its own. */
function isFree(layer: OpenLayer, key: string): boolean {
  if (!layer.isWritable) return false;
  const located = layer.located(key);
  if (!located) return layer.ownPair(key) === undefined;
  // What stands in a list that is reset means nothing.
  if (located.path === undefined || located.node?.tag === '!reset') return false;
  return isSeq(located.node) || (key === 'tmpfs' && isScalar(located.node));
}

function find(option: Option, layers: readonly OpenLayer[]): { readonly slot: Slot; readonly fixed?: string } {
  const { origin, place } = option;
  const key = origin.kind === 'service' ? origin.key : '';
  const index = layers.findIndex((layer) => place !== undefined && layer.indexesAt(key, place).length > 0);
  const layer = layers[index];
  if (!layer) return { slot: slotOf(-1, key), fixed: EXTENDED };
  const slot = slotOf(index, key);
  return layer.located(key)?.path === undefined ? { slot, fixed: SHARED } : { slot };
}

/** A later file that says nothing of it yet, else the last one: what it says wins over what others share. */
function notPrivilegedHome(options: readonly Option[], layers: readonly OpenLayer[]): Slot | undefined {
  const index = layers.findLastIndex((layer) => layer.isWritable && layer.ownPair('privileged') === undefined);
  const fixed = options
    .filter(({ flag, origin }) => flag === 'privileged' && origin.kind === 'service')
    .map((option) => find(option, layers))
    .flatMap(({ slot, fixed: why }) => (why === undefined ? [] : [Number(slot.id.split('\n')[0])]));
  return index < 0 || index < Math.max(-1, ...fixed) ? undefined : slotOf(index, 'privileged');
}
