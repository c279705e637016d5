import { headlineWith } from '../../model/headline.js';
import type { Place } from '../../model/place.js';
import { problemMessage, type Problem } from '../text/problem.js';
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

/** A flag with the place of the arguments that it is in. */
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
  const messages = {
    'unknown-flag': problemMessage(
      headlineWith(argument, (shown) => `The container cannot start: docker run has no flag "${shown}"`),
      value.length
        ? `Write the flag and its value as two strings: "${flag}", "${value.join(' ')}".`
        : 'Correct the flag or remove it.',
    ),
    positional: problemMessage(
      headlineWith(argument, (shown) => `The container cannot start: docker run takes "${shown}" as its image`),
      'Make each element a flag or the value of the flag before it.',
    ),
    'no-value': problemMessage(
      headlineWith(argument, (shown) => `The container cannot start: "${shown}" has no value`),
      'Add the value as the next string.',
    ),
  };
  return [{ kind: 'syntax', place, message: messages[kind] }];
}

/** What is no boolean makes docker refuse. */
function booleanProblem({ name, value: written = 'true', place }: PlacedFlag): Problem[] {
  const { text, unresolved } = substitute(written);
  if (unresolved.length > 0 || parseBoolean(text) !== undefined) return [];
  const message = problemMessage(
    headlineWith(text, (shown) => `The container cannot start: --${name} must be true or false, not "${shown}"`),
    `Write --${name} alone, or --${name}=false.`,
  );
  return [{ kind: 'type', place, message }];
}

function commaProblem({ name, value = '', place }: PlacedFlag): Problem[] {
  if (!value.includes(',')) return [];
  const message = problemMessage(
    headlineWith(value, (shown) => `The container cannot start: "${shown}" is not a capability`),
    `Write --${name} once for each capability. Docker does not split at commas.`,
  );
  return [{ kind: 'type', place, message }];
}
