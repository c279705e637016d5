import { capabilityName, DEFAULT_CAPABILITIES } from '../model/container/capabilities.js';
import { parseBoolean } from '../sources/options/dockerFlags.js';
import { tmpfsTarget } from '../sources/options/runArgs.js';
import type { Change, TextEdit } from './change.js';

/** The properties of devcontainer.json whose arrays hold options of the container. */
export const OPTION_LISTS = ['runArgs', 'capAdd', 'securityOpt'] as const;

/** One option of the container, as a flag of `docker run` whichever file and property it stands in. */
export interface Option {
  /** What it stands in: a property of devcontainer.json, or whatever the source that has read it calls it. */
  readonly list: string;
  /** Without dashes: security-opt, cap-add, … */
  readonly flag: string;
  /** undefined: a boolean flag that stands alone. */
  readonly value: string | undefined;
  /** The elements of the list in which the author has written it; undefined for a new one. */
  readonly elements: readonly number[] | undefined;
  /** It cannot be changed where it stands, for others share it. */
  readonly fixed?: true;
  /** It has no effect where it stands: runArgs with Compose. */
  readonly inert?: true;
  /**
   * It stands in a local Feature. There it can be taken out, for no word of devcontainer.json takes it back; what one of
   * devcontainer.json overrules stays, for other configurations may use the Feature.
   */
  readonly feature?: true;
}

/** Where new options are written; undefined: nowhere. */
export interface Homes {
  readonly 'security-opt': string | undefined;
  readonly 'cap-add': string | undefined;
  readonly tmpfs: string | undefined;
  /** Where an option of runArgs takes effect that has none there; undefined where it has to stay. */
  forRunArg(flag: string, value: string | undefined): string | undefined;
}

/** What the files of a configuration say of the container, as far as changes concern it. */
export interface ContainerOptions {
  /** In the order in which they reach Docker, so that of two the later one wins. */
  readonly options: readonly Option[];
  /** Mount points of tmpfs file systems among other mounts. */
  readonly tmpfs: readonly string[];
  /** Keys of security options for which an image or a Feature overrules all but securityOpt of devcontainer.json. */
  readonly overruled: ReadonlySet<string>;
  /** Entries of securityOpt, as written, that the image and the Features have: an equal one of devcontainer.json is left out. */
  readonly brought: ReadonlySet<string>;
  readonly homes: Homes;
  /** Compose refuses a security option that is there twice. */
  readonly refusesRepetition: boolean;
}

/** Files beside devcontainer.json that hold options. */
export interface OptionSource {
  readonly options: readonly Option[];
  /** The edits that make the options before, of all sources, those after; undefined where one cannot be made. */
  edits(before: readonly Option[], after: readonly Option[]): readonly TextEdit[] | undefined;
}

/** The changes that concern the options. */
export type OptionChange = Exclude<
  Change,
  { readonly kind: 'create-file' | 'install-bwrap' | 'remove-bwrap' | 'remove-setuid' }
>;

/** The options after the change, the very same ones where it is in force already; undefined when it cannot be made here. */
export function changeOptions(before: ContainerOptions, change: OptionChange): ContainerOptions | undefined {
  switch (change.kind) {
    case 'security-opt':
      return setSecurityOpt(before, change.key, change.value);
    case 'remove-security-opt':
      return change.key === 'no-new-privileges'
        ? allowNewPrivileges(before)
        : withoutAny(before, (option) => isSecurityOpt(option, change.key));
    case 'add-capability':
      return addCapability(before, capabilityName(change.capability));
    case 'keep-capability':
      return keepCapability(before, capabilityName(change.capability));
    case 'remove-capability':
      return removeCapability(before, capabilityName(change.capability));
    case 'remove-privileged':
      return isPrivileged(before) ? without(before, isPrivilegedFlag) : before;
    case 'tmpfs':
      return addTmpfs(before, change.path, change.options);
    case 'move-run-args':
      return moveRunArgs(before);
  }
}

/** The option counts: it stands where it has an effect. */
function counts(option: Option): boolean {
  return option.inert !== true;
}

function without(before: ContainerOptions, goes: (option: Option) => boolean): ContainerOptions {
  return before.options.some(goes) ? { ...before, options: before.options.filter((option) => !goes(option)) } : before;
}

/** As without; undefined where one of them cannot be taken out. */
function withoutAny(before: ContainerOptions, goes: (option: Option) => boolean): ContainerOptions | undefined {
  return before.options.some((option) => goes(option) && option.fixed) ? undefined : without(before, goes);
}

function withOption(
  before: ContainerOptions,
  list: string | undefined,
  flag: string,
  value: string | undefined,
): ContainerOptions | undefined {
  if (list === undefined) return undefined;
  return { ...before, options: [...before.options, { list, flag, value, elements: undefined }] };
}

