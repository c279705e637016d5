import { capabilityName } from '../../model/container/capabilities.js';
import { parseBoolean } from '../../sources/options/dockerFlags.js';
import { foldOptions } from '../../sources/options/fold.js';
import { cleaned, mountPoint, tmpfsTarget } from '../../sources/options/mounts.js';
import type { Change } from './change.js';
import { allowNewPrivileges, removeSecurityOption, setSecurityOption } from './securityOptions.js';
import {
  counts,
  grants,
  isFlagOn,
  isOwn,
  isRefused,
  refusalOf,
  without,
  withOption,
  type EditedOption,
  type OptionList,
  type Refusal,
} from './optionList.js';

/** The changes that concern the options. */
export type OptionChange = Exclude<
  Change,
  {
    readonly kind:
      | 'create-file'
      | 'allow-calls'
      | 'tailor-profile'
      | 'install-bwrap'
      | 'copy-bwrap'
      | 'remove-bwrap'
      | 'remove-setuid';
  }
>;

/** What a change has done to the options. */
export interface OptionStep {
  readonly change: OptionChange;
  readonly gone: readonly EditedOption[];
  readonly come: readonly EditedOption[];
}

/** Options that have changed, and by which of the changes; none that was in force already. */
export interface ChangedOptions extends OptionList {
  readonly steps: readonly OptionStep[];
}

/** The options after all the changes, the very same ones where these are in force already. */
export function changeAll(before: OptionList, changes: readonly OptionChange[]): ChangedOptions | Refusal {
  const ordered = [...changes].sort((a, b) => turnOf(a) - turnOf(b));
  const steps: OptionStep[] = [];
  let after = before;
  for (const change of ordered) {
    const next = changeOptions(after, change);
    if (isRefused(next)) return next;
    const gone = missingFrom(next, after);
    const come = missingFrom(after, next);
    if (gone.length > 0 || come.length > 0) steps.push({ change, gone, come });
    after = next;
  }
  return { ...after, steps };
}

/** What moves has an effect then and may have to go; what is added may be needed only because something else goes: a capability that `privileged` has given. */
function turnOf({ kind }: OptionChange): number {
  if (kind === 'move-run-args') return 0;
  return kind.startsWith('remove-') ? 1 : 2;
}

function missingFrom(list: OptionList, other: OptionList): readonly EditedOption[] {
  const here = new Set(list.options);
  return other.options.filter((option) => !here.has(option));
}

function changeOptions(before: OptionList, change: OptionChange): OptionList | Refusal {
  switch (change.kind) {
    case 'security-opt':
      return setSecurityOption(before, change.key, change.value);
    case 'remove-security-opt':
      return change.key === 'no-new-privileges' ? allowNewPrivileges(before) : removeSecurityOption(before, change.key);
    case 'add-capability':
      return addCapability(before, capabilityName(change.capability));
    case 'keep-capability':
      return keepCapability(before, capabilityName(change.capability));
    case 'remove-capability':
      return removeCapability(before, capabilityName(change.capability));
    case 'remove-privileged':
      return removePrivileged(before);
    case 'tmpfs':
      return addTmpfs(before, change.path, change.options);
    case 'move-run-args':
      return moveRunArgs(before);
  }
}

/** What others share is taken back by a word of the service's own. */
function removePrivileged(before: OptionList): OptionList | Refusal {
  if (foldOptions(before.options).privileged?.value === false) return before;
  const isOn = (option: EditedOption): boolean =>
    counts(option) && option.flag === 'privileged' && option.value !== undefined && isFlagOn(option);
  const after = without(before, (option) => isOn(option) && option.slot !== undefined && option.fixed === undefined);
  const fixed = after.options.find(isOn);
  if (!fixed) return after;
  if (fixed.slot === undefined) return refusalOf(fixed);
  const { notPrivileged } = after.homes;
  return notPrivileged ? withOption(after, notPrivileged, 'privileged', 'false') : refusalOf(fixed);
}

/** Podman splits at commas, so one option may name several. */
function namesOf({ value = '' }: EditedOption): readonly string[] {
  return value.split(',').map(capabilityName);
}

function names({ options }: OptionList, flag: 'cap-add' | 'cap-drop'): readonly string[] {
  return options.filter((option) => counts(option) && option.flag === flag).flatMap(namesOf);
}

