import { parseBoolean } from '../../sources/options/dockerFlags.js';
import { isBrought } from '../../sources/options/option.js';
import {
  counts,
  decisive,
  isOwn,
  isSecurityOption,
  keyAndValue,
  mayBeAnySecurityOption,
  refusalOf,
  without,
  withOption,
  type EditedOption,
  type OptionList,
  type Refusal,
} from './optionList.js';

/** Whether only a later option of devcontainer.json decides the key: an image or a Feature has set it, or something that is not known. */
function isOverruled(list: OptionList, key: string): boolean {
  const winner = decisive(list, key, mayBeAnySecurityOption);
  return winner !== undefined && (!isOwn(winner) || mayBeAnySecurityOption(winner));
}

/** Removes `KEY=…` wherever these files write it; what an image or a published Feature gives stays. */
export function removeSecurityOption(before: OptionList, key: string): OptionList | Refusal {
  const goes = (option: EditedOption): boolean => isSecurityOption(option, key) && option.slot !== undefined;
  const fixed = before.options.find((option) => goes(option) && option.fixed !== undefined);
  return fixed ? refusalOf(fixed) : without(before, goes);
}

/** The value as it is written where the option stands; undefined: it cannot be written there. */
function valueThere(list: OptionList, value: string, option: EditedOption): string | undefined {
  return option.origin.kind === 'service' ? list.inService(value, option) : value;
}

/** The option with another value, with `:` or `=` as it has it. */
function respelled({ value: written = '' }: EditedOption, key: string, value: string): readonly string[] {
  const both = [`${key}=${value}`, `${key}:${value}`];
  return written.startsWith(`${key}:`) ? both.reverse() : both;
}

/**
 * The last one of a key wins: it takes the value, the ones before it, which never had a say, go. Where an image or a
 * Feature overrules it, or it is fixed, it has to be in securityOpt, whose last entries are those of devcontainer.json.
 */
export function setSecurityOption(written: OptionList, key: string, value: string): OptionList | Refusal {
  if (isGivenByOthers(written, key, value)) return written;
  const own = written.options.filter((option) => isSecurityOption(option, key) && isOwn(option));
  const winner = lastOf(own);
  const overruled = isOverruled(written, key);
  // Others in securityOpt may win over it all the same: of equal entries of an image and of this file the first counts.
  const isSettled = own.every((option) => option === winner || !isInSecurityOpt(option));
  const there = winner && valueThere(written, value, winner);
  if (winner && !overruled && isSettled && keyAndValue(winner)[1] === there) return written;
  const stays =
    winner && winner.fixed === undefined && (!overruled || isInSecurityOpt(winner)) && there !== undefined
      ? winner
      : undefined;
  const rest = written.options.filter(
    (option) => !own.includes(option) || option.fixed !== undefined || option === stays,
  );
  const others = { ...written, options: rest.filter((option) => option !== stays) };
  // What is overruled although it is the last one only repeats another.
  const spellings = stays ? respelled(stays, key, there ?? value) : [`${key}=${value}`, `${key}:${value}`];
  const spelled = spellings.find((each) => !isWritten(others, each) && !(overruled && each === stays?.value));
  if (spelled === undefined) return { why: `another option overrules ${key}=${value}, which the files set already` };
  return stays
    ? { ...written, options: rest.map((option) => (option === stays ? { ...option, value: spelled } : option)) }
    : withOption(others, others.homes['security-opt'], 'security-opt', spelled);
}

function isInSecurityOpt({ origin }: EditedOption): boolean {
  return origin.kind === 'devcontainer' && origin.property === 'securityOpt';
}

/** The last one that counts, which of equal entries of securityOpt is as good as the first; then the last of its equals. */
function lastOf(own: readonly EditedOption[]): EditedOption | undefined {
  const isFirst = (option: EditedOption, index: number): boolean =>
    !isInSecurityOpt(option) ||
    own.findIndex((other) => isInSecurityOpt(other) && other.value === option.value) === index;
  const winner = own.findLast(isFirst);
  return winner && isInSecurityOpt(winner)
    ? own.findLast((option) => isInSecurityOpt(option) && option.value === winner.value)
    : winner;
}

/** Whether an image or a Feature has set the option to this very value, and nothing here overrules it. */
function isGivenByOthers(list: OptionList, key: string, value: string): boolean {
  const isIt = (option: EditedOption): boolean => isBrought(option) && option.value === `${key}=${value}`;
  // Nothing takes it back.
  if (key === 'systempaths') return list.options.some(isIt);
  const winner = decisive(list, key, mayBeAnySecurityOption);
  return value === 'unconfined' && winner !== undefined && isBrought(winner) && keyAndValue(winner)[1] === value;
}

/** Compose would refuse to have it twice, and one that repeats an image's or a Feature's counts where that one stands. */
function isWritten({ options, refusesRepetition }: OptionList, value: string): boolean {
  return options.some(
    (option) =>
      option.flag === 'security-opt' &&
      counts(option) &&
      option.value === value &&
      (refusesRepetition || isBrought(option)),
  );
}

const KEY = 'no-new-privileges';

/** On, or with Compose up to the machine: only without it is it known that it is not. */
function isOn(option: EditedOption): boolean {
  if (!isSecurityOption(option, KEY)) return false;
  if (option.value === KEY || parseBoolean(keyAndValue(option)[1]) === true) return true;
  return option.origin.kind === 'service' && option.why !== undefined;
}

/** The last one wins here as well, and `=false` takes back what cannot be removed or should not. */
export function allowNewPrivileges(before: OptionList): OptionList | Refusal {
  const isOwnOne = (option: EditedOption): boolean => isOwn(option) && isSecurityOption(option, KEY);
  const now = decisive(before, KEY);
  if (!now || !isOn(now)) return before;
  const overruled = isBrought(now);
  const after = without(before, (option) => isOwnOne(option) && isOn(option) && option.fixed === undefined);
  const winner = decisive(after, KEY);
  // Without one of its own it is as the Features have it.
  const isLeft =
    overruled || after.options.some((option) => isOwnOne(option) && isOn(option)) || (winner && isOn(winner));
  if (!isLeft) return after;
  const spelled = [`${KEY}=false`, `${KEY}:false`].find((each) => !isWritten(after, each));
  return spelled === undefined
    ? { why: `another option overrules ${KEY}=false, which the files set already` }
    : withOption(after, after.homes['security-opt'], 'security-opt', spelled);
}