/** Docker splits at the first `=`, and only where there is none at the first `:`, the old spelling. */
function keyAndValue(option: Option): readonly [key: string, value: string] {
  const written = option.value ?? '';
  const at = written.includes('=') ? written.indexOf('=') : written.indexOf(':');
  return at < 0 ? [written, ''] : [written.slice(0, at), written.slice(at + 1)];
}

function isSecurityOpt(option: Option, key: string): boolean {
  return counts(option) && option.flag === 'security-opt' && keyAndValue(option)[0] === key;
}

/** Variables of devcontainer.json mean nothing in a Compose file, whose own variables look alike. */
function isForDevcontainer(value: string): boolean {
  return value.includes('$');
}

/**
 * The last one of a key wins: it takes the value, the ones before it, which never had a say, go. Where an image or a
 * Feature overrules it, or it is fixed, it has to be in securityOpt, whose last entries are those of devcontainer.json.
 */
function setSecurityOpt(written: ContainerOptions, key: string, value: string): ContainerOptions | undefined {
  const own = written.options.filter((option) => isSecurityOpt(option, key) && option.feature !== true);
  const winner = own.at(-1);
  const overruled = written.overruled.has(key);
  // Others in securityOpt may win over it all the same: of equal entries of an image and of this file the first counts.
  const isSettled = own.every((option) => option === winner || option.list !== 'securityOpt');
  if (winner && !overruled && isSettled && keyAndValue(winner)[1] === value) return written;
  const stays =
    winner &&
    !winner.fixed &&
    (!overruled || winner.list === 'securityOpt') &&
    (!isCompose(winner) || !isForDevcontainer(value))
      ? winner
      : undefined;
  const rest = written.options.filter((option) => !own.includes(option) || option.fixed === true || option === stays);
  const others = { ...written, options: rest.filter((option) => option !== stays) };
  // What is overruled although it is the last one only repeats another.
  const spelled = [`${key}=${value}`, `${key}:${value}`].find(
    (each) => !isWritten(others, each) && !(overruled && each === stays?.value),
  );
  if (spelled === undefined) return undefined;
  return stays
    ? { ...written, options: rest.map((option) => (option === stays ? { ...option, value: spelled } : option)) }
    : withOption(others, others.homes['security-opt'], 'security-opt', spelled);
}

/** Neither runArgs nor a property of devcontainer.json. */
function isCompose({ list }: Option): boolean {
  return !OPTION_LISTS.some((each) => each === list);
}

/** Compose would refuse to have it twice, and one that repeats an image's or a Feature's counts where that one stands. */
function isWritten({ options, brought, refusesRepetition }: ContainerOptions, value: string): boolean {
  const isThere = options.some((option) => option.flag === 'security-opt' && counts(option) && option.value === value);
  return brought.has(value) || (refusesRepetition && isThere);
}

/** The last one wins here as well, and `=false` takes back what cannot be taken out or should not. */
function allowNewPrivileges(before: ContainerOptions): ContainerOptions | undefined {
  const key = 'no-new-privileges';
  const isOwn = (option: Option): boolean => option.feature !== true;
  const isOn = (option: Option): boolean =>
    isSecurityOpt(option, key) && (option.value === key || parseBoolean(keyAndValue(option)[1]) === true);
  const overruled = before.overruled.has(key);
  const hasOwn = before.options.some((option) => isOwn(option) && isSecurityOpt(option, key));
  const now = winnerOf(before, key);
  if (!overruled && (!hasOwn || !now || !isOn(now))) return before;
  const after = without(before, (option) => isOwn(option) && isOn(option) && option.fixed !== true);
  const winner = winnerOf(after, key);
  // Without one of its own it is as the Features have it.
  const isLeft = overruled || after.options.some((option) => isOwn(option) && isOn(option)) || (winner && isOn(winner));
  if (!isLeft) return after;
  const spelled = [`${key}=false`, `${key}:false`].find((each) => !isWritten(after, each));
  return spelled === undefined ? undefined : withOption(after, after.homes['security-opt'], 'security-opt', spelled);
}

/** The one that decides: the last, but of equal ones that the dev container CLI merges the first counts. */
function winnerOf({ options }: ContainerOptions, key: string): Option | undefined {
  const isMerged = ({ list, feature }: Option): boolean => feature === true || list === 'securityOpt';
  return options
    .filter((option) => isSecurityOpt(option, key))
    .findLast(
      (option, index, all) =>
        !isMerged(option) || !all.slice(0, index).some((other) => isMerged(other) && other.value === option.value),
    );
}

function isPrivilegedFlag(option: Option): boolean {
  return counts(option) && option.flag === 'privileged' && parseBoolean(option.value ?? 'true') !== false;
}