function withoutName(before: OptionList, flag: 'cap-add' | 'cap-drop', name: string): OptionList {
  if (!names(before, flag).includes(name)) return before;
  const stays = (option: EditedOption): boolean =>
    !counts(option) || option.fixed !== undefined || option.slot === undefined || option.flag !== flag;
  return {
    ...before,
    options: before.options.flatMap((option) => {
      if (stays(option) || !namesOf(option).includes(name)) return [option];
      const value = (option.value ?? '')
        .split(',')
        .filter((written) => capabilityName(written) !== name)
        .join(',');
      return value === '' ? [] : [{ ...option, value }];
    }),
  };
}

function addCapability(before: OptionList, name: string): OptionList | Refusal {
  if (grants(before, name)) return before;
  const kept = withoutName(before, 'cap-drop', name);
  return grants(kept, name) ? kept : withCapability(kept, name);
}

/** A drop that no edit reaches wins over ALL. */
function withCapability(list: OptionList, name: string): OptionList | Refusal {
  const added = withOption(list, list.homes['cap-add'], 'cap-add', name);
  if (isRefused(added) || grants(added, name)) return added;
  return { why: `${name} is dropped, and the drop wins over an added ALL` };
}

function keepCapability(before: OptionList, name: string): OptionList | Refusal {
  if (grants(before, name)) return before;
  const kept = withoutName(before, 'cap-drop', name);
  const isDropped = names(kept, 'cap-drop').some((each) => each === 'ALL' || each === name);
  return isDropped && !grants(kept, name) ? withCapability(kept, name) : kept;
}

/** One that comes with ALL, or from where it cannot be removed, would have to be dropped, which may take more away than it should. */
function removeCapability(before: OptionList, name: string): OptionList | Refusal {
  const after = withoutName(before, 'cap-add', name);
  const left = after.options.find(
    (option) => counts(option) && option.flag === 'cap-add' && namesOf(option).includes(name),
  );
  if (left) return refusalOf(left);
  return name !== 'ALL' && names(after, 'cap-add').includes('ALL') && grants(after, name)
    ? { why: `${name} comes with ALL` }
    : after;
}

/** A tmpfs that is there stays as it is, whatever its options: the author may have chosen its size. */
function addTmpfs(before: OptionList, path: string, options: string | undefined): OptionList | Refusal {
  const isThere = before.options.filter(counts).some((option) => {
    const isTmpfs =
      option.flag === 'tmpfs' || (option.flag === 'mount' && tmpfsTarget(option.value ?? '') !== undefined);
    return (isTmpfs || option.origin.kind === 'service') && mountPoint(option) === path;
  });
  const value = options === undefined ? path : `${path}:${options}`;
  return isThere ? before : withOption(before, before.homes.tmpfs, 'tmpfs', value);
}

/** What has no effect in runArgs goes where it has one, in its order; what is in force there already only goes. */
function moveRunArgs(before: OptionList): OptionList {
  let after = before;
  for (const option of before.options.filter(({ inert }) => inert)) {
    const { flag, value = '' } = option;
    const home = before.homes.forRunArg(flag, value);
    const isFlag = flag === 'privileged' || flag === 'init';
    // A flag that is up to the machine, or that docker refuses, stays where its author sees it.
    if (home === undefined || (isFlag && parseBoolean(value) === undefined)) continue;
    after = without(after, (each) => each === option);
    // Podman takes several capabilities in one option; lists of names do not.
    for (const each of flag.startsWith('cap-') ? value.split(',') : [value]) {
      if (isInForce(after, flag, each)) continue;
      // Of a single value the last one counts.
      const isOlder = (other: EditedOption): boolean => other.place === undefined && other.slot === home.id;
      const moved = withOption(home.isSingle ? without(after, isOlder) : after, home, flag, each);
      if (!isRefused(moved)) after = moved;
    }
  }
  return after;
}

function isInForce(list: OptionList, flag: string, value: string): boolean {
  const isOff = parseBoolean(value) === false;
  if (flag === 'privileged') return isOff || foldOptions(list.options).privileged?.value === true;
  if (flag === 'init' && isOff) return true;
  if (flag === 'cap-add' || flag === 'cap-drop') return names(list, flag).includes(capabilityName(value));
  const isSame = (each: EditedOption): boolean =>
    each.value === value || (flag === 'tmpfs' && tmpfsAt(each.value) === tmpfsAt(value));
  return list.options.some((each) => counts(each) && isOwn(each) && each.flag === flag && isSame(each));
}

/** As Docker cleans the path. */
function tmpfsAt(value = ''): string {
  const [path = '', ...options] = value.split(':');
  return [cleaned(path), ...options].join(':');
}
