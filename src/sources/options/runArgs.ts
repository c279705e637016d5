import type { Place } from '../../model/place.js';
import type { Problem } from '../text/problem.js';
import { parseBoolean, readCommandLine, type Flag, type Misread } from './dockerFlags.js';
import type { Option } from './option.js';
import { substitute } from '../text/variables.js';

/** One string of runArgs. */
export interface Argument {
  readonly text: string;
  readonly place: Place;
}

/** What runArgs says, in its order, and what keeps docker from taking it. */
export interface RunArgs {
  readonly options: readonly Option[];
  readonly problems: readonly Problem[];
}

/** A flag with the place of the arguments that it stands in. */
interface PlacedFlag extends Flag {
  readonly place: Place;
}

/** Reads runArgs as docker reads its own arguments, in every spelling. */
export function readRunArgs(args: readonly Argument[]): RunArgs {
  const { flags, misread } = readCommandLine(args.map((a) => a.text));
  const placed = flags.flatMap((flag) => {
    const place = span(args[flag.first], args[flag.last]);
    return place ? [{ ...flag, place }] : [];
  });
  return {
    options: placed.map(({ name, value, place }) => ({
      flag: name,
      value: value ?? 'true',
      place,
      origin: { kind: 'runArgs' },
    })),
    problems: [
      ...misread.flatMap((m) => misreadProblem(m, args)),
      ...placed.filter(({ name }) => name === 'privileged' || name === 'read-only').flatMap(booleanProblem),
      ...placed.filter(({ name }) => name === 'cap-add' || name === 'cap-drop').flatMap(commaProblem),
    ],
  };
}

function span(first: Argument | undefined, last: Argument | undefined): Place | undefined {
  if (!first || !last) return undefined;
  return { file: first.place.file, range: { start: first.place.range.start, end: last.place.range.end } };
}

function misreadProblem({ kind, argument, index }: Misread, args: readonly Argument[]): Problem[] {
  const place = args[index]?.place;
  if (!place) return [];
  const [flag = '', ...value] = argument.split(/\s+/);
  const sentences = {
    'unknown-flag': value.length
      ? `Docker knows no flag "${argument}", so the container does not start. A flag and its value are two strings: write "${flag}", "${value.join(' ')}".`
      : `Docker knows no flag "${argument}", so the container does not start. Correct its name or remove it.`,
    positional: `Docker takes "${argument}" for the name of the image and everything behind it for its command, so the container does not start as meant. Each element must be a flag or the value of the flag before it.`,
    'no-value': `"${argument}" needs a value, so the container does not start. Add the value as the next string.`,
  };
  return [{ kind: 'syntax', place, message: sentences[kind] }];
}

/** What is no boolean makes docker refuse. */
function booleanProblem({ name, value: written = 'true', place }: PlacedFlag): Problem[] {
  const { text, unresolved } = substitute(written);
  if (unresolved.length > 0 || parseBoolean(text) !== undefined) return [];
  const message = `"${text}" is neither true nor false, so docker refuses --${name} and the container does not start. Write --${name} alone, or --${name}=false.`;
  return [{ kind: 'type', place, message }];
}

function commaProblem({ name, value = '', place }: PlacedFlag): Problem[] {
  if (!value.includes(',')) return [];
  const message = `Docker does not split "${value}" at the commas and refuses it as a capability that it does not know, so the container does not start. Give --${name} once for each capability.`;
  return [{ kind: 'type', place, message }];
}
