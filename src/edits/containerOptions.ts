import { capabilityName, DEFAULT_CAPABILITIES } from '../model/capabilities.js';
import { parseBoolean } from '../sources/dockerFlags.js';
import { tmpfsTarget } from '../sources/dockerRun.js';
import type { Change } from './change.js';

/** The properties of devcontainer.json whose arrays hold options of the container. */
export const OPTION_LISTS = ['runArgs', 'capAdd', 'securityOpt'] as const;

export type OptionList = (typeof OPTION_LISTS)[number];

/** One option of the container, as a flag of `docker run` whichever property it stands in. */
export interface Option {
  readonly list: OptionList;
  /** Without dashes: security-opt, cap-add, … */
  readonly flag: string;
  /** undefined: a boolean flag that stands alone. */
  readonly value: string | undefined;
  /** The elements of the array in which the author has written it; undefined for a new one. */
  readonly elements: readonly number[] | undefined;
}

/** What a devcontainer.json says of the container, as far as changes concern it. */
export interface ContainerOptions {
  /** The property `privileged`. */
  readonly privileged: boolean;
  /** In the order in which they reach Docker: runArgs before the properties, so that of two the later one wins. */
  readonly options: readonly Option[];
  /** Mount points of tmpfs file systems in `mounts`. */
  readonly tmpfs: readonly string[];
  /** Keys of security options for which an image or a Feature overrules runArgs: their options come behind it. */
  readonly overruled: ReadonlySet<string>;
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
      return without(before, (option) => isSecurityOpt(option, change.key));
    case 'add-capability':
      return addCapability(before, capabilityName(change.capability));
    case 'keep-capability':
      return keepCapability(before, capabilityName(change.capability));
    case 'remove-capability':
      return removeCapability(before, capabilityName(change.capability));
    case 'remove-privileged': {
      const after = without(before, isPrivilegedFlag);
      return before.privileged ? { ...after, privileged: false } : after;
    }
    case 'tmpfs':
      return addTmpfs(before, change.path, change.options);
  }
}

function without(before: ContainerOptions, goes: (option: Option) => boolean): ContainerOptions {
  return before.options.some(goes) ? { ...before, options: before.options.filter((option) => !goes(option)) } : before;
}

function withOption(before: ContainerOptions, list: OptionList, flag: string, value: string): ContainerOptions {
  return { ...before, options: [...before.options, { list, flag, value, elements: undefined }] };
}

/** Docker splits at the first `=`, and only where there is none at the first `:`, the old spelling. */
function keyAndValue(option: Option): readonly [key: string, value: string] {
  const written = option.value ?? '';
  const at = written.includes('=') ? written.indexOf('=') : written.indexOf(':');
  return at < 0 ? [written, ''] : [written.slice(0, at), written.slice(at + 1)];
}

function isSecurityOpt(option: Option, key: string): boolean {
  return option.flag === 'security-opt' && keyAndValue(option)[0] === key;
}

/**
 * The last one of a key wins: it takes the value, the ones before it, which never had a say, go. Where an image or a
 * Feature overrules runArgs it has to be in securityOpt, whose last entries are those of devcontainer.json.
 */
function setSecurityOpt(written: ContainerOptions, key: string, value: string): ContainerOptions {
  const before = written.overruled.has(key)
    ? without(written, (option) => option.list === 'runArgs' && isSecurityOpt(option, key))
    : written;
  const winner = before.options.findLast((option) => isSecurityOpt(option, key));
  if (!winner) return withOption(before, 'securityOpt', 'security-opt', `${key}=${value}`);
  if (keyAndValue(winner)[1] === value) return before;
  return {
    ...before,
    options: before.options.flatMap((option) => {
      if (option === winner) return [{ ...option, value: `${key}=${value}` }];
      return isSecurityOpt(option, key) ? [] : [option];
    }),
  };
}

function isPrivilegedFlag(option: Option): boolean {
  return option.flag === 'privileged' && parseBoolean(option.value ?? 'true') !== false;
}

/** Podman splits at commas, so one option may name several. */
function namesOf(option: Option): readonly string[] {
  return (option.value ?? '').split(',').map(capabilityName);
}

function names(options: ContainerOptions, flag: 'cap-add' | 'cap-drop'): readonly string[] {
  return options.options.filter((option) => option.flag === flag).flatMap(namesOf);
}

function withoutName(before: ContainerOptions, flag: 'cap-add' | 'cap-drop', name: string): ContainerOptions {
  if (!names(before, flag).includes(name)) return before;
  return {
    ...before,
    options: before.options.flatMap((option) => {
      if (option.flag !== flag || !namesOf(option).includes(name)) return [option];
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
  if (options.privileged || options.options.some(isPrivilegedFlag)) return true;
  const [add, drop] = [names(options, 'cap-add'), names(options, 'cap-drop')];
  if (add.includes('ALL')) return !drop.includes(name);
  if (add.includes(name)) return true;
  return DEFAULT_CAPABILITIES.includes(name) && !drop.includes(name) && !drop.includes('ALL');
}

function addCapability(before: ContainerOptions, name: string): ContainerOptions {
  if (hasCapability(before, name)) return before;
  const kept = withoutName(before, 'cap-drop', name);
  return hasCapability(kept, name) ? kept : withOption(kept, 'capAdd', 'cap-add', name);
}

function keepCapability(before: ContainerOptions, name: string): ContainerOptions {
  if (hasCapability(before, name)) return before;
  const kept = withoutName(before, 'cap-drop', name);
  return names(kept, 'cap-drop').includes('ALL') && !hasCapability(kept, name)
    ? withOption(kept, 'capAdd', 'cap-add', name)
    : kept;
}

/** One that comes with ALL cannot be taken out without saying which of the others are needed. */
function removeCapability(before: ContainerOptions, name: string): ContainerOptions | undefined {
  const after = withoutName(before, 'cap-add', name);
  return name !== 'ALL' && names(after, 'cap-add').includes('ALL') && hasCapability(after, name) ? undefined : after;
}

/** A tmpfs that is there stays as it is, whatever its options: the author may have chosen its size. */
function addTmpfs(before: ContainerOptions, path: string, options: string | undefined): ContainerOptions {
  const mounted = before.options.flatMap(({ flag, value = '' }) => {
    if (flag === 'tmpfs') return [value.split(':')[0]];
    return flag === 'mount' ? [tmpfsTarget(value)] : [];
  });
  return mounted.includes(path) || before.tmpfs.includes(path)
    ? before
    : withOption(before, 'runArgs', 'tmpfs', options === undefined ? path : `${path}:${options}`);
}
