import { distinct } from '../options/fold.js';
import type { Option } from '../options/option.js';
import { dependsOn } from '../text/variables.js';
import { interpolated } from './interpolation.js';
import { entryOf, itemsOf, type ComposeEntry, type ComposeMapping } from './node.js';
import { ComposeValues, type ComposeText } from './values.js';

/** Keys whose value is one string, and the flags of `docker run` that they stand for. */
const TEXTS = { user: 'user', userns_mode: 'userns', network_mode: 'network', platform: 'platform' } as const;
const BOOLEANS = { init: 'init', read_only: 'read-only' } as const;
const LISTS = { security_opt: 'security-opt', cap_add: 'cap-add', cap_drop: 'cap-drop' } as const;

/** The options of a merged service; what has a wrong type becomes a problem of `values`. */
export function serviceOptions(service: ComposeMapping, values: ComposeValues): readonly Option[] {
  return [
    ...Object.entries(TEXTS).flatMap(([key, flag]) => option(key, flag, values.text(service, key))),
    ...Object.entries(BOOLEANS).flatMap(([key, flag]) => booleanOption(key, flag, service, values)),
    ...privileged(service, values),
    ...Object.entries(LISTS).flatMap(([key, flag]) => texts(key, flag, values.list(service, key, 'list'))),
    ...distinct(texts('sysctls', 'sysctl', values.list(service, 'sysctls', 'list-or-map'))),
    ...texts('tmpfs', 'tmpfs', values.list(service, 'tmpfs', 'list-or-string')),
    ...devices(service, values),
    ...volumes(service, values),
  ];
}

/** @param value what the option says where the text is only a part of it */
function option(key: string, flag: string, text: ComposeText | undefined, value = text?.text): readonly Option[] {
  if (!text) return [];
  const { unresolved, defaulted } = interpolated(text.scalar);
  const [variable] = unresolved;
  const [settable] = defaulted;
  const why = variable === undefined ? {} : { why: dependsOn(variable) };
  return [
    {
      flag,
      value,
      ...why,
      ...(settable !== undefined && { settable }),
      place: text.place,
      origin: { kind: 'service', key },
    },
  ];
}

function texts(key: string, flag: string, list: readonly ComposeText[]): readonly Option[] {
  return list.flatMap((text) => option(key, flag, text));
}

function booleanOption(key: string, flag: string, service: ComposeMapping, values: ComposeValues): readonly Option[] {
  const read = values.boolean(service, key);
  if (!read) return [];
  const { value, why, places } = read;
  const known = value === undefined ? { value, why: why ?? 'it cannot be read' } : { value: String(value) };
  return [{ flag, ...known, place: places[0], origin: { kind: 'service', key } }];
}

/** That of each file that says it, for where the last goes the one before holds again. */
function privileged(service: ComposeMapping, values: ComposeValues): readonly Option[] {
  const said: ComposeEntry[] = [];
  for (let entry = entryOf(service, 'privileged')?.over; entry; entry = entry.over) said.unshift(entry);
  // What a later file replaces is no problem.
  const quiet = new ComposeValues();
  const replaced = said.flatMap((entry) => {
    const entries = new Map([['privileged', entry]]);
    return booleanOption('privileged', 'privileged', { ...service, entries }, quiet);
  });
  return [...replaced, ...booleanOption('privileged', 'privileged', service, values)];
}

function devices(service: ComposeMapping, values: ComposeValues): readonly Option[] {
  return itemsOf(service, 'devices').flatMap((item): readonly Option[] => {
    if (item.kind === 'mapping') {
      const source = values.text(item, 'source');
      const target = values.text(item, 'target')?.text ?? source?.text;
      return option('devices', 'device', source, `${source?.text ?? ''}:${target ?? ''}`);
    }
    const isText = item.kind === 'scalar' && item.value !== null;
    return isText ? option('devices', 'device', values.element(item, 'devices')) : [];
  });
}

function volumes(service: ComposeMapping, values: ComposeValues): readonly Option[] {
  return itemsOf(service, 'volumes').flatMap((item): readonly Option[] => {
    if (item.kind === 'scalar' && item.value !== null) {
      const text = values.element(item, 'volumes');
      return option('volumes', 'volume', text);
    }
    const target = item.kind === 'mapping' ? values.text(item, 'target') : undefined;
    return item.kind === 'mapping' && target ? option('volumes', 'mount', target, longForm(item, target, values)) : [];
  });
}

/** A volume of its own keys in the spelling of `--mount`. */
function longForm(volume: ComposeMapping, target: ComposeText, values: ComposeValues): string {
  const type = values.text(volume, 'type')?.text ?? 'volume';
  const mode = type === 'tmpfs' ? entryOf(entryOf(volume, 'tmpfs')?.value, 'mode')?.value : undefined;
  const octal =
    mode?.kind === 'scalar' ? (typeof mode.value === 'number' ? Number(mode.text).toString(8) : mode.text) : undefined;
  const source = type === 'bind' ? values.text(volume, 'source')?.text : undefined;
  const isReadOnly = type !== 'tmpfs' && values.boolean(volume, 'read_only')?.value === true;
  return [
    `type=${type}`,
    ...(source === undefined ? [] : [`source=${source}`]),
    `target=${target.text}`,
    ...(octal === undefined ? [] : [`tmpfs-mode=${octal}`]),
    ...(isReadOnly ? ['readonly'] : []),
  ].join(',');
}
