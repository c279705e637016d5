import { parseBoolean } from '../../sources/options/dockerFlags.js';
import { foldOptions } from '../../sources/options/fold.js';
import { isBrought, isMetadata, type Option, type Origin } from '../../sources/options/option.js';
import { boundingSet } from '../../model/container/capabilities.js';
import { known } from '../../model/container/container.js';
import { substitute } from '../../sources/text/variables.js';

/** Where an option is written, or can be: the file and property, or the layer and key of a Compose service. */
export interface Slot {
  readonly id: string;
  readonly origin: Origin;
  /** It has one value and no list of them. */
  readonly isSingle?: true;
}

/** An option of the container and where an edit finds it. */
export interface EditedOption extends Option {
  /** The id of its slot; undefined: an image, a published Feature or something that is not read has it, which no edit reaches. */
  readonly slot: string | undefined;
  /** Why it cannot be changed where it stands, as what is said of it: "is shared with …"; not there: it can be. */
  readonly fixed?: string;
}

/** Where new options are written; undefined: nowhere. */
export interface Homes {
  readonly 'security-opt': Slot | undefined;
  readonly 'cap-add': Slot | undefined;
  readonly tmpfs: Slot | undefined;
  /** Takes back `privileged` that cannot be removed where it stands. */
  readonly notPrivileged: Slot | undefined;
  /** Where an option of runArgs takes effect that has none there; undefined where it has to stay. */
  forRunArg(flag: string, value: string | undefined): Slot | undefined;
}

/** The options of a container in the engine's order, and where new ones go. */
export interface OptionList {
  readonly options: readonly EditedOption[];
  readonly homes: Homes;
  /**
   * A value as the file of an option of a Compose service can have it, with a path in the spelling of the one that is there;
   * undefined: it cannot, for there are no variables of devcontainer.json.
   */
  inService(value: string, option: EditedOption): string | undefined;
  /** Compose refuses a security option that is there twice. */
  readonly refusesRepetition: boolean;
}

/** Why a change cannot be made in the files: completes "The fix cannot be written, because …". */
export interface Refusal {
  readonly why: string;
}

export function isRefused(result: OptionList | Refusal): result is Refusal {
  return 'why' in result;
}

/** Why an option cannot be changed where it stands. */
export function refusalOf({
  flag,
  value,
  place,
  fixed = 'comes with the image or a published Feature',
}: EditedOption): Refusal {
  return {
    why: `${value === undefined || value === 'true' ? flag : value}${place ? ` in ${place.file}` : ''} ${fixed}`,
  };
}

/** The option counts: it stands where it has an effect. */
export function counts(option: Option): boolean {
  return option.inert !== true;
}

/** It is written for this container: not what others share, and what no word of these files takes back where it stands. */
export function isOwn(option: Option): boolean {
  return !isBrought(option) && option.origin.kind !== 'unread';
}

export function without(list: OptionList, goes: (option: EditedOption) => boolean): OptionList {
  return list.options.some(goes) ? { ...list, options: list.options.filter((option) => !goes(option)) } : list;
}

export function withOption(
  list: OptionList,
  home: Slot | undefined,
  flag: string,
  value: string,
): OptionList | Refusal {
  if (home === undefined) return { why: `these files have no place for a new ${flag}` };
  const { id, origin } = home;
  return { ...list, options: [...list.options, { flag, value, origin, slot: id, place: undefined }] };
}

/** Docker splits at the first `=`, and only where there is none at the first `:`, the old spelling. */
export function keyAndValue({ value = '' }: Option): readonly [key: string, value: string] {
  const at = value.includes('=') ? value.indexOf('=') : value.indexOf(':');
  return at < 0 ? [value, ''] : [value.slice(0, at), value.slice(at + 1)];
}

export function isSecurityOption(option: Option, key: string): boolean {
  return counts(option) && option.flag === 'security-opt' && keyAndValue(option)[0] === key;
}

/** Not even the name of the security option is known. */
export function mayBeAnySecurityOption(option: Option): boolean {
  if (!counts(option) || option.flag !== 'security-opt') return false;
  const { value } = option;
  return value === undefined || /^[^=:]*\$\{/.test(substitute(value).text);
}

/**
 * The option that decides a key: the last, but of equal ones that the dev container CLI merges the first counts.
 * @param also what else may decide it
 */
export function decisive(
  { options }: Pick<OptionList, 'options'>,
  key: string,
  also: (option: EditedOption) => boolean = () => false,
): EditedOption | undefined {
  return options
    .filter((option) => isSecurityOption(option, key) || also(option))
    .findLast(
      (option, index, all) =>
        !isMetadata(option) || !all.slice(0, index).some((other) => isMetadata(other) && other.value === option.value),
    );
}

/** Whether these options give the container the capability, whatever others that are not known may do. */
export function grants({ options }: OptionList, capability: string): boolean {
  const { privileged = known(false), capAdd, capDrop } = foldOptions(options);
  return boundingSet({ privileged, capAdd, capDrop }).has(capability);
}

/** A flag that is on, or may be. */
export function isFlagOn({ value }: Option): boolean {
  return parseBoolean(value ?? '') !== false;
}