/** Of several in runArgs the last one decides; anywhere else true does. */
function isPrivileged({ options }: ContainerOptions): boolean {
  const flags = options.filter((option) => counts(option) && option.flag === 'privileged');
  const last = flags.findLast(({ list }) => list === 'runArgs');
  return flags.some((option) => isPrivilegedFlag(option) && (option.list !== 'runArgs' || option === last));
}

/** Podman splits at commas, so one option may name several. */
function namesOf(option: Option): readonly string[] {
  return (option.value ?? '').split(',').map(capabilityName);
}

function names(options: ContainerOptions, flag: 'cap-add' | 'cap-drop'): readonly string[] {
  return options.options.filter((option) => counts(option) && option.flag === flag).flatMap(namesOf);
}

function withoutName(before: ContainerOptions, flag: 'cap-add' | 'cap-drop', name: string): ContainerOptions {
  if (!names(before, flag).includes(name)) return before;
  return {
    ...before,
    options: before.options.flatMap((option) => {
      if (!counts(option) || option.fixed || option.flag !== flag || !namesOf(option).includes(name)) return [option];
      const value = (option.value ?? '')
        .split(',')
        .filter((written) => capabilityName(written) !== name)
        .join(',');
      return value === '' ? [] : [{ ...option, value }];
    }),
  };
}

/** As Docker computes it: an addition wins over every drop, except that a named drop wins over `--cap-add=ALL`. */
function hasCapability(options: ContainerOptions, name: string): boolean {
  if (isPrivileged(options)) return true;
  const [add, drop] = [names(options, 'cap-add'), names(options, 'cap-drop')];
  if (add.includes('ALL')) return !drop.includes(name);
  if (add.includes(name)) return true;
  return DEFAULT_CAPABILITIES.includes(name) && !drop.includes(name) && !drop.includes('ALL');
}

function addCapability(before: ContainerOptions, name: string): ContainerOptions | undefined {
  if (hasCapability(before, name)) return before;
  const kept = withoutName(before, 'cap-drop', name);
  return hasCapability(kept, name) ? kept : withOption(kept, kept.homes['cap-add'], 'cap-add', name);
}

function keepCapability(before: ContainerOptions, name: string): ContainerOptions | undefined {
  if (hasCapability(before, name)) return before;
  const kept = withoutName(before, 'cap-drop', name);
  const isDropped = names(kept, 'cap-drop').some((each) => each === 'ALL' || each === name);
  return isDropped && !hasCapability(kept, name) ? withOption(kept, kept.homes['cap-add'], 'cap-add', name) : kept;
}

/** One that comes with ALL, or from where it cannot be taken out, would have to be dropped, which may take more away than it should. */
function removeCapability(before: ContainerOptions, name: string): ContainerOptions | undefined {
  const after = withoutName(before, 'cap-add', name);
  const left = names(after, 'cap-add');
  if (left.includes(name)) return undefined;
  return name !== 'ALL' && left.includes('ALL') && hasCapability(after, name) ? undefined : after;
}

/** A tmpfs that is there stays as it is, whatever its options: the author may have chosen its size. */
function addTmpfs(before: ContainerOptions, path: string, options: string | undefined): ContainerOptions | undefined {
  const mounted = before.options.filter(counts).flatMap(({ flag, value = '' }) => {
    if (flag === 'tmpfs') return [value.split(':')[0]];
    return flag === 'mount' ? [tmpfsTarget(value)] : [];
  });
  return mounted.includes(path) || before.tmpfs.includes(path)
    ? before
    : withOption(before, before.homes.tmpfs, 'tmpfs', options === undefined ? path : `${path}:${options}`);
}

/** What has no effect in runArgs goes where it has one, in its order; what is in force there already only goes. */
function moveRunArgs(before: ContainerOptions): ContainerOptions {
  let after = before;
  for (const option of before.options.filter(({ inert }) => inert)) {
    const { flag, value } = option;
    const home = before.homes.forRunArg(flag, value);
    if (home === undefined) continue;
    after = without(after, (each) => each === option);
    // Podman takes several capabilities in one option; lists of names do not.
    const values = flag.startsWith('cap-') ? (value ?? '').split(',') : [value];
    for (const each of values) {
      if (!isInForce(after, flag, each)) after = withOption(after, home, flag, each) ?? after;
    }
  }
  return after;
}

function isInForce(options: ContainerOptions, flag: string, value: string | undefined): boolean {
  const isOff = parseBoolean(value ?? 'true') === false;
  if (flag === 'privileged') return isOff || isPrivileged(options);
  if (flag === 'init' && isOff) return true;
  if (flag === 'cap-add' || flag === 'cap-drop') return names(options, flag).includes(capabilityName(value ?? ''));
  return options.options.some(
    (each) => counts(each) && !each.feature && each.flag === flag && (flag === 'init' || each.value === value),
  );
}
