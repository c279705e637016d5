import { capabilityName } from '../../model/container/capabilities.js';
import { known, unknown, type Sourced } from '../../model/container/container.js';
import { parseBoolean } from './dockerFlags.js';
import { deviceOf, tmpfsTarget, volumeMounts } from './mounts.js';
import { isMetadata, placesOf, settableIn, valueOf, type Option } from './option.js';

/** What a list of options comes to, flag by flag. `undefined` is "not said". */
export interface FoldedOptions {
  readonly privileged: Sourced<boolean> | undefined;
  readonly init: Sourced<boolean> | undefined;
  readonly readOnly: Sourced<boolean> | undefined;
  /** Upper case, without CAP_. An entry of unknown value may be any. */
  readonly capAdd: readonly Sourced<string>[];
  readonly capDrop: readonly Sourced<string>[];
  /** As written and in the engine's order; an entry of unknown value may be any option. */
  readonly securityOpt: readonly Sourced<string>[];
  readonly user: Sourced<string> | undefined;
  readonly containerUser: Sourced<string> | undefined;
  readonly remoteUser: Sourced<string> | undefined;
  /** The user namespace's mode in runArgs, `host` or one of Podman's. */
  readonly userns: Sourced<string> | undefined;
  /** PATH[:OPTIONS], as `--tmpfs` spells it; PATH:volume is a volume that can be written to. */
  readonly tmpfs: readonly Sourced<string>[];
  /** Paths on the host. */
  readonly devices: readonly Sourced<string>[];
}

/** Folds options in the engine's order; those without effect do not count. */
export function foldOptions(options: readonly Option[]): FoldedOptions {
  const counting = options.filter(({ inert }) => inert !== true);
  const named = (...flags: readonly string[]): readonly Option[] => counting.filter(({ flag }) => flags.includes(flag));
  const last = (flag: string): Sourced<string> | undefined => named(flag).map(valueOf).at(-1);
  return {
    privileged: anyTrue(named('privileged')),
    init: anyTrue(named('init')),
    readOnly: anyTrue(named('read-only')),
    capAdd: distinct(named('cap-add')).flatMap(capabilities),
    capDrop: distinct(named('cap-drop')).flatMap(capabilities),
    securityOpt: withoutRepetition(named('security-opt')).map(securityOption),
    user: named('user').map(userOf).at(-1),
    containerUser: named('container-user').map(userOf).at(-1),
    remoteUser: named('remote-user').map(userOf).at(-1),
    userns: last('userns'),
    tmpfs: [
      ...distinct(named('tmpfs')).map(valueOf),
      ...named('mount').flatMap(tmpfsMount),
      ...volumeMounts(named('volume', 'mount')),
    ],
    devices: devices(named('device')),
  };
}

/** A user that the default of a variable names. On a machine that sets the variable it is another, and may be root. */
function userOf(option: Option): Sourced<string> {
  const user = valueOf(option);
  const variable = settableIn(option);
  if (user.value === undefined || variable === undefined) return user;
  return { ...user, why: `${variable} may be set on the machine` };
}

/** What is written once is read once: `docker run` and Compose take the last of several, metadata is true where any is. */
function anyTrue(options: readonly Option[]): Sourced<boolean> | undefined {
  const isOne = ({ origin }: Option): boolean => origin.kind === 'runArgs' || origin.kind === 'service';
  const said = [
    ...options.filter(isOne).flatMap(booleanOf).slice(-1),
    ...options.filter((option) => !isOne(option) && option.origin.kind !== 'unread').flatMap(booleanOf),
    ...options.filter(({ origin }) => origin.kind === 'unread').flatMap(booleanOf),
  ];
  if (said.length === 0) return undefined;
  const yes = said.filter(({ value }) => value === true);
  if (yes.length > 0) return known(true, ...yes.flatMap(({ places }) => places));
  return said.find(({ value }) => value === undefined) ?? known(false, ...said.flatMap(({ places }) => places));
}

/** Nothing of what is no boolean: docker refuses it. */
function booleanOf(option: Option): readonly Sourced<boolean>[] {
  const read = valueOf(option);
  if (read.value === undefined) return [{ ...read, value: undefined }];
  const value = parseBoolean(read.value);
  return value === undefined ? [] : [known(value, ...read.places)];
}

/** In runArgs Podman splits at commas and Docker refuses them; each name is read, since it is what the author means. */
function capabilities(option: Option): readonly Sourced<string>[] {
  const whole = valueOf(option);
  if (whole.value === undefined) return [whole];
  const names = option.origin.kind === 'runArgs' ? whole.value.split(',') : [whole.value];
  return names.flatMap((name) => (name.trim() === '' ? [] : [{ ...whole, value: capabilityName(name) }]));
}

/** Of entries of one key in a list of a service Compose keeps the last, where the first stood. */
export function distinct(options: readonly Option[]): readonly Option[] {
  const byKey = new Map<string | Option, Option>();
  for (const option of options) {
    const { origin, value } = option;
    const key = origin.kind === 'service' && value !== undefined ? (value.split('=', 1)[0] ?? '') : option;
    byKey.set(key, option);
  }
  return [...byKey.values()];
}

/** The dev container CLI merges the lists of the metadata and keeps the first of equal entries (mergeConfiguration). */
function withoutRepetition(options: readonly Option[]): readonly Option[] {
  const seen = new Set<string>();
  return options.filter((option) => {
    const { value } = option;
    if (!isMetadata(option) || value === undefined) return true;
    const isFirst = !seen.has(value);
    seen.add(value);
    return isFirst;
  });
}

/** What a variable leaves open is seen when the option is taken apart: its name may be known all the same. */
function securityOption(option: Option): Sourced<string> {
  const { value, why = 'it cannot be read' } = option;
  return value === undefined ? unknown(why, ...placesOf(option)) : known(value, ...placesOf(option));
}

function tmpfsMount(option: Option): readonly Sourced<string>[] {
  if (option.origin.kind === 'service') return [];
  const target = tmpfsTarget(option.value ?? '');
  return target === undefined ? [] : [valueOf({ ...option, value: target })];
}

/** Of devices of a service at the same path in the container the last one counts. */
function devices(options: readonly Option[]): readonly Sourced<string>[] {
  const byTarget = new Map<string | Option, Sourced<string>>();
  for (const option of options) {
    const device = valueOf(option);
    byTarget.set(
      option.origin.kind === 'service' ? deviceOf(option.value ?? '').target : option,
      device.value === undefined ? device : { ...device, value: deviceOf(device.value).source },
    );
  }
  return [...byTarget.values()];
}
